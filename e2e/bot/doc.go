// Package bot is a participant without a browser: it speaks the product's own
// protocol over real sockets, real ICE and real DTLS, sends made-up media, and
// looks at every packet it gets. Tests and benchmarks use it; the product does
// not.
package bot
