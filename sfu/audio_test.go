package sfu_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// heard returns whose voices came in a bot's audio slots since mark, by slot.
func (p *peer) heard(t *testing.T, mark map[string]int) map[string]uint32 {
	t.Helper()
	voices := map[string]uint32{}
	for _, mid := range p.Slots(webrtc.RTPCodecTypeAudio) {
		if packets := p.packets(mid); len(packets) > mark[mid] {
			voices[mid] = stampOf(t, webrtc.MimeTypeOpus, packets[len(packets)-1]).Publisher
		}
	}
	return voices
}

func (p *peer) mark() map[string]int {
	mark := map[string]int{}
	for _, mid := range p.Slots(webrtc.RTPCodecTypeAudio) {
		mark[mid] = len(p.packets(mid))
	}
	return mark
}

func TestWhoSpeaksIsHeard(t *testing.T) {
	st := newStage(t)
	listener := st.add("listener", bot.Shape{Audio: 2, Video: 1})
	const n = 5
	var talkers []*peer
	var streams []*bot.Stream
	for i := range uint32(n) {
		talkers = append(talkers, st.add(name(int(i)), bot.Shape{Audio: 1, Video: 1}))
		streams = append(streams, bot.NewStream(webrtc.MimeTypeOpus, i, uint16(i*10000), 0)) //nolint:gosec // small
		st.group.SetLive(name(int(i)), sfu.Microphone, true)
	}
	loud := -1
	send := func(int) {
		for i, p := range talkers {
			level := uint8(100) // -100 dBov: a quiet room
			if i == loud {
				level = 20
			}
			speak(p, bot.Microphone, streams[i], level)
		}
	}
	for _, loud = range []int{4, 3, 2, 4} {
		mark := listener.mark()
		st.until("the speaker's voice at the listener", send, func() bool {
			for _, who := range listener.heard(t, mark) {
				if int(who) == loud {
					return true
				}
			}
			return false
		})
		st.until("the speaker's mark", send, func() bool {
			select {
			case who := <-st.speaking:
				return len(who) > 0 && who[0] == name(loud)
			default:
				return false
			}
		})
	}
	for _, mid := range listener.Slots(webrtc.RTPCodecTypeAudio) {
		packets := listener.packets(mid)
		for i := 1; i < len(packets); i++ {
			if packets[i].SequenceNumber != packets[i-1].SequenceNumber+1 {
				t.Fatalf("slot %s: sequence number %d follows %d", mid, packets[i].SequenceNumber, packets[i-1].SequenceNumber)
			}
		}
	}
	for i, p := range talkers {
		for _, who := range p.heard(t, nil) {
			if int(who) == i {
				t.Errorf("%s hears themselves", p.id)
			}
		}
	}
}

// The sound of a screen has a slot before any voice.
func TestScreenSoundIsAlwaysHeard(t *testing.T) {
	st := newStage(t)
	listener := st.add("listener", bot.Shape{Audio: 1, Video: 1})
	talker, sharer := st.add("talker", small), st.add("sharer", small)
	voice, sound := bot.NewStream(webrtc.MimeTypeOpus, 1, 0, 0), bot.NewStream(webrtc.MimeTypeOpus, 2, 0, 0)
	send := func(int) {
		speak(talker, bot.Microphone, voice, 10)
		speak(sharer, bot.ScreenAudio, sound, 127)
	}
	hears := func(want uint32) func() bool {
		mark := listener.mark()
		return func() bool {
			for _, who := range listener.heard(t, mark) {
				if who == want {
					return true
				}
			}
			return false
		}
	}
	st.group.SetLive("talker", sfu.Microphone, true)
	st.until("the voice", send, hears(1))
	st.group.SetLive("sharer", sfu.ScreenAudio, true)
	st.until("the sound", send, hears(2))
	st.group.SetLive("sharer", sfu.ScreenAudio, false)
	st.until("the voice again", send, hears(1))
}

func TestSlotOfAHeardOneIsKept(t *testing.T) {
	st := newStage(t)
	listener := st.add("listener", bot.Shape{Audio: 3, Video: 1})
	var talkers []*peer
	streams := map[string]*bot.Stream{}
	for i := range uint32(3) {
		p := st.add(name(int(i)), small)
		talkers, streams[p.id] = append(talkers, p), bot.NewStream(webrtc.MimeTypeOpus, i, 0, 0)
		st.group.SetLive(p.id, sfu.Microphone, true)
	}
	send := func(int) {
		for _, p := range talkers {
			speak(p, bot.Microphone, streams[p.id], 30)
		}
	}
	mark := listener.mark()
	st.until("all three", send, func() bool { return len(listener.heard(t, mark)) == 3 })
	before := listener.heard(t, mark)
	st.group.Remove("p1")
	talkers = slices.Delete(talkers, 1, 2)
	mark = listener.mark()
	st.until("the other two", send, func() bool {
		heard := listener.heard(t, mark)
		maps.DeleteFunc(heard, func(_ string, who uint32) bool { return who == 1 }) // the last may come late
		return len(heard) == 2
	})
	for mid, who := range listener.heard(t, mark) {
		if before[mid] != who {
			t.Errorf("slot %s carried %d and now carries %d", mid, before[mid], who)
		}
	}
}
