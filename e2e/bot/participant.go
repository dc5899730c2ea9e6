package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// Participant is a bot in a meeting.
type Participant struct {
	*Media
	Welcome wire.Welcome
	ID      string

	socket *websocket.Conn
	events func(wire.Event)

	mu      sync.Mutex // guards next and replies, and writing to the socket
	next    uint32
	replies map[uint32]chan wire.Code
	over    chan struct{} // closed when the socket is
	answers chan string
	ended   error
}

// ErrSocketClosed is returned for what was asked on a socket that is gone.
var ErrSocketClosed = errors.New("bot: socket is closed")

// stay is the answer to a join.
type stay struct {
	ParticipantID string `json:"participantId"`
	Ticket        string `json:"ticket"`
}

// Join enters m by its link under a name and waits until the media flows. events
// is called with every event, and may be nil.
func (s *Site) Join(ctx context.Context, m Meeting, name string, media *Media, events func(wire.Event)) (*Participant, error) {
	proof, err := linkProof(m.WebLink)
	if err != nil {
		return nil, err
	}
	var in stay
	ask := map[string]string{"meetingNumber": m.Number, "linkProof": proof, "displayName": name}
	if err := s.call(ctx, http.MethodPost, "/v1/meetings/join", ask, &in); err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Jar: s.http.Jar, Subprotocols: []string{"conclave.v1", "ticket." + in.Ticket}}
	socket, resp, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(s.URL, "http")+"/v1/socket", http.Header{"Origin": {s.URL}})
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	p := &Participant{
		Media: media, ID: in.ParticipantID, socket: socket, events: events,
		replies: make(map[uint32]chan wire.Code), over: make(chan struct{}), answers: make(chan string, 1),
	}
	go p.read()
	if err := p.enter(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Participant) enter(ctx context.Context) error {
	offer, err := p.Offer()
	if err != nil {
		return err
	}
	if err := p.Must(ctx, &wire.Join{Version: wire.Version, Offer: offer}); err != nil {
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
	case *wire.Welcome:
		p.Welcome = *e
		p.answers <- e.Answer
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

// Over is closed when the socket is.
func (p *Participant) Over() <-chan struct{} { return p.over }

// Close drops the socket and the media, as a browser that is killed does.
func (p *Participant) Close() {
	_ = p.socket.Close()
	<-p.over
	p.Media.Close()
}
