package auth

import (
	"container/list"
	"sync"
	"time"
)

// maxPending is how much of one kind may wait to be finished. Beyond that the
// oldest is forgotten: whoever began it begins anew, and nobody is kept out.
const maxPending = 10_000

// pending are things that somebody began, and finishes soon or not at all. Each
// is known by a secret, and may be finished once.
type pending[T any] struct {
	life time.Duration

	mu    sync.Mutex // guards byKey and order
	byKey map[digest]*list.Element
	order *list.List // of *begun[T], the oldest in front
}

// begun is one of them.
type begun[T any] struct {
	key     digest
	what    T
	expires time.Time
}

func newPending[T any](life time.Duration) *pending[T] {
	return &pending[T]{life: life, byKey: make(map[digest]*list.Element), order: list.New()}
}

// begin keeps what, and returns the secret it is known by.
func (p *pending[T]) begin(what T) string {
	secret := newSecret()
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for oldest := p.order.Front(); oldest != nil; oldest = p.order.Front() {
		if now.Before(oldest.Value.(*begun[T]).expires) && p.order.Len() < maxPending {
			break
		}
		p.remove(oldest)
	}
	b := &begun[T]{key: digestOf(secret), what: what, expires: now.Add(p.life)}
	p.byKey[b.key] = p.order.PushBack(b)
	return secret
}

// look returns what secret is for, and leaves it there.
func (p *pending[T]) look(secret string) (T, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.byKey[digestOf(secret)] // by digest: how long this takes tells nothing of a secret
	if found == nil || !time.Now().Before(found.Value.(*begun[T]).expires) {
		var none T
		return none, false
	}
	return found.Value.(*begun[T]).what, true
}

// finish returns what secret is for, once.
func (p *pending[T]) finish(secret string) (T, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var none T
	found := p.byKey[digestOf(secret)]
	if found == nil {
		return none, false
	}
	b := p.remove(found)
	if !time.Now().Before(b.expires) {
		return none, false
	}
	return b.what, true
}

// remove drops one and returns it. The caller holds p.mu.
func (p *pending[T]) remove(e *list.Element) *begun[T] {
	b := p.order.Remove(e).(*begun[T])
	delete(p.byKey, b.key)
	return b
}
