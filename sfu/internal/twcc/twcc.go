// Package twcc speaks transport-wide congestion control feedback
// (draft-holmer-rmcat-transport-wide-cc-extensions-01): a sender numbers all packets
// of a connection, whatever stream they belong to, and the receiver tells which
// numbers came, and when. Arrivals is the receiver's side of it, Sent the sender's. It
// is pure arithmetic; it knows nothing of sockets, and draws no conclusions from what
// it measures.
package twcc

import "time"

// URI names the header extension that holds the number of a packet, 2 bytes long.
const URI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

// The RTCP packet type and format of feedback (§3.1 of the draft).
const (
	rtcpType   = 205
	rtcpFormat = 15
)

// headerSize is the length in bytes of all that comes before the statuses: the RTCP
// header, two SSRCs, the first number, how many, the reference time and a counter.
const headerSize = 20

// What a status says (§3.1.1).
const (
	statusLost  = 0 // not received
	statusSmall = 1 // received, its time in one byte
	statusLarge = 2 // received, its time in two bytes with a sign
)

const (
	tick        = 250 * time.Microsecond // the unit of arrival times
	ticksPerRef = 256                    // the reference time counts in 64 ms
)

// Is reports whether an RTCP packet is such feedback.
func Is(packet []byte) bool {
	return len(packet) >= 2 && packet[0]>>6 == 2 && packet[0]&0x1f == rtcpFormat && packet[1] == rtcpType
}

// extend gives seq the high bits that put it nearest to near.
func extend(near int64, seq uint16) int64 {
	return near + int64(int16(seq-uint16(near&0xffff))) //nolint:gosec // the numbers wrap
}
