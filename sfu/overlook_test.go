package sfu_test

import (
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// tally counts what is said of the numbers from one up to another.
func (l *ledger) tally(from, to int) (came, lost, untold int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := from; n < to; n++ {
		switch arrived, known := l.came[uint16(n)]; { //nolint:gosec // few
		case !known:
			untold++
		case arrived:
			came++
		default:
			lost++
		}
	}
	return came, lost, untold
}

// Who shares a screen is told of the losses on the way here only when they are many;
// anybody else of all.
func TestFewLossesAreKeptFromWhoShares(t *testing.T) {
	st := newStage(t)
	ada, told := st.publisher("ada")
	video := bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1)
	send := func(int) { write(ada, bot.Camera, video, false) }
	// lose makes n numbers in a row be lost, and returns the first of them.
	lose := func(n int) (from int) {
		for range n {
			from = int(ada.LoseNumber()) - n + 1
		}
		return from
	}
	// part sends 400 packets and more, among which ten are lost, and returns what is said
	// of their numbers.
	part := func(what string) (lost, untold int) {
		t.Helper()
		from, sent, came := lose(1)+1, 0, 0
		st.until(what, func(i int) {
			send(i)
			if sent++; sent <= 400 && sent%40 == 20 {
				lose(1)
			}
		}, func() bool {
			came, lost, untold = told.tally(from, from+410)
			return sent >= 400 && came == 400
		})
		return lost, untold
	}
	if lost, untold := part("what came, without a share"); lost != 10 || untold > 0 {
		t.Errorf("without a share: %d said to be lost, nothing said of %d", lost, untold)
	}
	st.group.SetLive("ada", sfu.Screen, true)
	if lost, untold := part("what came, with a share"); lost > 0 || untold != 10 {
		t.Errorf("with a share: %d said to be lost, nothing said of %d", lost, untold)
	}
	from := lose(40)
	st.until("forty in a row told to be lost", send, func() bool {
		_, lost, _ := told.tally(from, from+40)
		return lost == 40
	})
	st.group.SetLive("ada", sfu.Screen, false)
	if lost, untold := part("what came, after the share"); lost != 10 || untold > 0 {
		t.Errorf("after the share: %d said to be lost, nothing said of %d", lost, untold)
	}
}
