package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func (f *serveFlags) checkListen(*Serve) error {
	if _, _, err := splitAddress("--listen", f.Listen); err != nil {
		return err
	}
	if _, _, err := splitAddress("--admin-listen", f.AdminListen); err != nil {
		return err
	}
	if f.Listen == f.AdminListen {
		return fmt.Errorf("--admin-listen: %s is where --listen serves everybody; give it another port", f.AdminListen)
	}
	return nil
}

// splitAddress reads "host:port" as the value of flag.
func splitAddress(flag, address string) (host string, port uint16, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("%s: %q is not an address; write host:port, as in 127.0.0.1:8080 or :8080", flag, address)
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil || number == 0 {
		return "", 0, fmt.Errorf("%s: %q is not a port; use a number from 1 to 65535", flag, text)
	}
	return host, uint16(number), nil
}

func (f *serveFlags) checkUDP(s *Serve) error {
	if len(f.UDP) == 0 {
		_, port, err := splitAddress("--listen", f.Listen)
		s.UDP = []netip.AddrPort{netip.AddrPortFrom(netip.IPv6Unspecified(), port)}
		return err
	}
	for _, text := range f.UDP {
		host, port, err := splitAddress("--udp", text)
		if err != nil {
			return err
		}
		addr := netip.IPv6Unspecified()
		if host != "" {
			if addr, err = netip.ParseAddr(host); err != nil {
				return fmt.Errorf("--udp: %q is not an IP address; write one of this machine's, or nothing before the colon for all", host)
			}
		}
		s.UDP = append(s.UDP, netip.AddrPortFrom(addr, port))
	}
	return nil
}

func (f *serveFlags) checkPublicIP(s *Serve) error {
	if len(f.PublicIP) == 1 && f.PublicIP[0] == "auto" {
		return nil
	}
	for _, text := range f.PublicIP {
		addr, err := netip.ParseAddr(text)
		if err != nil || addr.IsUnspecified() || addr.IsMulticast() || addr.Zone() != "" {
			return fmt.Errorf("--public-ip: %q is not an address that a browser can reach; write it like 203.0.113.7, or auto alone", text)
		}
		s.PublicIP = append(s.PublicIP, addr.Unmap())
	}
	return nil
}

func (f *serveFlags) checkData(*Serve) error {
	if f.Data == "" {
		return errors.New("--data: name a directory for the database")
	}
	return nil
}

func (f *serveFlags) checkTLS(*Serve) error {
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key: give both, or neither for plain HTTP")
	}
	return nil
}

func (f *serveFlags) checkSiteURL(s *Serve) (err error) {
	if f.SiteURL == "" {
		s.SiteURL, err = f.defaultSiteURL()
		return err
	}
	u, err := url.Parse(f.SiteURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("--site-url: %q is not a web address; write it like https://meet.example.org", f.SiteURL)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("--site-url: %q has more than a scheme, a host and a port; leave the rest out", f.SiteURL)
	}
	s.SiteURL = &url.URL{Scheme: u.Scheme, Host: originHost(u)}
	return nil
}

// originHost returns u's host as browsers write it in an Origin.
func originHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "http" {
		return strings.TrimSuffix(host, ":80")
	}
	return strings.TrimSuffix(host, ":443")
}

// defaultSiteURL is where a browser on this machine finds --listen. Without TLS
// no other browser could use it anyway: they give camera and microphone to
// pages from https or their own machine only.
func (f *serveFlags) defaultSiteURL() (*url.URL, error) {
	host, port, err := splitAddress("--listen", f.Listen)
	if err != nil {
		return nil, err
	}
	addr, parseErr := netip.ParseAddr(host)
	everywhere := host == "" || parseErr == nil && addr.IsUnspecified()
	if f.TLSCert != "" && everywhere {
		return nil, errors.New("--site-url: say which name the certificate is for, as in https://meet.example.org")
	}
	if everywhere {
		host = "localhost"
	}
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, strconv.Itoa(int(port)))}
	if f.TLSCert != "" {
		u.Scheme = "https"
	}
	u.Host = originHost(u)
	return u, nil
}

func (f *serveFlags) checkProxies(s *Serve) error {
	for _, text := range f.TrustedProxies {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("--trusted-proxies: %q is not a network; write it like 10.0.0.0/8, or 10.0.0.1/32 for one machine", text)
		}
		if network.Bits() == 0 {
			return fmt.Errorf("--trusted-proxies: %s is everybody; name the proxies only", text)
		}
		s.TrustedProxies = append(s.TrustedProxies, network.Masked())
	}
	return nil
}

// mostRestartGrace is how long people can be thought to wait.
const mostRestartGrace = time.Hour

func (f *serveFlags) checkRestart(*Serve) error {
	if f.RestartGrace < 0 || f.RestartGrace > mostRestartGrace {
		return fmt.Errorf("--restart-grace is a time from 0 to %s, not %s", mostRestartGrace, f.RestartGrace)
	}
	return nil
}

func (f *serveFlags) checkLog(s *Serve) error {
	return s.LogLevel.UnmarshalText([]byte(f.LogLevel))
}
