// Package bot is a participant without a browser: it speaks the product's own
// protocol over real sockets, real ICE and real DTLS, sends made-up media, and
// looks at every packet it gets. Tests, benches and the load test use it; the
// service does not.
package bot
