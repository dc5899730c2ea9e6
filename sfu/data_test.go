package sfu_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// talk joins a bot and waits until it can send and get messages.
func (st *stage) talk(id string, host bool) *peer {
	st.t.Helper()
	p := st.await(st.seat(sfu.Seat{ID: id, Leaf: st.nextLeaf(), Host: host}, bot.Shape{Audio: 1, Video: 1}))
	st.ready(p)
	return p
}

// ready waits until the data of a bot can flow in both directions.
func (st *stage) ready(p *peer) {
	st.t.Helper()
	if err := p.AwaitChannels(st.deadline()); err != nil {
		st.t.Fatal(err)
	}
	st.until("channels to "+p.id, func(int) {}, func() bool { return st.group.Reachable(p.id) })
}

// hearing waits until all of listeners have got body from speaker on a channel,
// and with it all that speaker said before.
func (st *stage) hearing(speaker *peer, class bot.Class, body string, listeners ...*peer) {
	st.t.Helper()
	if err := speaker.Say(class, bot.ToEveryone, body); err != nil {
		st.t.Fatal(err)
	}
	for _, p := range listeners {
		st.until(body+" at "+p.id, func(int) {}, func() bool { return slices.Contains(p.bodies(class), body) })
	}
}

func TestMessagesGoToWhomTheyAreFor(t *testing.T) {
	st := newStage(t)
	st.sfu.LiftPace()
	ada, bob, carol, host := st.talk("ada", true), st.talk("bob", false), st.talk("carol", false), st.talk("host", true)
	st.group.Reseat(sfu.Seat{ID: "bob", Presenter: true})
	for _, class := range []bot.Class{bot.Chat, bot.Hint} {
		for _, tt := range []struct {
			name string
			to   bot.Recipients
			want []*peer
		}{
			{"to everyone", bot.ToEveryone, []*peer{bob, carol, host}},
			{"to the hosts", bot.ToHosts, []*peer{host}},
			{"to the presenters", bot.ToPresenters, []*peer{bob}},
			{"to carol", bot.ToLeaf(3), []*peer{carol}},
			{"to oneself", bot.ToLeaf(1), nil},
			{"to nobody there", bot.ToLeaf(99), nil},
		} {
			if err := ada.Say(class, tt.to, tt.name); err != nil {
				t.Fatal(err)
			}
			st.hearing(ada, class, "after "+tt.name, bob, carol, host)
			for _, p := range []*peer{bob, carol, host} {
				if got, want := slices.Contains(p.bodies(class), tt.name), slices.Contains(tt.want, p); got != want {
					t.Errorf("class %d: %q at %s: %t, want %t", class, tt.name, p.id, got, want)
				}
			}
		}
		st.hearing(bob, class, "back", ada)
		if got := ada.bodies(class); !slices.Equal(got, []string{"back"}) {
			t.Errorf("class %d: the sender got %q", class, got)
		}
	}
	if s := st.sfu.Stats(); s.DataRefused+s.DataDropped != 0 {
		t.Errorf("%+v", s)
	}
}

// How a share stands is said also by who may write to nobody; but not in so many
// words that one could chat that way.
func TestNoticesPassWhereChatMayNot(t *testing.T) {
	st := newStage(t)
	st.sfu.LiftPace()
	var silent atomic.Bool
	st.mayChat = func(string, sfu.Audience) bool { return !silent.Load() }
	ada, bob := st.talk("ada", true), st.talk("bob", false)
	silent.Store(true)
	for i, m := range []struct {
		class bot.Class
		size  int
		body  string
	}{{bot.Chat, 82, "chat"}, {bot.Notice, 200, "much"}, {bot.Notice, 82, "notice"}} {
		message := bot.Message(m.class, bot.ToEveryone, 1, uint64(1000+i), m.body, m.size) //nolint:gosec // small
		if err := ada.SendData(bot.Chat, message); err != nil {
			t.Fatal(err)
		}
	}
	st.until("the notice", func(int) {}, func() bool { return bob.count(bot.Chat) > 0 })
	if got := bob.bodies(bot.Chat); !slices.Equal(got, []string{"notice"}) {
		t.Errorf("bob got %q", got)
	}
}

