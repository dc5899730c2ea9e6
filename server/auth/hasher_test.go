package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

func TestHashAndVerify(t *testing.T) {
	h := NewHasher(HashMemory)
	encoded, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=32768,t=2,p=1$") {
		t.Errorf("hash = %s", encoded)
	}
	again, err := h.Hash(t.Context(), "correct horse")
	if err != nil || again == encoded {
		t.Errorf("the same password has the same hash twice, %v", err)
	}
	salt := []byte("some salt")
	cheap := fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$%s$%s", base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte("battery"), salt, 1, 64, 1, 32)))
	for _, tt := range []struct {
		name, encoded, password string
		want                    bool
	}{
		{"right", encoded, "correct horse", true},
		{"wrong", encoded, "correct horsE", false},
		{"empty", encoded, "", false},
		{"nobody", "", "correct horse", false},
		{"nobody, empty", "", "", false},
		{"of another cost", cheap, "battery", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := h.Verify(t.Context(), tt.encoded, tt.password); err != nil || got != tt.want {
				t.Errorf("Verify = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

// The time a refusal takes must not tell whether the account exists, so the
// same memory is passed over.
func TestNobodysPasswordCostsAsMuch(t *testing.T) {
	h := NewHasher(HashMemory)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := h.Verify(t.Context(), "", "password"); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used < HashMemory<<10 {
		t.Errorf("it took %d bytes, a hash takes %d", used, HashMemory<<10)
	}
}

func TestAQueueTooLongIsRefused(t *testing.T) {
	h := cheapHasher()
	for range cap(h.running) {
		h.running <- struct{}{}
	}
	for range maxWaiting {
		h.waiting <- struct{}{}
	}
	if _, err := h.Hash(t.Context(), "password"); !errors.Is(err, ErrBusy) {
		t.Errorf("Hash = %v, want ErrBusy", err)
	}
	if _, err := h.Verify(t.Context(), "", "password"); !errors.Is(err, ErrBusy) {
		t.Errorf("Verify = %v, want ErrBusy", err)
	}

	<-h.waiting
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := h.Hash(gone, "password"); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash for a client that left = %v", err)
	}
	if len(h.waiting) != maxWaiting-1 {
		t.Error("a client that left still waits")
	}
	<-h.running
	if _, err := h.Hash(t.Context(), "password"); err != nil {
		t.Errorf("Hash with a place free = %v", err)
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(phcString(64, []byte("salt"), []byte("key")))
	f.Add("$argon2id$v=19$m=,t=0,p=1$$")
	f.Add("$2a$10$abcdefghijklmnopqrstuv")
	f.Fuzz(func(t *testing.T, encoded string) {
		p, err := parsePHC(encoded)
		if err == nil && (p.passes == 0 || p.threads == 0 || len(p.key) == 0) {
			t.Errorf("parsePHC(%q) = %+v", encoded, p)
		}
	})
}
