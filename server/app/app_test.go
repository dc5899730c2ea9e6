package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// A host and a guest meet, see each other, and find the record afterwards, also
// after a restart.
func TestAMeeting(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	ada := s.host()
	m := s.meeting(ada)
	host := s.join(ada, m, "Ada", nil)

	var seen atomic.Int32
	media, err := bot.NewMedia(shape, func(_ string, p *rtp.Packet) {
		if _, err := bot.ReadStamp(webrtc.MimeTypeVP8, p.Payload); err == nil {
			seen.Add(1)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan *wire.Ended, 1)
	guest, err := s.visit().Join(t.Context(), m, "Grace", media, func(e wire.Event) {
		if e, ok := e.(*wire.Ended); ok {
			ended <- e
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	if n := len(guest.Welcome.Participants); n != 2 {
		t.Errorf("the guest sees %d participants", n)
	}
	for _, step := range []struct {
		who *bot.Participant
		cmd wire.Command
	}{
		{host, &wire.Publish{Source: wire.Camera, Live: true}},
		{guest, &wire.Watch{Slots: []wire.SlotWish{{
			Mid: media.Slots(webrtc.RTPCodecTypeVideo)[0], Participant: host.ID, Source: wire.Camera, Height: 360,
		}}}},
	} {
		if err := step.who.Must(t.Context(), step.cmd); err != nil {
			t.Fatal(err)
		}
	}
	stream := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	stream.KID = host.KID(bot.Camera)
	eventually(t, "the host's picture at the guest", func() bool {
		_ = host.Sender(bot.Camera).Write(stream.MIME, stream.Next(true), 0)
		return seen.Load() > 10
	})
	if err := host.Must(t.Context(), &wire.EndMeeting{}); err != nil && !errors.Is(err, bot.ErrSocketClosed) {
		t.Fatal(err)
	}
	if e := <-ended; e.Reason != wire.EndedByHost || e.By != host.ID {
		t.Errorf("ended %+v", e)
	}
	if media.Exchanges.Load() != 1 || host.Exchanges.Load() != 1 {
		t.Error("somebody negotiated more than once")
	}
	checkRecord(t, ada, m)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if again.app.SetupLink() != "" {
		t.Error("a set-up link though there is an administrator")
	}
	checkRecord(t, again.host(), m)
}

// checkRecord wants one ended session of m with two stays.
func checkRecord(t *testing.T, ada *bot.Site, m bot.Meeting) {
	t.Helper()
	sessions, err := ada.Usage(t.Context())
	if err != nil || len(sessions) != 1 || sessions[0].MeetingID != m.ID || sessions[0].EndReason != "ended_by_host" || sessions[0].TotalParticipants != 2 || sessions[0].PeakAttendee != 2 {
		t.Fatalf("usage %+v, %v", sessions, err)
	}
	stays, err := ada.Attendees(t.Context(), sessions[0].SessionID)
	if err != nil || len(stays) != 2 || stays[1].DisplayName != "Grace" || stays[1].LeaveReason != "meeting_ended" || stays[1].Transport != "udp" {
		t.Fatalf("attendees %+v, %v", stays, err)
	}
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}

// The cookie and the ticket open a socket together, once, for a page of the site.
func TestSocketNeedsTicketAndCookie(t *testing.T) {
	s := start(t, t.TempDir())
	m := s.meeting(s.host())
	site := s.app.SiteURL().String()
	for _, tt := range []struct {
		name           string
		ticket, cookie bool
		origin         string
		uses           int
		want           int // status of the last use
	}{
		{"both", true, true, site, 1, http.StatusSwitchingProtocols},
		{"ticket without cookie", true, false, site, 1, http.StatusForbidden},
		{"cookie without ticket", false, true, site, 1, http.StatusBadRequest},
		{"neither", false, false, site, 1, http.StatusBadRequest},
		{"ticket used twice", true, true, site, 2, http.StatusForbidden},
		{"another origin", true, true, "http://evil.example", 1, http.StatusForbidden},
		{"another port", true, true, "http://127.0.0.1:1", 1, http.StatusForbidden},
		{"another scheme", true, true, strings.Replace(site, "http", "https", 1), 1, http.StatusForbidden},
		{"another name of this machine", true, true, strings.Replace(site, "127.0.0.1", "localhost", 1), 1, http.StatusForbidden},
		{"no origin", true, true, "", 1, http.StatusForbidden},
		{"null origin", true, true, "null", 1, http.StatusForbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ticket, cookie := askIn(t, site, m)
			header := http.Header{}
			if tt.cookie {
				header.Set("Cookie", cookie)
			}
			if tt.origin != "" {
				header.Set("Origin", tt.origin)
			}
			protocols := []string{"conclave.v1"}
			if tt.ticket {
				protocols = append(protocols, "ticket."+ticket)
			}
			status := 0
			for range tt.uses {
				d := websocket.Dialer{Subprotocols: protocols}
				socket, resp, err := d.Dial("ws"+strings.TrimPrefix(site, "http")+"/v1/socket", header)
				if err == nil {
					_ = socket.Close()
				}
				if resp == nil {
					t.Fatal(err)
				}
				status = resp.StatusCode
				_ = resp.Body.Close()
			}
			if status != tt.want {
				t.Errorf("status %d, want %d", status, tt.want)
			}
		})
	}
}

// askIn joins by number and password, and returns the ticket and the cookie.
func askIn(t *testing.T, site string, m bot.Meeting) (ticket, cookie string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"meetingNumber": m.Number, "password": m.Password, "displayName": "Eve"})
	resp, err := http.Post(site+"/v1/meetings/join", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var in struct{ Ticket string }
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&in); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("join: %d, %v", resp.StatusCode, err)
	}
	c := resp.Cookies()[0]
	return in.Ticket, c.Name + "=" + c.Value
}

// People come and go at random, a hundred times: nobody negotiates twice, and
// everything is given back.
func TestChurn(t *testing.T) {
	s := start(t, t.TempDir())
	ada := s.host()
	m := s.meeting(ada)
	s.join(ada, m, "Ada", nil)
	guests := s.visit()
	warm, err := tryJoin(t.Context(), guests, m, "warm", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := warm.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	goroutines, heap := runtime.NumGoroutine(), heapInUse()

	rnd := rand.New(rand.NewPCG(7, 7))
	var in []*bot.Participant
	joins := 0
	for joins < 100 || len(in) > 0 {
		if joins < 100 && (len(in) < 2 || len(in) < 10 && rnd.IntN(2) == 0) {
			joins++
			p, err := tryJoin(t.Context(), guests, m, fmt.Sprint("guest ", joins), nil)
			if err != nil {
				t.Fatal(err)
			}
			in = append(in, p)
			continue
		}
		i := rnd.IntN(len(in))
		p := in[i]
		in = append(in[:i], in[i+1:]...)
		if n := p.Exchanges.Load(); n != 1 {
			t.Errorf("%d exchanges of SDP in one stay", n)
		}
		if rnd.IntN(2) == 0 {
			p.Close() // as a browser that is killed
		} else if err := p.Leave(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.app.sfu.Stats(); got.Joins != 102 || got.Restarts != 0 {
		t.Errorf("the server answered %+v", got)
	}
	settle(t, s)
	eventually(t, fmt.Sprintf("goroutines back at %d", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines+2 })
	if now := heapInUse(); now > heap+2<<20 {
		t.Errorf("heap grew from %d to %d KiB", heap>>10, now>>10)
	}
	sessions, err := ada.Usage(t.Context())
	if err != nil || sessions[0].TotalParticipants != 102 {
		t.Errorf("usage %+v, %v", sessions, err)
	}
}

// settle waits until nobody but the host is in.
func settle(t *testing.T, s *service) {
	t.Helper()
	eventually(t, "the guests gone", func() bool { return s.app.sfu.Stats().Peers == 1 })
	http.DefaultClient.CloseIdleConnections()
}

func heapInUse() uint64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestOneServerForOneDataFolder(t *testing.T) {
	dir := t.TempDir()
	start(t, dir)
	if _, err := New(t.Context(), settings(dir), "test"); !errors.Is(err, errLocked) {
		t.Fatalf("a second server on the same data: %v", err)
	}
}

// A server that is told to stop ends its sessions in order.
func TestShutdownIsOnRecord(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	ada := s.host()
	m := s.meeting(ada)
	s.join(ada, m, "Ada", nil)
	reasons := make(chan wire.EndReason, 1)
	s.join(s.visit(), m, "Grace", func(e wire.Event) {
		if e, ok := e.(*wire.Ended); ok {
			reasons <- e.Reason
		}
	})
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if reason := <-reasons; reason != wire.EndedByShutdown {
		t.Errorf("the guest was told %s", reason)
	}
	sessions, err := start(t, dir).host().Usage(t.Context())
	if err != nil || len(sessions) != 1 || sessions[0].EndReason != "shutdown" {
		t.Errorf("usage %+v, %v", sessions, err)
	}
}

func TestAdminListener(t *testing.T) {
	s := start(t, t.TempDir())
	for _, path := range []string{"/livez", "/readyz", "/metrics", "/debug/pprof/goroutine"} {
		req, _ := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, "http://"+s.app.admin.Addr().String()+path, nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
		if path == "/metrics" && !strings.Contains(string(body), "conclave_negotiations_total 0") {
			t.Errorf("metrics:\n%s", body)
		}
	}
	resp, err := http.Get(s.app.SiteURL().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		t.Error("metrics are served to everybody")
	}
}
