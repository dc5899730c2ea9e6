package sfu

import "net/netip"

// ListenLite listens as on a machine that others can reach: ICE-lite, though the
// address is loopback.
func ListenLite() (*SFU, error) {
	s, err := Listen(Config{Listen: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}})
	if err != nil {
		return nil, err
	}
	s.own = nil
	s.api, err = newAPI(s.mux, nil, nil)
	return s, err
}
