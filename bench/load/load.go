// Package load is the clients of the bench, the same for every server under test:
// real ICE, DTLS and SRTP, and media with the shape of encrypted frames. So that
// hundreds of them cost next to nothing, the kernel drops and counts the media of
// most; those who listen decrypt every packet, and tell how long it took.
package load

import (
	"context"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/e2e/bot"
)

// Spec is one who is to take part. Its number in the list of all is its name.
type Spec struct {
	Began   time.Time // what the clock in the packets counts from; the same for all
	Sends   bool      // camera and microphone
	Listens bool      // decrypts what comes; of others the kernel counts it
	Watches []Feed
}

// Feed is what somebody sends, and others watch.
type Feed struct {
	Person int
	Source control.Source
}

// Person is one who takes part.
type Person struct {
	Spec
	Number int
	Media  *bot.Media // that sends
	Leaf   int
	Meter  *bot.Meter // of who listens
	Ears   []*Ear
	Close  func()
}

// Server is a server under test.
type Server interface {
	Name() string
	PID() int
	// AtOnce is how many people enter at a time.
	AtOnce() int
	// Enter brings everybody in, whose media flows when it returns.
	Enter(ctx context.Context, all []Spec) ([]*Person, error)
}

// NewPerson returns who has not entered yet.
func NewPerson(number int, spec Spec) *Person {
	p := &Person{Spec: spec, Number: number, Leaf: number + 1, Close: func() {}}
	if spec.Listens {
		p.Meter = bot.NewMeter(spec.Began)
	}
	return p
}

// Shape returns the shape of a new connection of p, on a socket of its own, which
// has as many slots as are told.
func (p *Person) Shape(audio, video int) (bot.Shape, error) {
	ear, err := NewEar(!p.Listens)
	if err != nil {
		return bot.Shape{}, err
	}
	p.Ears = append(p.Ears, ear)
	before := p.Close
	p.Close = func() {
		before()
		_ = ear.Close()
	}
	return bot.Shape{Audio: audio, Video: video, Numbered: true, Settings: ear.settings}, nil
}

// CloseAll ends the connections of everybody.
func CloseAll(people []*Person) {
	for _, p := range people {
		p.Close()
	}
}

// Received returns how many RTP packets have reached each of people so far.
func Received(people []*Person) ([]uint64, error) {
	counts := make([]uint64, len(people))
	for i, p := range people {
		if p.Meter != nil {
			counts[i] = p.Meter.Count()
			continue
		}
		for _, e := range p.Ears {
			n, err := e.Dropped()
			if err != nil {
				return nil, err
			}
			counts[i] += n
		}
	}
	return counts, nil
}

// count returns how many of kind there are among feeds.
func count(feeds []Feed, source control.Source) (n int) {
	for _, f := range feeds {
		if f.Source == source {
			n++
		}
	}
	return n
}

// Slots returns how many slots of each kind p needs.
func (p *Person) Slots() (audio, video int) {
	return count(p.Watches, control.Microphone), count(p.Watches, control.Camera)
}

// Views pairs what p watches with the slots of media, in order.
func (p *Person) Views(media *bot.Media, name func(person int) string) (views []control.View) {
	free := map[control.Source][]string{
		control.Microphone: media.Slots(webrtc.RTPCodecTypeAudio),
		control.Camera:     media.Slots(webrtc.RTPCodecTypeVideo),
	}
	for _, f := range p.Watches {
		mids := free[f.Source]
		views = append(views, control.View{Mid: mids[0], Peer: name(f.Person), Source: f.Source})
		free[f.Source] = mids[1:]
	}
	return views
}
