package loadtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/server/app"
	"github.com/conclave-meet/conclave/server/config"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

const (
	email    = "ada@example.org"
	password = "a quiet room with a good door"
)

// serve runs a server in this process, and returns where it is and its host.
func serve(t *testing.T) (url string, host *bot.Site) {
	t.Helper()
	a, err := app.New(t.Context(), settings(t.TempDir()), "test")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
	})
	host = bot.NewSite(a.SiteURL().String())
	link := a.SetupLink()
	if err := host.SetUp(t.Context(), link[strings.Index(link, "#")+1:], email, password); err != nil {
		t.Fatal(err)
	}
	return a.SiteURL().String(), host
}

func settings(dir string) *config.Serve {
	return &config.Serve{
		Listen: "127.0.0.1:0", AdminListen: "127.0.0.1:0", Data: dir,
		UDP:     []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")},
		SiteURL: &url.URL{Scheme: "http", Host: "127.0.0.1:0"},
	}
}

// Three people see and hear each other for two seconds, and the meeting is over
// afterwards.
func TestEverybodySeesEverybody(t *testing.T) {
	site, host := serve(t)
	command := &config.LoadTest{
		URL: site, Email: email, People: 3, Senders: 3, Rate: 100, For: 2 * time.Second, AtOnce: 2, PID: os.Getpid(),
	}
	r, err := measure(t.Context(), command, password)
	if err != nil {
		t.Fatal(err)
	}
	const pictures = 3 * 2 * 60 // three see two, 30 frames a second in one packet each; or one more
	if r.pictures.want < pictures || r.pictures.want > pictures+6 || r.pictures.got < pictures/2 {
		t.Errorf("pictures: %v", r.pictures)
	}
	if r.sound.got < 3*2*50 { // half of what three hear of two
		t.Errorf("sound: %v", r.sound)
	}
	if len(r.joins) != 3 || len(r.delays) != r.pictures.got+r.sound.got {
		t.Errorf("%d people joined, %d delays of %d packets", len(r.joins), len(r.delays), r.pictures.got+r.sound.got)
	}
	for _, d := range append(r.joins, r.delays...) {
		if d <= 0 {
			t.Errorf("a join or a packet took %v", d)
		}
	}
	if r.cpu <= 0 || r.memory <= 0 {
		t.Errorf("the server used %v of processor and %d bytes", r.cpu, r.memory)
	}
	sessions, err := host.Usage(t.Context())
	if err != nil || len(sessions) != 1 || sessions[0].EndReason != "ended_by_host" || sessions[0].PeakAttendee != 3 {
		t.Errorf("usage %+v, %v", sessions, err)
	}
	if left, err := host.Meetings(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %+v, %v", left, err)
	}
}

