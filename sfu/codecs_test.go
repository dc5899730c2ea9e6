package sfu_test

import (
	"slices"
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// Who decodes less than the others is met by them: the group hears when somebody
// comes, and when they have gone. Who sees nothing does not matter.
func TestTheGroupHearsWhatEverybodyDecodes(t *testing.T) {
	st := newStage(t)
	st.add("ada", small)
	st.add("deaf", bot.Shape{Audio: 1, Without: webrtc.MimeTypeVP8})
	st.add("old", bot.Shape{Audio: 1, Video: 1, Without: webrtc.MimeTypeAV1})
	next := func() []string {
		t.Helper()
		select {
		case mimes := <-st.codecs:
			return mimes
		case <-st.deadline().Done():
			t.Fatal("the group was told nothing")
			return nil
		}
	}
	if got, want := next(), []string{webrtc.MimeTypeVP9, webrtc.MimeTypeVP8}; !slices.Equal(got, want) {
		t.Errorf("with somebody who does not decode AV1: %v, want %v", got, want)
	}
	st.group.Remove("old")
	if got, want := next(), []string{webrtc.MimeTypeAV1, webrtc.MimeTypeVP9, webrtc.MimeTypeVP8}; !slices.Equal(got, want) {
		t.Errorf("when they have gone: %v, want %v", got, want)
	}
}

// Who does not decode what is sent sees it once it is sent in another codec, and
// costs the others no key frames until then.
func TestAViewerIsMetByAnotherCodec(t *testing.T) {
	st := newStage(t)
	ada, old := st.add("ada", small), st.add("old", bot.Shape{Audio: 1, Video: 1, Without: webrtc.MimeTypeAV1})
	bob := st.add("bob", small)
	st.group.SetLive("ada", sfu.Camera, true)
	seen, mid := st.show(bob, ada), st.show(old, ada)
	av1 := bot.NewStream(webrtc.MimeTypeAV1, 1, 0, 0)
	st.until("AV1 at bob", func(int) { write(ada, bot.Camera, av1, true) }, func() bool { return len(bob.packets(seen)) > 100 })
	asked := ada.KeyFramesAsked.Load()
	for range 20 {
		st.group.Refresh("old", mid)
	}
	st.until("more AV1 at bob", func(int) { write(ada, bot.Camera, av1, true) }, func() bool { return len(bob.packets(seen)) > 300 })
	if now := ada.KeyFramesAsked.Load(); now != asked {
		t.Errorf("asked for %d key frames that help nobody", now-asked)
	}
	if n := len(old.packets(mid)); n > 0 {
		t.Errorf("%d packets of what the viewer does not decode", n)
	}
	vp9 := bot.NewStream(webrtc.MimeTypeVP9, 1, av1.Next(false).SequenceNumber, 0)
	st.until("VP9", func(i int) { write(ada, bot.Camera, vp9, i%10 == 0) }, func() bool { return len(old.packets(mid)) > 0 })
}
