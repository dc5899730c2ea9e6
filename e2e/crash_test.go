// Package e2e_test tries the built program from outside.
package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
	"github.com/conclave-meet/conclave/storage"
)

const (
	email    = "ada@example.org"
	password = "a quiet room with a good door"
)

// program is the built binary, running on a data folder.
type program struct {
	cmd   *exec.Cmd
	url   string
	setup string // token of the set-up link, if it printed one
}

func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "conclave")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../server").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// run starts the binary and waits until it serves. After a restart it waits that
// long for people to come back.
func run(t *testing.T, binary, data, restartGrace string) *program {
	t.Helper()
	p := &program{}
	address := freeAddress(t)
	p.url = "http://" + address
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), binary, "serve",
		"--listen", address, "--udp", address, "--admin-listen", freeAddress(t), "--data", data,
		"--restart-grace", restartGrace)
	p.cmd.Stderr = os.Stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, token, ok := strings.Cut(lines.Text(), "/setup#"); ok {
			p.setup = token
			return p
		}
		if strings.Contains(lines.Text(), p.url) {
			return p
		}
	}
	t.Fatal("the server printed no address")
	return nil
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// kill ends the process at once, with nothing said.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// ledger is what the server has acknowledged to people.
type ledger struct {
	mu       sync.Mutex
	sessions map[string]bool // by meeting
	joined   map[string]bool // by participant id
	left     map[string]bool
}

func (l *ledger) note(set map[string]bool, key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	set[key] = true
}

// The server is killed twenty times in the middle of meetings. Whatever it had
// acknowledged is on record, what was open is closed as lost, and the file is
// sound.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	binary, data := build(t), t.TempDir()
	acknowledged := &ledger{sessions: map[string]bool{}, joined: map[string]bool{}, left: map[string]bool{}}
	for round := range 21 {
		p := run(t, binary, data, "0")
		ada := bot.NewSite(p.url)
		signIn(t, p, ada)
		checkLedger(t, ada, acknowledged)
		if round == 20 {
			break
		}
		busy(t, p, ada, acknowledged, rand.New(rand.NewPCG(uint64(round), 3)))
		p.kill()
		checkFile(t, data)
	}
	if len(acknowledged.joined) < 20 || len(acknowledged.left) < 5 {
		t.Errorf("only %d joins and %d leaves were acknowledged: the test does too little", len(acknowledged.joined), len(acknowledged.left))
	}
	t.Logf("acknowledged and found again: %d sessions, %d joins, %d leaves",
		len(acknowledged.sessions), len(acknowledged.joined), len(acknowledged.left))
}