// One sends to two, in a meeting that somebody else hosts.
func TestBroadcastInSomebodysMeeting(t *testing.T) {
	_, host := serve(t)
	m, err := host.Schedule(t.Context(), "Theirs")
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	media, err := bot.NewMedia(bot.Shape{Audio: 1, Video: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ada, err := host.Join(t.Context(), m, "Ada", media, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ada.Close()
	var out bytes.Buffer
	command := &config.LoadTest{Link: config.FromInput, People: 3, Senders: 1, Rate: 100, For: time.Second, AtOnce: 3} // 31 frames to two
	if err := Run(t.Context(), command, strings.NewReader(m.WebLink+"\n"), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3 people, of whom 1 send, for 1", "joining", "of 62 packets came", "delay"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "server") {
		t.Errorf("tells of a server it was not shown:\n%s", out.String())
	}
	select {
	case <-ada.Over():
		t.Error("ended the meeting of somebody else")
	default:
	}
	if left, err := host.Meetings(t.Context()); err != nil || len(left) != 1 {
		t.Errorf("of somebody else's meeting there is left %+v, %v", left, err)
	}
}

// Where the host does not get in, or is stopped before, the meeting that was made is
// over and gone all the same; one that was there stays, and is over.
func TestNothingStaysBehind(t *testing.T) {
	for _, theirs := range []bool{false, true} {
		for _, stopped := range []bool{false, true} {
			t.Run(fmt.Sprintf("theirs %v, stopped %v", theirs, stopped), func(t *testing.T) {
				site, host := serve(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				command := &config.LoadTest{Email: email, People: 2, Senders: 2, Rate: 100, For: time.Second, AtOnce: 1}
				door := refusing(t, site, func() {
					if stopped {
						cancel()
					}
				})
				command.URL = door
				left := 0
				if theirs {
					m, err := host.Schedule(t.Context(), "Theirs")
					if err != nil {
						t.Fatal(err)
					}
					command.URL, command.Link, left = "", strings.Replace(m.WebLink, site, door, 1), 1
				}
				if r, err := measure(ctx, command, password); r != nil || err == nil || !strings.Contains(err.Error(), "join as person 1") {
					t.Fatalf("measure = %v, %v", r, err)
				}
				sessions, err := host.Usage(t.Context())
				if err != nil || len(sessions) != 1 || sessions[0].EndReason != "ended_by_host" {
					t.Errorf("usage %+v, %v", sessions, err)
				}
				if m, err := host.Meetings(t.Context()); err != nil || len(m) != left {
					t.Errorf("meetings %+v, %v; want %d", m, err, left)
				}
			})
		}
	}
}

// refusing is the site at its address, but that nobody can join; it calls first.
func refusing(t *testing.T, site string, first func()) string {
	t.Helper()
	target, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/meetings/join" {
			first()
			http.Error(w, "not today", http.StatusServiceUnavailable)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(door.Close)
	return door.URL
}

func TestWhatCannotBeTested(t *testing.T) {
	site, host := serve(t)
	m, err := host.Schedule(t.Context(), "Not started")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, password string
		command        config.LoadTest
		want           string
	}{
		{"wrong password", "wrong\n", config.LoadTest{URL: site, Email: email}, "sign in"},
		{"no password", "", config.LoadTest{URL: site, Email: email}, "password on standard input"},
		{"no link", "", config.LoadTest{Link: site}, "not a meeting's link"},
		{"link without secret", "", config.LoadTest{Link: site + "/j/" + m.Number}, "not a meeting's link"},
		{"no link on input", "", config.LoadTest{Link: config.FromInput}, "link on standard input"},
		{"link without secret on input", site + "/j/" + m.Number + "\n", config.LoadTest{Link: config.FromInput}, "not a meeting's link"},
		{"link on input, no password", m.WebLink + "\n", config.LoadTest{Link: config.FromInput, Email: email}, "password on standard input"},
		{"link and password on input", site + "/j/123#abc\n" + password + "\n", config.LoadTest{Link: config.FromInput, Email: email}, "hosts no meeting"},
		{"somebody else's meeting", password + "\n", config.LoadTest{Link: site + "/j/123#abc", Email: email}, "hosts no meeting"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.command.People, tt.command.Senders, tt.command.AtOnce, tt.command.Rate = 2, 2, 1, 100
			asked := tt.command
			err := Run(t.Context(), &tt.command, strings.NewReader(tt.password), new(bytes.Buffer))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Run = %v, want %q", err, tt.want)
			}
			if tt.command != asked {
				t.Errorf("the command is now %+v", tt.command)
			}
		})
	}
}

// What does not come is counted: pictures by who sent them, sound by its numbers.
func TestTally(t *testing.T) {
	ta := newTally(time.Now())
	pictures, sound := bot.NewStream(webrtc.MimeTypeVP8, 4, 0, 0), bot.NewStream(webrtc.MimeTypeOpus, 4, 65530, 0)
	take := func(mid string, p *rtp.Packet, audio bool) {
		if audio {
			p.PayloadType = 109
		}
		ta.take(mid, p)
	}
	take("5", pictures.Frame(true, 1, time.Second)[0], false)
	ta.begin(2 * time.Second)
	take("5", pictures.Frame(false, 1, time.Second)[0], false) // made before
	for _, p := range pictures.Frame(false, 3, 2*time.Second)[1:] {
		take("5", p, false)
	}
	for i := range 12 { // over the end of the 16 bits; two of the middle are lost, and one is late
		if p := sound.Frame(false, 1, 3*time.Second)[0]; i != 4 && i != 7 {
			take("1", p, true)
		}
	}
	late := bot.NewStream(webrtc.MimeTypeOpus, 4, 65532, 0).Frame(false, 1, 3*time.Second)[0]
	if r := ta.sound["1"]; r.lost() != 2 || r.got != 10 {
		t.Errorf("of 12 packets, 2 lost: %d got, %d lost", r.got, r.lost())
	}
	ta.sound["1"].got--
	take("1", late, true)
	if n := ta.seen(4); n != 2 {
		t.Errorf("2 of 3 packets came: %d", n)
	}
	if n := ta.seen(5); n != 0 {
		t.Errorf("%d of one who sent nothing", n)
	}
	if got, lost := ta.heard(); got != 10 || lost != 2 {
		t.Errorf("heard %d, lost %d", got, lost)
	}
	if n := len(ta.Delays()); n != 13 {
		t.Errorf("%d delays", n)
	}
}

func TestBeat(t *testing.T) {
	for _, tt := range []struct{ kbits, packets, size int }{{1, 1, 64}, {100, 1, 416}, {264, 1, 1100}, {600, 3, 833}, {2000, 8, 1041}} {
		if b := beat(tt.kbits); b.Packets != tt.packets || b.Size != tt.size {
			t.Errorf("%d kbit/s in %d packets of %d bytes, want %d of %d", tt.kbits, b.Packets, b.Size, tt.packets, tt.size)
		}
	}
}
