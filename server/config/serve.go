package config

import (
	"log/slog"
	"net/mail"
	"net/netip"
	"net/url"
	"time"
)

// DefaultAdminListen is where the operator finds metrics unless told otherwise.
const DefaultAdminListen = "127.0.0.1:8081"

// serveFlags are the settings of serve as they are written.
type serveFlags struct {
	Listen         string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Serve pages and signalling here (${default})."`
	UDP            []string      `name:"udp" placeholder:"HOST:PORT" help:"Send and receive media here; may be given more than once (default: the port of --listen, on every address of this machine)."`
	PublicIP       []string      `name:"public-ip" default:"auto" placeholder:"IP" help:"Addresses by which browsers reach the media; auto stands for those of this machine (${default})."`
	Data           string        `default:"./data" placeholder:"DIR" help:"Keep the database here (${default})."`
	SiteURL        string        `name:"site-url" placeholder:"URL" help:"The address people type to come here; links begin with it (default: made from --listen)."`
	TLSCert        string        `name:"tls-cert" placeholder:"FILE" help:"Serve TLS with this certificate chain (PEM)."`
	TLSKey         string        `name:"tls-key" placeholder:"FILE" help:"The private key of --tls-cert (PEM)."`
	TrustedProxies []string      `placeholder:"CIDR" help:"Reverse proxies whose X-Forwarded-For is believed."`
	SMTPURL        string        `name:"smtp-url" placeholder:"URL" help:"Send mail by this server, as in smtp://user:password@mail.example.org:587, or smtps://; over smtp:// it must offer STARTTLS unless it is on this machine (default: no mail is sent)."`
	MailFrom       string        `name:"mail-from" placeholder:"ADDRESS" help:"The address mail comes from, as in meet@example.org or 'Conclave <meet@example.org>'."`
	WebhookPrivate bool          `name:"webhook-private" help:"Let webhooks go to this machine and to private networks, and over plain http."`
	RestartGrace   time.Duration `default:"2m" placeholder:"TIME" help:"After a restart, wait this long for people to come back to their meetings; 0 ends meetings with the server (${default})."`
	AdminListen    string        `default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Serve metrics and health to the operator here (${default})."`
	LogLevel       string        `default:"info" enum:"debug,info,warn,error" help:"Log this and what is worse: ${enum} (${default})."`
	LogFormat      string        `default:"text" enum:"text,json" help:"Log as ${enum} (${default})."`
}

// Serve holds the settings of the service, checked.
type Serve struct {
	Listen         string           // host and port; an empty host is every address
	UDP            []netip.AddrPort // at least one; an unspecified address is every address of this machine
	PublicIP       []netip.Addr     // none: those of this machine
	Data           string
	SiteURL        *url.URL // scheme and host only
	TLSCert        string   // with TLSKey; both empty for plain HTTP
	TLSKey         string
	TrustedProxies []netip.Prefix
	SMTPURL        *url.URL      // nil: no mail is sent
	MailFrom       *mail.Address // with SMTPURL
	WebhookPrivate bool          // webhooks may go to this machine and to private networks, and over plain http
	RestartGrace   time.Duration
	AdminListen    string
	LogLevel       slog.Level
	LogJSON        bool
}

// check turns the flags into settings, or says what is wrong with the first bad
// one.
func (f *serveFlags) check() (*Serve, error) {
	s := &Serve{
		Listen: f.Listen, Data: f.Data, TLSCert: f.TLSCert, TLSKey: f.TLSKey,
		WebhookPrivate: f.WebhookPrivate, RestartGrace: f.RestartGrace, AdminListen: f.AdminListen, LogJSON: f.LogFormat == "json",
	}
	for _, step := range []func(*Serve) error{
		f.checkListen, f.checkUDP, f.checkPublicIP, f.checkData, f.checkTLS, f.checkSiteURL, f.checkProxies, f.checkMail,
		f.checkRestart, f.checkLog,
	} {
		if err := step(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}
