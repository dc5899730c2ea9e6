package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// metrics returns what the operator is told.
func (s *service) metrics() string {
	s.t.Helper()
	req, _ := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), http.MethodGet, "http://"+s.app.admin.Addr().String()+"/metrics", nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("metrics: status %d, %v", resp.StatusCode, err)
	}
	return string(body)
}

// What flows in a meeting is in the numbers, and whose meeting it is, is not.
func TestNumbersOfAMeeting(t *testing.T) {
	s := start(t, t.TempDir())
	ada := s.host()
	m := s.meeting(ada)
	idle := s.metrics()
	for _, line := range []string{"conclave_streams_in 0\n", "conclave_packets_out_total 0\n", "conclave_packets_dropped_total{reason=\"video_queue\"} 0\n", "conclave_room_peers{place=\"1\"} 0\n", "conclave_pictures_frozen 0\n", "conclave_picture_changes_total{to=\"frozen\"} 0\n"} {
		if !strings.Contains(idle, line) {
			t.Errorf("before anybody is in, no line %q", line)
		}
	}
	host, guest := s.join(ada, m, "Ada Lovelace", nil), s.join(s.visit(), m, "Grace Hopper", nil)
	slot := guest.Slots(webrtc.RTPCodecTypeVideo)[0]
	for _, step := range []struct {
		who *bot.Participant
		cmd wire.Command
	}{
		{host, &wire.Publish{Source: wire.Camera, Live: true}},
		{guest, &wire.Watch{Slots: []wire.SlotWish{{Mid: slot, Participant: host.ID, Source: wire.Camera, Height: 360}}}},
	} {
		if err := step.who.Must(t.Context(), step.cmd); err != nil {
			t.Fatal(err)
		}
	}
	stream := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	stream.KID = host.KID(bot.Camera)
	flowing := regexp.MustCompile(`(?s)conclave_datagrams_sent_total [1-9].*conclave_packets_in_total [1-9].*conclave_packets_out_total [1-9].*` +
		`conclave_room_peers\{place="1"\} 2\n.*conclave_streams_in 1\n.*conclave_streams_out 1\n`)
	body := ""
	eventually(t, "the numbers of a picture that flows", func() bool {
		_ = host.Sender(bot.Camera).Write(stream.MIME, stream.Next(true), 0)
		body = s.metrics()
		return flowing.MatchString(body)
	})
	for _, secret := range []string{m.ID, m.Number, m.Title, "Lovelace", "Hopper", host.ID, guest.ID, email} {
		if strings.Contains(body, secret) {
			t.Errorf("the numbers tell %q", secret)
		}
	}
	if strings.Contains(body, `place="2"`) {
		t.Error("there is one meeting, and a second place")
	}
}

// The dashboard shows all of our numbers, and none that there are not.
func TestDashboard(t *testing.T) {
	cfg := settings(t.TempDir())
	cfg.SMTPURL = &url.URL{Scheme: "smtp", Host: "127.0.0.1:1"}
	cfg.MailFrom = &mail.Address{Address: "meet@example.org"} // so that there are numbers of mail
	raw, err := os.ReadFile("../../deploy/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			ID      int
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(raw, &board); err != nil {
		t.Fatal(err)
	}
	var shown []string
	name := regexp.MustCompile(`\bconclave_\w+`)
	seen := make(map[int]bool)
	for _, p := range board.Panels {
		if seen[p.ID] || len(p.Targets) == 0 {
			t.Errorf("panel %d is there twice, or shows nothing", p.ID)
		}
		seen[p.ID] = true
		for _, target := range p.Targets {
			shown = append(shown, name.FindAllString(target.Expr, -1)...)
		}
	}
	s := startWith(t, cfg)
	s.meeting(s.host()) // for there is nothing to tell of rooms while there is none
	var there []string
	for line := range strings.SplitSeq(s.metrics(), "\n") {
		if rest, ok := strings.CutPrefix(line, "# TYPE conclave_"); ok {
			there = append(there, "conclave_"+strings.Fields(rest)[0])
		}
	}
	for _, n := range there {
		if n != "conclave_build_info" && !slices.Contains(shown, n) {
			t.Errorf("%s is on no panel", n)
		}
	}
	for _, n := range shown {
		if !slices.Contains(there, n) {
			t.Errorf("%s is on a panel, and not among the numbers", n)
		}
	}
	if len(there) < 20 {
		t.Errorf("only %d numbers", len(there))
	}
}
