package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// Participant is a bot in a meeting. One who joins as its host founds the group,
// lets everybody in and removes who is gone.
type Participant struct {
	*Media
	Welcome wire.Welcome
	ID      string

	socket *websocket.Conn
	group  *group
	events func(wire.Event)
	wg     sync.WaitGroup // tend

	mu      sync.Mutex // guards next and replies, and writing to the socket
	next    uint32
	replies map[uint32]chan wire.Code
	over    chan struct{} // closed when the socket is
	answers chan string
	ended   error
}

// host is the role of who owns the meeting.
const host = "host"

// ErrSocketClosed is returned for what was asked on a socket that is gone.
var ErrSocketClosed = errors.New("bot: socket is closed")

// stay is the answer to a join.
type stay struct {
	ParticipantID string `json:"participantId"`
	Ticket        string `json:"ticket"`
	Role          string `json:"role"`
	Credential    string `json:"credential"`
}

// Join enters m by its link under a name and waits until it is let in and the media
// flows. events is called with every event, and may be nil.
func (s *Site) Join(ctx context.Context, m Meeting, name string, media *Media, events func(wire.Event)) (*Participant, error) {
	proof, err := linkProof(m.WebLink)
	if err != nil {
		return nil, err
	}
	k, err := newKeys()
	if err != nil {
		return nil, err
	}
	var in stay
	ask := map[string]string{
		"meetingNumber": m.Number, "linkProof": proof, "displayName": name,
		"signatureKey": encode(k.verifying()), "sealingKey": encode(k.sealing.Bytes()),
		"previousParticipantId": s.Previous,
	}
	if err := s.call(ctx, http.MethodPost, "/v1/meetings/join", ask, &in); err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Jar: s.http.Jar, Subprotocols: []string{"conclave.v1", "ticket." + in.Ticket}}
	socket, resp, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(s.URL, "http")+"/v1/socket", http.Header{"Origin": {s.origin()}})
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	p := &Participant{
		Media: media, ID: in.ParticipantID, socket: socket, group: newGroup(), events: events,
		replies: make(map[uint32]chan wire.Code), over: make(chan struct{}), answers: make(chan string, 1),
	}
	go p.read()
	if in.Role == host && !s.LeaveKnocks {
		p.wg.Go(p.tend)
	}
	if err := p.enter(ctx, encode(k.keyPackage(in.Credential, time.Now()))); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Participant) enter(ctx context.Context, keyPackage string) error {
	offer, err := p.Offer()
	if err != nil {
		return err
	}
	join := &wire.Join{Version: wire.Version, Offer: offer, KeyPackage: keyPackage, Door: wire.DoorLink}
	if err := p.Must(ctx, join); err != nil {
		return err
	}
	if err := p.Accept(<-p.answers); err != nil {
		return err
	}
	return p.AwaitConnected(ctx)
}

// Do sends a command and waits for its reply.
func (p *Participant) Do(ctx context.Context, c wire.Command) (wire.Code, error) {
	reply, err := p.send(c)
	if err != nil {
		return "", err
	}
	select {
	case code := <-reply:
		return code, nil
	case <-p.over:
		select {
		case code := <-reply:
			return code, nil
		default:
			return "", ErrSocketClosed
		}
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Must is Do for a command that has to succeed.
func (p *Participant) Must(ctx context.Context, c wire.Command) error {
	code, err := p.Do(ctx, c)
	if err == nil && code != wire.OK {
		err = fmt.Errorf("%T was answered with %s", c, code)
	}
	return err
}

func (p *Participant) send(c wire.Command) (<-chan wire.Code, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next++
	frame, err := wire.EncodeCommand(p.next, c)
	if err != nil {
		return nil, err
	}
	reply := make(chan wire.Code, 1)
	p.replies[p.next] = reply
	return reply, p.socket.WriteMessage(websocket.TextMessage, frame)
}

// read hands out events until the socket closes.
func (p *Participant) read() {
	defer close(p.over)
	for {
		_, frame, err := p.socket.ReadMessage()
		if err != nil {
			p.ended = err
			return
		}
		e, err := wire.DecodeEvent(frame)
		if err != nil {
			p.ended = err
			return
		}
		p.take(e)
	}
}

func (p *Participant) take(e wire.Event) {
	switch e := e.(type) {
	case *wire.Reply:
		p.mu.Lock()
		reply := p.replies[e.Re]
		delete(p.replies, e.Re)
		p.mu.Unlock()
		if reply != nil {
			reply <- e.Code
		}
	case *wire.Admitted:
		p.SetLeaf(e.Leaf)
	case *wire.Welcome:
		p.Welcome = *e
		p.answers <- e.Answer
	}
	if answer := p.group.take(p.ID, e); answer != nil {
		_, _ = p.send(answer) // nobody waits for the reply
	}
	if p.events != nil {
		p.events(e)
	}
}

// Leave says goodbye and waits until the stay is on record.
func (p *Participant) Leave(ctx context.Context) error {
	err := p.Must(ctx, &wire.Leave{})
	p.Close()
	return err
}

// origin is where a page of the site comes from.
func (s *Site) origin() string {
	origin, _, _ := strings.Cut(s.URL, "/s/")
	return origin
}

// Over is closed when the socket is.
func (p *Participant) Over() <-chan struct{} { return p.over }

// WhyOver is the code the server closed the socket with, or 0. It waits for that.
func (p *Participant) WhyOver() wire.CloseCode {
	<-p.over
	var closed *websocket.CloseError
	if !errors.As(p.ended, &closed) {
		return 0
	}
	return wire.CloseCode(closed.Code)
}

// Close drops the socket and the media, as a browser that is killed does.
func (p *Participant) Close() {
	_ = p.socket.Close()
	<-p.over
	p.wg.Wait()
	p.Media.Close()
}
