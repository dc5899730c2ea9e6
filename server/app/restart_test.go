package app

import (
	"testing"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// returning lets somebody back in who was in as before.
func (s *service) returning(who *bot.Site, m bot.Meeting, name string, before *bot.Participant) {
	s.t.Helper()
	site := who.At(s.app.SiteURL().String())
	site.Previous = before.ID
	s.join(site, m, name, nil)
}

// A server that is stopped and started again takes no meeting along: people are
// told to come back, and go on with their stays in the same session.
func TestAMeetingOutlivesTheServer(t *testing.T) {
	dir := t.TempDir()
	s := startWaiting(t, dir, time.Minute)
	ada, guests := s.host(), s.visit()
	m := s.meeting(ada)
	host := s.join(ada, m, "Ada", nil)
	told := make(chan wire.Event, 100)
	guest := s.join(guests, m, "Grace", func(e wire.Event) { told <- e })
	eventually(t, "media to both, as the server sees it", func() bool { return s.app.sfu.Stats().Connected == 2 })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if code := guest.WhyOver(); code != wire.CloseRestart {
		t.Errorf("the guest's socket was closed with %d", code)
	}
	close(told)
	for e := range told {
		if e, over := e.(*wire.Ended); over {
			t.Errorf("the guest was told of an end: %+v", e)
		}
	}

	again := startWaiting(t, dir, time.Minute)
	ada = ada.At(again.app.SiteURL().String())
	if list, err := ada.Meetings(t.Context()); err != nil || list[0].State != "inProgress" {
		t.Fatalf("meetings %+v, %v", list, err)
	}
	again.returning(ada, m, "Ada", host)
	again.returning(guests, m, "Grace", guest)
	if err := ada.End(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	checkRecord(t, ada, m)
}

// Whom nobody waits for any more is not waited for.
func TestASessionEndsThatWasLeftForTooLong(t *testing.T) {
	dir := t.TempDir()
	s := startWaiting(t, dir, time.Minute)
	ada := s.host()
	m := s.meeting(ada)
	s.join(ada, m, "Ada", nil)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	again := startWaiting(t, dir, time.Nanosecond)
	ada = ada.At(again.app.SiteURL().String())
	eventually(t, "the end on record", func() bool {
		sessions, err := ada.Usage(t.Context())
		return err == nil && len(sessions) == 1 && sessions[0].EndReason == "shutdown"
	})
}
