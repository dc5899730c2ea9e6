package policy

import "net/netip"

// switches are the actions that a site's policy can take from everybody in its
// meetings.
var switches = []struct { //nolint:gochecknoglobals // a table
	action Action
	off    func(Site) bool
}{
	{ControlRemotely, func(s Site) bool { return s.DisableRemoteControl }},
	{RecordMeeting, func(s Site) bool { return s.DisableRecording }},
	{SendChat, Site.noChat},
	{ChatEveryone, Site.noChat},
	{ChatPresenters, Site.noChat},
	{ChatHosts, Site.noChat},
	{ShareApplication, func(s Site) bool { return s.DisableShareApplication }},
	{ShareDesktop, func(s Site) bool { return s.DisableShareDesktop }},
	{TransferFiles, func(s Site) bool { return s.DisableFileTransfer }},
}

// Forbidden lists what nobody may do in the meetings of s, whatever their role.
func (s Site) Forbidden() []Action {
	var list []Action
	for _, sw := range switches {
		if sw.off(s) {
			list = append(list, sw.action)
		}
	}
	return list
}

func (s Site) noChat() bool { return s.DisableChat }

// How much of an address stays in a truncated one: the network of a customer.
const (
	keptIPv4 = 24
	keptIPv6 = 48
)

// Kept returns what the records keep of an address.
func (k IPAddresses) Kept(ip string) string {
	switch k {
	case FullAddresses:
		return ip
	case TruncatedAddresses:
		return truncated(ip)
	default:
		return ""
	}
}

// truncated returns the network of ip, or nothing where ip is no address.
func truncated(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	bits := keptIPv6
	if addr.Is4() {
		bits = keptIPv4
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.Addr().String()
}
