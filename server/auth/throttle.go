package auth

import (
	"container/list"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys is how many keys a Throttle remembers. Beyond that it forgets the one
// that was quiet the longest, whose tries have most likely come back.
const maxKeys = 10_000

// Throttle limits how often something may be tried with each key. A key has a
// number of tries at once, which come back one by one. Who gives back the tries
// that went well is limited in the others only.
type Throttle struct {
	tries int
	every time.Duration

	mu    sync.Mutex // guards keys and order
	keys  map[digest]*list.Element
	order *list.List // of *tryCount, the one used last in front
}

// tryCount is what a Throttle knows of one key.
type tryCount struct {
	key  digest
	left *rate.Limiter
}

// NewThrottle returns a Throttle that lets each key have tries at once, and one
// more after every.
func NewThrottle(tries int, every time.Duration) *Throttle {
	return &Throttle{tries: tries, every: every, keys: make(map[digest]*list.Element), order: list.New()}
}

// Take takes one of key's tries and returns nil, or a TooManyError.
func (t *Throttle) Take(key ...string) error {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	left := t.of(keyOf(key)).left
	if left.AllowN(now, 1) {
		return nil
	}
	missing := 1 - left.TokensAt(now)
	return TooManyError{Wait: time.Duration(missing * float64(t.every))}
}

// GiveBack undoes one Take that was granted.
func (t *Throttle) GiveBack(key ...string) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	count := t.of(keyOf(key))
	count.left.AllowN(now, -1) // the only way to give back what was granted at once
	if count.left.TokensAt(now) >= float64(t.tries) {
		t.forget(count.key)
	}
}

// of returns the count of key, made when needed. The caller holds t.mu.
func (t *Throttle) of(key digest) *tryCount {
	if found := t.keys[key]; found != nil {
		t.order.MoveToFront(found)
		return found.Value.(*tryCount)
	}
	if len(t.keys) >= maxKeys {
		t.forget(t.order.Back().Value.(*tryCount).key)
	}
	count := &tryCount{key: key, left: rate.NewLimiter(rate.Every(t.every), t.tries)}
	t.keys[key] = t.order.PushFront(count)
	return count
}

// forget drops what is known of key. The caller holds t.mu.
func (t *Throttle) forget(key digest) {
	t.order.Remove(t.keys[key])
	delete(t.keys, key)
}

// keyOf is a key of bounded length, however long its parts are.
func keyOf(parts []string) digest { return digestOf(strings.Join(parts, "\x00")) }