// The room is asked who writes to whom, and what it refuses reaches nobody. One who
// is not there is written to by nobody, and nobody is to blame.
func TestMessagesThatMayNotPass(t *testing.T) {
	st := newStage(t)
	st.sfu.LiftPace()
	var forbidden atomic.Bool
	asked := make(chan string, 100)
	st.mayChat = func(peer string, to sfu.Audience) bool {
		asked <- fmt.Sprintf("%s %+v", peer, to)
		return !forbidden.Load()
	}
	ada, bob := st.talk("ada", true), st.talk("bob", false)
	st.group.Reseat(sfu.Seat{ID: "ada", Host: true, Presenter: true})
	say := func(class bot.Class, to bot.Recipients, body string) string {
		t.Helper()
		if err := bob.Say(class, to, body); err != nil {
			t.Fatal(err)
		}
		select {
		case question := <-asked:
			return question
		case <-st.deadline().Done():
			t.Fatal("nobody was asked")
			return ""
		}
	}
	for _, tt := range []struct {
		to   bot.Recipients
		asks string
	}{
		{bot.ToEveryone, "bob {Hosts:false Presenters:false Peer:}"},
		{bot.ToHosts, "bob {Hosts:true Presenters:false Peer:}"},
		{bot.ToPresenters, "bob {Hosts:false Presenters:true Peer:}"},
		{bot.ToLeaf(1), "bob {Hosts:false Presenters:false Peer:ada}"},
	} {
		for _, class := range []bot.Class{bot.Chat, bot.Hint} {
			before := st.sfu.Stats().DataRefused
			forbidden.Store(true)
			if question := say(class, tt.to, "forbidden"); question != tt.asks {
				t.Errorf("class %d: asked %q, want %q", class, question, tt.asks)
			}
			st.until("the refusal", func(int) {}, func() bool { return st.sfu.Stats().DataRefused == before+1 })
			forbidden.Store(false)
			say(class, tt.to, tt.asks)
			st.until("what is allowed", func(int) {}, func() bool { return slices.Contains(ada.bodies(class), tt.asks) })
			if slices.Contains(ada.bodies(class), "forbidden") {
				t.Errorf("class %d: %q came all the same", class, tt.asks)
			}
		}
	}
	before := st.sfu.Stats()
	if err := bob.Say(bot.Chat, bot.ToLeaf(99), "nobody"); err != nil {
		t.Fatal(err)
	}
	question, after := say(bot.Chat, bot.ToEveryone, "after"), st.sfu.Stats()
	after.Sent = before.Sent // datagrams go all the time
	if question != "bob {Hosts:false Presenters:false Peer:}" || after != before {
		t.Errorf("to nobody: asked %q, %+v", question, after)
	}
}

func TestMessagesPassAsTheyAre(t *testing.T) {
	st := newStage(t)
	ada, bob := st.talk("ada", false), st.talk("bob", false)
	longest := bot.Message(bot.Chat, bot.ToLeaf(2), 1, 1<<40, strings.Repeat("long ", 100), 16<<10-5-1-4-6)
	if len(longest) != 16<<10 {
		t.Fatalf("the longest message has %d bytes", len(longest))
	}
	if err := ada.SendData(bot.Chat, longest); err != nil {
		t.Fatal(err)
	}
	st.hearing(ada, bot.Chat, "after", bob)
	bob.mu.Lock()
	defer bob.mu.Unlock()
	if got := bob.messages[bot.Chat][0]; string(got) != string(longest) {
		t.Errorf("%d bytes came as % x… (%d bytes)", len(longest), got[:20], len(got))
	}
}

