package wire

import (
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
		{"join", `{"type":"join","id":1,"data":{"version":1,"offer":"v=0"}}`, &Join{Version: 1, Offer: "v=0"}},
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
		{"empty offer", `{"type":"join","data":{"version":1,"offer":""}}`},
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
	f.Add([]byte(`{"type":"join","id":1,"data":{"version":1,"offer":"v=0"}}`))
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
		if _, same, err := Decode(again); err != nil || !reflect.DeepEqual(same, cmd) {
			t.Fatalf("%s decoded to %+v, but its encoding %s to %+v, %v", frame, cmd, again, same, err)
		}
	})
}