// The server is killed five times in the middle of one meeting, whose people come
// back: it is one session, and a stay for each of them.
func TestAMeetingOutlivesItsServer(t *testing.T) {
	binary, data := build(t), t.TempDir()
	p := run(t, binary, data, "1m")
	ada, grace := bot.NewSite(p.url), bot.NewSite(p.url)
	signIn(t, p, ada)
	m, err := ada.Schedule(t.Context(), "Quarterly numbers")
	if err != nil {
		t.Fatal(err)
	}
	if err := ada.Start(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	for round := range 6 {
		if round > 0 {
			p = run(t, binary, data, "1m")
			ada, grace = ada.At(p.url), grace.At(p.url)
		}
		host, guest := comeBack(t, ada, m, "Ada"), comeBack(t, grace, m, "Grace")
		if round == 5 {
			break
		}
		p.kill()
		host.Close()
		guest.Close()
		ada.Previous, grace.Previous = host.ID, guest.ID
		checkFile(t, data)
	}
	if err := ada.End(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	sessions, err := ada.Usage(t.Context())
	if err != nil || len(sessions) != 1 || sessions[0].EndReason != "ended_by_host" || sessions[0].TotalParticipants != 2 {
		t.Fatalf("usage %+v, %v", sessions, err)
	}
	stays, err := ada.Attendees(t.Context(), sessions[0].SessionID)
	if err != nil || len(stays) != 2 || stays[0].LeaveReason != "meeting_ended" || stays[1].LeaveReason != "meeting_ended" {
		t.Fatalf("attendees %+v, %v", stays, err)
	}
}

// comeBack joins, as who the site's person was before.
func comeBack(t *testing.T, site *bot.Site, m bot.Meeting, name string) *bot.Participant {
	t.Helper()
	p, err := join(t.Context(), site, m, name, &ledger{joined: map[string]bool{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func signIn(t *testing.T, p *program, ada *bot.Site) {
	t.Helper()
	var err error
	if p.setup != "" {
		err = ada.SetUp(t.Context(), p.setup, email, password)
	} else {
		err = ada.Login(t.Context(), email, password)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// busy lets people come and go, and returns at a random moment.
func busy(t *testing.T, p *program, ada *bot.Site, l *ledger, rnd *rand.Rand) {
	t.Helper()
	m, err := ada.Schedule(t.Context(), "Quarterly numbers")
	if err != nil {
		t.Fatal(err)
	}
	if err := ada.Start(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	l.note(l.sessions, m.ID)
	var people sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	host, err := join(ctx, ada, m, "host", l)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	for i := range 3 {
		people.Go(func() { comeAndGo(ctx, bot.NewSite(p.url), m, i, l) })
	}
	timer := time.NewTimer(time.Duration(200+rnd.IntN(500)) * time.Millisecond)
	<-timer.C
	p.kill()
	stop()
	people.Wait()
}

// comeAndGo joins and leaves until the server is gone.
func comeAndGo(ctx context.Context, site *bot.Site, m bot.Meeting, i int, l *ledger) {
	for n := 0; ctx.Err() == nil; n++ {
		p, err := join(ctx, site, m, fmt.Sprintf("guest %d.%d", i, n), l)
		if err != nil {
			return
		}
		if err := p.Leave(ctx); err != nil {
			return
		}
		l.note(l.left, p.ID)
	}
}

// join brings one in, and notes that it was acknowledged.
func join(ctx context.Context, site *bot.Site, m bot.Meeting, name string, l *ledger) (*bot.Participant, error) {
	media, err := bot.NewMedia(bot.Shape{Audio: 1, Video: 1}, nil)
	if err != nil {
		return nil, err
	}
	p, err := site.Join(ctx, m, name, media, func(e wire.Event) {
		if w, ok := e.(*wire.Welcome); ok {
			l.note(l.joined, w.Self)
		}
	})
	if err != nil {
		media.Close()
	}
	return p, err
}

// checkLedger compares the records with what was acknowledged before the crash.
func checkLedger(t *testing.T, ada *bot.Site, l *ledger) {
	t.Helper()
	sessions, err := ada.Usage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	recorded, stays := map[string]bool{}, map[string]bot.Attendee{}
	for _, s := range sessions {
		recorded[s.MeetingID] = true
		if s.End == "" || s.EndReason != "lost" {
			t.Errorf("session of a killed server: %+v", s)
		}
		list, err := ada.Attendees(t.Context(), s.SessionID)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if _, twice := stays[a.ParticipantID]; twice {
				t.Errorf("stay %s is recorded twice", a.ParticipantID)
			}
			stays[a.ParticipantID] = a
		}
	}
	for id := range l.sessions {
		if !recorded[id] {
			t.Errorf("the start of meeting %s was acknowledged and is lost", id)
		}
	}
	for id := range l.joined {
		if s, ok := stays[id]; !ok || s.LeftTime == "" {
			t.Errorf("joining %s was acknowledged: %+v", id, s)
		}
	}
	for id := range l.left {
		if stays[id].LeaveReason != "left" {
			t.Errorf("leaving %s was acknowledged: %+v", id, stays[id])
		}
	}
}

func checkFile(t *testing.T, data string) {
	t.Helper()
	db, err := storage.Open(t.Context(), filepath.Join(data, "conclave.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}