func TestMessagesThatAreNotAsTheyShouldBeAreRefused(t *testing.T) {
	st := newStage(t)
	ada, bob := st.talk("ada", false), st.talk("bob", false)
	good := bot.Message(bot.Chat, bot.ToEveryone, 1, 1, "", 80)
	change := func(i int, b byte) []byte {
		m := slices.Clone(good)
		m[i] = b
		return m
	}
	cases := []struct {
		name string
		on   bot.Class
		m    []byte
	}{
		{"of another leaf", bot.Chat, bot.Message(bot.Chat, bot.ToEveryone, 2, 1, "", 80)},
		{"encrypted as a camera's frame", bot.Chat, change(4, 1)},
		{"in the clear", bot.Chat, []byte("\x01\x01\x00hello, everyone" + strings.Repeat("!", 80))},
		{"of another version", bot.Chat, change(0, 2)},
		{"of an unknown class", bot.Chat, change(1, 4)},
		{"chat on the lossy channel", bot.Hint, good},
		{"a hint on the reliable channel", bot.Chat, bot.Message(bot.Hint, bot.ToEveryone, 1, 1, "", 80)},
		{"a hint too long", bot.Hint, bot.Message(bot.Hint, bot.ToEveryone, 1, 1, "", 1<<10)},
		{"chat too long", bot.Chat, bot.Message(bot.Chat, bot.ToEveryone, 1, 1, "", 16<<10-7)},
		{"too short to be signed", bot.Chat, bot.Message(bot.Chat, bot.ToEveryone, 1, 1, "", 79)},
		{"one byte", bot.Chat, []byte{1}},
	}
	for i, tt := range cases {
		if err := ada.SendData(tt.on, tt.m); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		st.until("refusal of a message "+tt.name, func(int) {}, func() bool { return st.sfu.Stats().DataRefused >= int64(i+1) })
		if n := st.sfu.Stats().DataRefused; n != int64(i+1) {
			t.Errorf("%s: %d refused, want %d", tt.name, n, i+1)
		}
	}
	if err := ada.Channel(bot.Chat).SendText(string(good)); err != nil {
		t.Fatal(err)
	}
	st.hearing(ada, bot.Chat, "good", bob)
	st.hearing(ada, bot.Hint, "good", bob)
	if got := slices.Concat(bob.bodies(bot.Chat), bob.bodies(bot.Hint)); !slices.Equal(got, []string{"good", "good"}) {
		t.Errorf("bob got %q", got)
	}
	if n := st.sfu.Stats().DataRefused; n != int64(len(cases)+1) {
		t.Errorf("%d refused, want the text too", n)
	}
}

func TestMessagesTooManyAreDropped(t *testing.T) {
	for _, tt := range []struct {
		name       string
		class      bot.Class
		size, sent int
		want, most int // that pass: a burst, and what comes free meanwhile
	}{
		{"chat", bot.Chat, 80, 60, 20, 30},
		{"bytes of chat", bot.Chat, 15 << 10, 12, 4, 8},
		{"hints", bot.Hint, 80, 200, 60, 120},
	} {
		t.Run(tt.name, func(t *testing.T) {
			st := newStage(t)
			ada, bob := st.talk("ada", false), st.talk("bob", false)
			for i := range tt.sent {
				if err := ada.SendData(tt.class, bot.Message(tt.class, bot.ToEveryone, 1, uint64(i), "x", tt.size)); err != nil { //nolint:gosec // small
					t.Fatal(err)
				}
			}
			st.until("the fate of all", func(int) {}, func() bool {
				return bob.count(tt.class)+int(st.sfu.Stats().DataRefused) == tt.sent
			})
			if n := bob.count(tt.class); n < tt.want || n > tt.most {
				t.Errorf("%d of %d passed, want %d to %d", n, tt.sent, tt.want, tt.most)
			}
		})
	}
}

