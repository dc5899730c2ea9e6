package outbound

import (
	"net"
	"net/netip"
	"slices"
)

// Reach is how far a client may go beyond the public internet.
type Reach struct {
	Loopback bool // this machine
	Private  bool // networks that only this machine's surroundings have
	Own      bool // this machine, at the addresses that others reach it at
}

// never are where clouds tell a machine about itself, its passwords too, and what
// stands for nobody in particular.
var never = prefixes( //nolint:gochecknoglobals // a table
	"0.0.0.0/8", "169.254.0.0/16", "fe80::/10", "fec0::/10", // of this link
	"224.0.0.0/4", "240.0.0.0/4", "ff00::/8", // many, or reserved
	"100.100.100.200/32", "192.0.0.0/24", "168.63.129.16/32", "fd00:ec2::254/128", "fd20:ce::254/128", // metadata
	"2001::/32", "100::/64", // Teredo, which hides another address; a black hole
)

// private are networks that are not of the public internet.
var private = prefixes( //nolint:gochecknoglobals // a table
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7",
	"100.64.0.0/10",                                                                   // shared by a provider's customers (RFC 6598)
	"198.18.0.0/15",                                                                   // for measurements
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20", // for examples
	"5f00::/16", // routed by the network one is in
)

// Allows reports whether a connection to ip may be made. An IPv4 address inside an
// IPv6 one, of whatever kind, is judged as the IPv4 address. Which addresses of the
// public internet are this machine's own, it does not know: a client asks of them.
func (r Reach) Allows(ip netip.Addr) bool {
	if outer := ip.Unmap().WithZone(""); within(translated, outer) {
		return r.Private && r.allowsTranslated(outer.As16())
	}
	ip = inner(ip)
	switch {
	case !ip.IsValid() || within(never, ip):
		return false
	case ip.IsLoopback():
		return r.Loopback
	case within(private, ip):
		return r.Private
	default:
		return ip.Is4() || ip.IsGlobalUnicast()
	}
}

// connects reports what Allows does, and knows which addresses are this machine's.
func (r Reach) connects(ip netip.Addr) bool {
	return r.Allows(ip) && (r.Own || r.Loopback || !own(inner(ip)))
}

// own reports whether ip is an address of this machine, or cannot be told not to be.
func own(ip netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(all, func(a net.Addr) bool {
		of, err := netip.ParsePrefix(a.String())
		return err == nil && of.Addr().Unmap() == ip
	})
}

// allowsTranslated judges the IPv4 address that the network's own translator takes
// out of b. Where it stands there depends on the network (RFC 6052): at the end as a
// rule, and there may be no address that is not allowed in the other places either.
func (r Reach) allowsTranslated(b [16]byte) bool {
	for _, other := range [][4]byte{{b[6], b[7], b[9], b[10]}, {b[7], b[9], b[10], b[11]}, [4]byte(b[9:13])} {
		if other[0] != 0 && !r.Allows(netip.AddrFrom4(other)) {
			return false
		}
	}
	return r.Allows(netip.AddrFrom4([4]byte(b[12:])))
}

// inner returns the IPv4 address that an IPv6 one leads to, or ip as it is.
func inner(ip netip.Addr) netip.Addr {
	ip = ip.Unmap().WithZone("")
	if !ip.Is6() || ip.IsLoopback() || ip.IsUnspecified() {
		return ip
	}
	bytes := ip.As16()
	switch {
	case within(wrapped, ip):
		return netip.AddrFrom4([4]byte(bytes[12:]))
	case within(sixToFour, ip):
		return netip.AddrFrom4([4]byte(bytes[2:6]))
	default:
		return ip
	}
}

var (
	translated = prefixes("64:ff9b:1::/48")                           //nolint:gochecknoglobals // NAT64 of the network one is in (RFC 8215)
	wrapped    = prefixes("64:ff9b::/96", "::/96", "::ffff:0:0:0/96") //nolint:gochecknoglobals // NAT64, compatible, SIIT
	sixToFour  = prefixes("2002::/16")                                //nolint:gochecknoglobals // RFC 3056
)

func within(list []netip.Prefix, ip netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}
