//go:build !race

package sfu

import (
	"testing"

	"github.com/conclave-meet/conclave/sfu/internal/egress"
)

// From the slots to the kernel, encryption included, a packet to each of a hundred
// viewers allocates next to nothing. The race detector makes pools forget what they hold.
func TestSendingAllocatesNothing(t *testing.T) {
	c := newCrowd(t, egress.Listen)
	for range 20 {
		c.frame(frameSize)
	}
	if perPacket := testing.AllocsPerRun(100, func() { c.frame(frameSize) }) / (crowdSize * frameSize); perPacket > 0.1 {
		t.Errorf("%v allocations for each packet out", perPacket)
	}
}