// A receiver that does not read loses what no longer fits its buffer. The others
// get everything, and the server holds no more than the buffer.
func TestSlowReceiverLosesOnlyItsOwn(t *testing.T) {
	const n = 1000
	for _, tt := range []struct {
		class bot.Class
		size  int
		most  uint64
	}{{bot.Chat, 1500, 1 << 20}, {bot.Hint, 1000, 64 << 10}} {
		t.Run(fmt.Sprint("class ", tt.class), func(t *testing.T) {
			st := newStage(t)
			st.sfu.LiftPace()
			ada, bob, carol := st.talk("ada", false), st.talk("bob", false), st.talk("carol", false)
			slow := st.talk("slow", false)
			release := make(chan struct{})
			defer close(release)
			slow.mu.Lock()
			slow.hold = release
			slow.mu.Unlock()
			for i := range n {
				m := bot.Message(tt.class, bot.ToEveryone, 1, uint64(i), fmt.Sprint(i), tt.size) //nolint:gosec // small
				if err := ada.SendData(tt.class, m); err != nil {
					t.Fatal(err)
				}
				if i%25 == 0 {
					st.until("room for the next few at bob and carol", func(int) {}, func() bool {
						return min(bob.count(tt.class), carol.count(tt.class)) >= i && max(st.group.Waiting("bob"), st.group.Waiting("carol")) < tt.most/2
					})
				}
				if waiting := st.group.Waiting("slow"); waiting > tt.most {
					t.Fatalf("%d bytes wait for the slow one", waiting)
				}
			}
			for _, p := range []*peer{bob, carol} {
				st.until("the last message", func(int) {}, func() bool { return p.count(tt.class) == n })
				for i, body := range p.bodies(tt.class) {
					if body != fmt.Sprint(i) {
						t.Fatalf("%s got %q as message %d", p.id, body, i)
					}
				}
			}
			if s := st.sfu.Stats(); s.DataDropped == 0 || s.DataDropped >= n || s.DataRefused != 0 {
				t.Errorf("%d messages lost, %d refused", s.DataDropped, s.DataRefused)
			}
		})
	}
}

// A peer that sends rubbish, or opens what was not agreed on, loses its channels;
// its call goes on, and so does everybody else's.
func TestMisusedChannelsAreClosed(t *testing.T) {
	for _, tt := range []struct {
		name   string
		misuse func(st *stage, p *peer)
	}{
		{"rubbish", func(st *stage, p *peer) {
			for range 21 {
				_ = p.SendData(bot.Chat, []byte("rubbish"))
			}
		}},
		{"a message longer than any", func(st *stage, p *peer) { _ = p.SendData(bot.Hint, make([]byte, 17<<10)) }},
		{"other channels", func(st *stage, p *peer) {
			for range 50 {
				if _, err := p.OpenChannel("another"); err != nil {
					st.t.Fatal(err)
				}
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			st := newStage(t)
			eve, ada, bob := st.talk("eve", false), st.talk("ada", false), st.talk("bob", false)
			tt.misuse(st, eve)
			st.until("the end of eve's channels", func(int) {}, func() bool {
				return eve.Channel(bot.Chat).ReadyState() == webrtc.DataChannelStateClosed &&
					eve.Channel(bot.Hint).ReadyState() == webrtc.DataChannelStateClosed
			})
			_ = eve.Say(bot.Chat, bot.ToEveryone, "from eve")
			st.hearing(ada, bot.Chat, "from ada", bob)
			if got := bob.bodies(bot.Chat); !slices.Equal(got, []string{"from ada"}) {
				t.Errorf("bob got %q", got)
			}
			st.group.SetLive("eve", sfu.Microphone, true)
			voice := bot.NewStream(webrtc.MimeTypeOpus, 1, 0, 0)
			begin := time.Now()
			audio := bob.Slots(webrtc.RTPCodecTypeAudio)[0]
			st.until("a second of eve's voice", func(int) { speak(eve, bot.Microphone, voice, 10) },
				func() bool { return time.Since(begin) > time.Second && len(bob.packets(audio)) > 50 })
			if n := st.group.Declined("eve"); n > 1 {
				t.Errorf("%d channels taken that were not agreed on", n)
			}
		})
	}
}
