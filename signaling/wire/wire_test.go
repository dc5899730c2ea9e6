package wire

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestDecodeAccepts(t *testing.T) {
	for _, tt := range []struct {
		name, frame string
		want        Command
	}{
		{
			"join", `{"type":"join","id":1,"data":{"version":1,"offer":"v=0","keyPackage":"a_-9","door":"link"}}`,
			&Join{Version: 1, Offer: "v=0", KeyPackage: "a_-9", Door: DoorLink},
		},
		{"leave without data", `{"type":"leave","id":2}`, &Leave{}},
		{"end", `{"type":"end_meeting","id":3,"data":{}}`, &EndMeeting{}},
		{"camera on", `{"type":"publish","data":{"source":"camera","live":true}}`, &Publish{Source: Camera, Live: true}},
		{"share", `{"type":"publish","data":{"source":"screen","live":true,"surface":"window"}}`, &Publish{Source: Screen, Live: true, Surface: Window}},
		{"share stopped", `{"type":"publish","data":{"source":"screen","live":false}}`, &Publish{Source: Screen}},
		{
			"watch", `{"type":"watch","data":{"slots":[{"mid":"7","participant":"p","source":"camera","height":360}]}}`,
			&Watch{Slots: []SlotWish{{Mid: "7", Participant: "p", Source: Camera, Height: 360}}},
		},
		{"mute", `{"type":"mute","id":1,"data":{"participant":"p2"}}`, &Mute{Participant: "p2"}},
		{"empty commit", `{"type":"commit","data":{"epoch":0,"commit":"AA"}}`, &Commit{Commit: "AA"}},
		{
			"commit", `{"type":"commit","data":{"epoch":9007199254740991,"commit":"AA","welcome":"BB","tree":"CC","removed":["r"],
				"added":[{"participant":"p","leaf":65535},{"participant":"q","leaf":0}],"rules":{"locked":true,"lobby":false,"membersAdd":true}}}`,
			&Commit{
				Epoch: 1<<53 - 1, Commit: "AA", Welcome: "BB", Tree: "CC", Removed: []string{"r"},
				Added: []Added{{"p", 65535}, {"q", 0}}, Rules: &Rules{Locked: true, MembersAdd: true},
			},
		},
		{"pause", `{"type":"pause_share","data":{"paused":true}}`, &PauseShare{Paused: true}},
		{"reached", `{"type":"reached","id":1,"data":{"epoch":7}}`, &Reached{Epoch: 7}},
		{"deny", `{"type":"deny","data":{"participant":"p2"}}`, &Deny{Participant: "p2"}},
		{"expel", `{"type":"expel","data":{"participant":"p2"}}`, &Expel{Participant: "p2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, err := Decode([]byte(tt.frame))
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Fatalf("Decode = %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct{ name, frame string }{
		{"not JSON", `hello`},
		{"empty", ``},
		{"array", `[]`},
		{"unknown command", `{"type":"explode","data":{}}`},
		{"event sent as command", `{"type":"welcome","data":{}}`},
		{"no data where some is needed", `{"type":"mute"}`},
		{"null data where some is needed", `{"type":"mute","data":null}`},
		{"duplicate name in the envelope", `{"type":"leave","type":"end_meeting"}`},
		{"duplicate name in the data", `{"type":"mute","data":{"participant":"a","participant":"b"}}`},
		{"name in another case", `{"type":"leave","TYPE":"end_meeting"}`},
		{"Kelvin sign for k", "{\"type\":\"publish\",\"data\":{\"source\":\"microphone\",\"live\":true,\"\u212A\":1}}"},
		{"unknown member", `{"type":"mute","data":{"participant":"a","force":true}}`},
		{"invalid UTF-8", "{\"type\":\"mute\",\"data\":{\"participant\":\"\xff\"}}"},
		{"lone surrogate", `{"type":"mute","data":{"participant":"\ud800"}}`},
		{"trailing data", `{"type":"leave"}{"type":"end_meeting"}`},
		{"negative id", `{"type":"leave","id":-1}`},
		{"wrong type", `{"type":"mute","data":{"participant":7}}`},
		{"unknown source", `{"type":"publish","data":{"source":"desktop","live":true}}`},
		{"share without a surface", `{"type":"publish","data":{"source":"screen","live":true}}`},
		{"camera with a surface", `{"type":"publish","data":{"source":"camera","live":true,"surface":"window"}}`},
		{"stopped share with a surface", `{"type":"publish","data":{"source":"screen","live":false,"surface":"window"}}`},
		{"unknown surface", `{"type":"publish","data":{"source":"screen","live":true,"surface":"desk"}}`},
		{"watching a microphone", `{"type":"watch","data":{"slots":[{"mid":"1","participant":"p","source":"microphone","height":1}]}}`},
		{"one slot twice", `{"type":"watch","data":{"slots":[{"mid":"1","participant":"p","source":"camera","height":1},{"mid":"1","participant":"q","source":"camera","height":1}]}}`},
		{"height out of range", `{"type":"watch","data":{"slots":[{"mid":"1","participant":"p","source":"camera","height":100000}]}}`},
		{"too many slots", `{"type":"watch","data":{"slots":[` + strings.Repeat(`{},`, MaxSlots) + `{}]}}`},
		{"long id", `{"type":"mute","data":{"participant":"` + strings.Repeat("x", 65) + `"}}`},
		{"empty offer", `{"type":"join","data":{"version":1,"offer":"","keyPackage":"AA","door":"link"}}`},
		{"no key package", `{"type":"join","data":{"version":1,"offer":"v=0","door":"link"}}`},
		{"key package of another alphabet", `{"type":"join","data":{"version":1,"offer":"v=0","keyPackage":"A+==","door":"link"}}`},
		{"long key package", `{"type":"join","data":{"version":1,"offer":"v=0","door":"link","keyPackage":"` + strings.Repeat("A", maxKeyPackage+1) + `"}}`},
		{"unknown door", `{"type":"join","data":{"version":1,"offer":"v=0","keyPackage":"AA","door":"window"}}`},
		{"commit of nothing", `{"type":"commit","data":{"epoch":1,"commit":""}}`},
		{"commit in no epoch of a browser", `{"type":"commit","data":{"epoch":9007199254740992,"commit":"AA"}}`},
		{"reached no epoch of a browser", `{"type":"reached","data":{"epoch":9007199254740992}}`},
		{"negative epoch", `{"type":"reached","data":{"epoch":-1}}`},
		{"add without welcome", `{"type":"commit","data":{"epoch":1,"commit":"AA","tree":"AA","added":[{"participant":"p","leaf":1}]}}`},
		{"add without tree", `{"type":"commit","data":{"epoch":1,"commit":"AA","welcome":"AA","added":[{"participant":"p","leaf":1}]}}`},
		{"welcome for nobody", `{"type":"commit","data":{"epoch":1,"commit":"AA","welcome":"AA","tree":"AA"}}`},
		{"leaf out of range", addTwo(`{"participant":"p","leaf":65536}`, `{"participant":"q","leaf":1}`)},
		{"one leaf for two", addTwo(`{"participant":"p","leaf":1}`, `{"participant":"q","leaf":1}`)},
		{"one added twice", addTwo(`{"participant":"p","leaf":1}`, `{"participant":"p","leaf":2}`)},
		{"added and removed", `{"type":"commit","data":{"epoch":1,"commit":"AA","welcome":"AA","tree":"AA","added":[{"participant":"p","leaf":1}],"removed":["p"]}}`},
		{"removed twice", `{"type":"commit","data":{"epoch":1,"commit":"AA","removed":["p","p"]}}`},
		{"too many removed", `{"type":"commit","data":{"epoch":1,"commit":"AA","removed":[` + strings.Repeat(`"p",`, MaxRemoved) + `"p"]}}`},
		{"rules of another type", `{"type":"commit","data":{"epoch":1,"commit":"AA","rules":{"locked":1}}}`},
		{"denying nobody", `{"type":"deny","data":{}}`},
		{"expelling nobody", `{"type":"expel","data":{}}`},
		{"oversize", `{"type":"join","data":{"version":1,"offer":"` + strings.Repeat("x", MaxFrame) + `"}}`},
		{"deep nesting", strings.Repeat(`[`, 100_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, cmd, err := Decode([]byte(tt.frame))
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("Decode = %+v, %v; want ErrMalformed", cmd, err)
			}
			if len(err.Error()) > 200 {
				t.Errorf("error of %d bytes quotes the frame", len(err.Error()))
			}
		})
	}
}

// addTwo is a commit that adds two.
func addTwo(a, b string) string {
	return `{"type":"commit","data":{"epoch":1,"commit":"AA","welcome":"AA","tree":"AA","added":[` + a + `,` + b + `]}}`
}

func TestEventsRoundTrip(t *testing.T) {
	for name, newEvent := range events {
		frame, err := Encode(newEvent())
		if err != nil {
			t.Fatalf("Encode(%s) = %v", name, err)
		}
		back, err := DecodeEvent(frame)
		if err != nil || back.event() != name {
			t.Errorf("DecodeEvent(%s) = %v, %v", frame, back, err)
		}
	}
}

// What a client encodes the server decodes to the same command.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"type":"join","id":1,"data":{"version":1,"offer":"v=0","keyPackage":"AA","door":"password"}}`))
	f.Add([]byte(addTwo(`{"participant":"p","leaf":1}`, `{"participant":"q","leaf":2}`)))
	f.Add([]byte(`{"type":"commit","data":{"epoch":1,"commit":"AA","added":[],"removed":["r"],"rules":{"locked":true}}}`))
	f.Add([]byte(`{"type":"publish","id":2,"data":{"source":"screen","live":true,"surface":"window"}}`))
	f.Add([]byte(`{"type":"watch","id":3,"data":{"slots":[{"mid":"7","participant":"p","source":"camera","height":360}]}}`))
	f.Add([]byte(`{"type":"leave","TYPE":"end_meeting"}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		env, cmd, err := Decode(frame)
		if err != nil {
			return
		}
		again, err := EncodeCommand(env.ID, cmd)
		if err != nil {
			t.Fatalf("EncodeCommand(%+v) = %v", cmd, err)
		}
		_, same, err := Decode(again)
		if err != nil {
			t.Fatalf("%s decoded to %+v, but its encoding %s to %v", frame, cmd, again, err)
		}
		// A list that is not there and an empty one mean the same.
		if once, err := EncodeCommand(env.ID, same); err != nil || !bytes.Equal(once, again) {
			t.Fatalf("%s was encoded as %s, and then as %s, %v", frame, again, once, err)
		}
	})
}
