package sfu

import (
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/pion/rtcp"

	"github.com/conclave-meet/conclave/sfu/internal/egress"
)

// Media goes where DTLS and RTCP went last: those use the pair that ICE has chosen, while
// STUN tries others too.
func TestMediaFollowsTheChosenPair(t *testing.T) {
	one, other := &egress.Conn{}, &egress.Conn{}
	a, b := netip.MustParseAddrPort("192.0.2.1:1"), netip.MustParseAddrPort("192.0.2.2:2")
	var r route
	for i, step := range []struct {
		socket *egress.Conn
		first  byte
		to     netip.AddrPort
		want   *end
	}{
		{one, 1, a, nil},                 // STUN: nothing is chosen yet
		{one, 22, a, &end{one, a}},       // DTLS
		{other, 0, b, &end{one, a}},      // STUN on another way
		{other, 1, b, &end{one, a}},      // likewise
		{other, 0x80, b, &end{other, b}}, // RTCP on it
		{one, 23, b, &end{one, b}},       // the same address, from another socket
	} {
		r.sent(step.socket, []byte{step.first, 200}, step.to)
		got := r.to.Load()
		if (got == nil) != (step.want == nil) || got != nil && *got != *step.want {
			t.Errorf("step %d: leads to %v, want %v", i, got, step.want)
		}
	}
	r.sent(one, nil, a)
	if got := r.to.Load(); *got != (end{one, b}) {
		t.Error("nothing was sent, and is followed")
	}
}

// When another pair was chosen, RTCP that took the old one may come to the socket last, and
// media would follow it. So some ticks later one more report is sent, and then no more.
func TestMediaDoesNotStayOnTheOldPair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, viewer := gallery(t, 1)
		empty := func() bool {
			m := mail{}
			g.tick(m)
			return slices.ContainsFunc(m[viewer], func(p rtcp.Packet) bool {
				r, ok := p.(*rtcp.ReceiverReport)
				return ok && len(r.Reports) == 0
			})
		}
		if empty() {
			t.Error("a report is sent without a switch")
		}
		viewer.route.switched()
		for tick := 1; tick <= 5; tick++ {
			if got := empty(); got != (tick == settleTicks) {
				t.Errorf("%d ticks after a switch: sent %t", tick, got)
			}
		}
	})
}
