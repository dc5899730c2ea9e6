package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// HashMemory is how much memory a hash passes over, in KiB.
const HashMemory = 32 << 10

// What else a hash costs, and how long it is.
const (
	hashPasses  = 2
	hashThreads = 1
	hashSalt    = 16
	hashLength  = 32
)

// maxWaiting is how many passwords may wait to be hashed.
const maxWaiting = 64

// Hasher hashes passwords with argon2id, few at once: each takes much memory,
// which is the point of it.
type Hasher struct {
	memory  uint32
	running chan struct{} // a place for each hash at work
	waiting chan struct{} // a place for each that waits
	nobody  string        // the hash of a password that nobody knows
}

// NewHasher returns a Hasher that uses all processors. Memory is HashMemory but
// in tests of something else.
func NewHasher(memory uint32) *Hasher {
	return &Hasher{
		memory:  memory,
		running: make(chan struct{}, runtime.GOMAXPROCS(0)),
		waiting: make(chan struct{}, maxWaiting),
		nobody:  phcString(memory, randomBytes(hashSalt), randomBytes(hashLength)),
	}
}

// Hash returns the PHC string that stands for password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	done, err := h.start(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := randomBytes(hashSalt)
	key := argon2.IDKey([]byte(password), salt, hashPasses, h.memory, hashThreads, hashLength)
	return phcString(h.memory, salt, key), nil
}

// Verify reports whether encoded stands for password. An empty encoded, of a
// user who does not exist, takes as long as any and is never right.
func (h *Hasher) Verify(ctx context.Context, encoded, password string) (bool, error) {
	exists := encoded != ""
	if !exists {
		encoded = h.nobody
	}
	p, err := parsePHC(encoded)
	if err != nil {
		return false, err
	}
	done, err := h.start(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	got := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.threads, uint32(len(p.key))) //nolint:gosec // a few bytes
	return subtle.ConstantTimeCompare(got, p.key) == 1 && exists, nil
}

// start waits for a processor. It says ErrBusy when too many wait already.
func (h *Hasher) start(ctx context.Context) (done func(), err error) {
	done = func() { <-h.running }
	select {
	case h.running <- struct{}{}:
		return done, nil
	default:
	}
	select {
	case h.waiting <- struct{}{}:
		defer func() { <-h.waiting }()
	default:
		return nil, ErrBusy
	}
	select {
	case h.running <- struct{}{}:
		return done, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash: %w", ctx.Err())
	}
}

// phc is a parsed PHC string: a hash and how it was made.
type phc struct {
	memory, passes uint32
	threads        uint8
	salt, key      []byte
}

func phcString(memory uint32, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, hashPasses, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// errPHC never quotes the string.
var errPHC = errors.New("stored password hash is not argon2id")

func parsePHC(encoded string) (p phc, err error) {
	fields := strings.Split(encoded, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errPHC
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil {
		return phc{}, errPHC
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(fields[4]); err != nil {
		return phc{}, errPHC
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(fields[5]); err != nil || len(p.key) == 0 {
		return phc{}, errPHC
	}
	if p.passes == 0 || p.threads == 0 {
		return phc{}, errPHC
	}
	return p, nil
}
