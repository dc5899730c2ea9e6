package auth

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPending[string](time.Minute)
		secret := p.begin("one")
		if got, ok := p.look(secret); !ok || got != "one" {
			t.Errorf("look = %q, %v", got, ok)
		}
		if got, ok := p.finish(secret); !ok || got != "one" {
			t.Errorf("finish = %q, %v", got, ok)
		}
		if _, ok := p.finish(secret); ok {
			t.Error("finished twice")
		}
		secret = p.begin("two")
		time.Sleep(time.Minute)
		if _, ok := p.look(secret); ok {
			t.Error("looked at too late")
		}
		if _, ok := p.finish(secret); ok {
			t.Error("finished too late")
		}
	})
}

func TestPendingIsBounded(t *testing.T) {
	p := newPending[int](time.Hour)
	first := p.begin(0)
	var last string
	for i := range maxPending {
		last = p.begin(i)
	}
	if _, ok := p.finish(first); ok || p.order.Len() != maxPending || len(p.byKey) != maxPending {
		t.Errorf("the oldest is still there, of %d", p.order.Len())
	}
	if got, ok := p.finish(last); !ok || got != maxPending-1 {
		t.Errorf("the newest = %d, %v", got, ok)
	}
}
