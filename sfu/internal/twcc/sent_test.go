package twcc

import (
	"testing"
	"time"
)

// Who hears of what was sent soon needs little room for it, and who hears late gets it.
func TestRoomForWhatIsOnItsWay(t *testing.T) {
	for name, c := range map[string]struct {
		each time.Duration // between two packets
		late int           // packets that are on their way when the first is told of
		room int           // for so many
	}{
		"soon":                       {each: 2 * ms, late: fewestSent - 1, room: fewestSent},
		"one too many":               {each: 2 * ms, late: fewestSent, room: 2 * fewestSent},
		"late, of many":              {each: 2 * ms, late: 2500, room: mostSent},
		"late, of few":               {each: 100 * ms, late: 100, room: fewestSent},
		"never, of few in much time": {each: 50 * ms, late: 1 << 15, room: fewestSent},
		"never, of many":             {each: ms / 2, late: 1 << 15, room: mostSent},
	} {
		t.Run(name, func(t *testing.T) {
			var s Sent
			var a Arrivals
			now := time.Unix(1, 0)
			told := 0
			for sent := range 2*c.late + 3 {
				now = now.Add(c.each)
				s.Number(now, 1, false)
				if sent < c.late || c.late > mostSent {
					continue
				}
				a.Came(uint16(sent-c.late), now.Sub(time.Unix(0, 0)))
				acks, err := hear(&s, a.Feedback(1, 2), nil)
				if told += len(acks); err != nil {
					t.Fatal(err)
				}
			}
			if want := c.late + 3; c.late <= mostSent && told != want {
				t.Errorf("told of %d packets, want %d", told, want)
			}
			if len(s.packets) != c.room {
				t.Errorf("room for %d, want %d", len(s.packets), c.room)
			}
		})
	}
}
