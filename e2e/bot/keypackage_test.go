package bot

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"
)

// reader reads the presentation language of RFC 9420 §2.1. It stops at the first
// error.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n > len(r.rest) {
		r.err = errors.New("too short")
		return make([]byte, n)
	}
	p := r.rest[:n]
	r.rest = r.rest[n:]
	return p
}

func (r *reader) uint16() uint16 { return binary.BigEndian.Uint16(r.take(2)) }
func (r *reader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }

// opaque reads a vector whose length stands in front, in as few bytes as can be
// (§2.1.2).
func (r *reader) opaque() []byte {
	first := r.take(1)[0]
	prefix := first >> 6
	if prefix == 3 {
		r.err = errors.New("no such length")
		return nil
	}
	n := int(first & 0x3f)
	for _, b := range r.take(1<<prefix - 1) {
		n = n<<8 | int(b)
	}
	if prefix == 1 && n < 1<<6 || prefix == 2 && n < 1<<14 {
		r.err = errors.New("length is longer than it need be")
	}
	if n > len(r.rest) {
		r.err = errors.New("too short")
		return nil
	}
	return r.take(n)
}

func (r *reader) list() (values []uint16) {
	in := reader{rest: r.opaque()}
	for len(in.rest) > 0 && in.err == nil {
		values = append(values, in.uint16())
	}
	r.err = errors.Join(r.err, in.err)
	return values
}

// parsed is what a key package says.
type parsed struct {
	init, leaf, signer, identity                        []byte
	versions, suites, extensions, proposals, credential []uint16
	notBefore, notAfter                                 uint64
}

// parse reads an MLSMessage that holds a KeyPackage and verifies both signatures
// over what §7.2 and §10 say is signed, not over what the encoder kept.
func parse(message []byte) (kp parsed, err error) {
	r := &reader{rest: message}
	if v, w := r.uint16(), r.uint16(); v != 1 || w != 5 {
		return kp, errors.New("not a key package")
	}
	whole := r.rest
	if v, s := r.uint16(), r.uint16(); v != 1 || s != 1 {
		return kp, errors.New("another version or suite")
	}
	kp.init = r.opaque()

	node := r.rest
	kp.leaf, kp.signer = r.opaque(), r.opaque()
	if r.uint16() != 1 {
		return kp, errors.New("no basic credential")
	}
	kp.identity = r.opaque()
	kp.versions, kp.suites, kp.extensions, kp.proposals, kp.credential = r.list(), r.list(), r.list(), r.list(), r.list()
	if r.take(1)[0] != 1 {
		return kp, errors.New("leaf is not of a key package")
	}
	kp.notBefore, kp.notAfter = r.uint64(), r.uint64()
	nodeExtensions := r.opaque()
	leafNodeTBS := node[:len(node)-len(r.rest)]
	leafSignature := r.opaque()

	extensions := r.opaque()
	keyPackageTBS := whole[:len(whole)-len(r.rest)]
	signature := r.opaque()
	switch {
	case r.err != nil:
		return kp, r.err
	case len(r.rest) > 0 || len(extensions)+len(nodeExtensions) > 0:
		return kp, errors.New("more than a key package")
	case len(kp.signer) != ed25519.PublicKeySize:
		return kp, errors.New("no signature key")
	case !ed25519.Verify(kp.signer, signed("MLS 1.0 LeafNodeTBS", leafNodeTBS), leafSignature):
		return kp, errors.New("signature of the leaf node")
	case !ed25519.Verify(kp.signer, signed("MLS 1.0 KeyPackageTBS", keyPackageTBS), signature):
		return kp, errors.New("signature of the key package")
	}
	return kp, nil
}

// signed is SignContent (§5.1.2).
func signed(label string, content []byte) []byte {
	b := append([]byte{byte(len(label))}, label...)
	switch n := len(content); {
	case n < 64:
		b = append(b, byte(n))
	case n < 16384:
		b = append(b, 0x40|byte(n>>8), byte(n))
	default:
		b = append(b, 0x80|byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, content...)
}

func TestKeyPackageIsWhatTheStandardSays(t *testing.T) {
	now := time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC)
	for _, length := range []int{0, 63, 64, 900, 16383, 16384} { // of the credential: where the length grows
		k, err := newKeys()
		if err != nil {
			t.Fatal(err)
		}
		credential := strings.Repeat("x", length)
		kp, err := parse(k.keyPackage(credential, now))
		if err != nil {
			t.Fatalf("credential of %d bytes: %v", length, err)
		}
		if string(kp.identity) != credential || !bytes.Equal(kp.signer, k.verifying()) || bytes.Equal(kp.init, kp.leaf) ||
			!bytes.Equal(kp.init, k.init.Bytes()) || !bytes.Equal(kp.leaf, k.leaf.Bytes()) {
			t.Errorf("credential of %d bytes: %+v", length, kp)
		}
		for _, tt := range []struct {
			name string
			got  []uint16
			want []uint16
		}{
			{"versions", kp.versions, []uint16{1}},
			{"suites", kp.suites, []uint16{1}},
			{"extensions", kp.extensions, []uint16{0xff01, 0xff02}},
			{"proposals", kp.proposals, nil},
			{"credentials", kp.credential, []uint16{1}},
		} {
			if len(tt.got) != len(tt.want) || string(bytesOf(tt.got)) != string(bytesOf(tt.want)) {
				t.Errorf("%s %v, want %v", tt.name, tt.got, tt.want)
			}
		}
		if kp.notBefore != uint64(now.Add(-time.Hour).Unix()) || kp.notAfter != uint64(now.AddDate(0, 0, 30).Unix()) {
			t.Errorf("good from %d to %d", kp.notBefore, kp.notAfter)
		}
	}
}

func bytesOf(values []uint16) (b []byte) {
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

// The test above verifies what it claims to: no byte of a key package can be
// changed.
func TestAChangedKeyPackageIsNoticed(t *testing.T) {
	k, err := newKeys()
	if err != nil {
		t.Fatal(err)
	}
	message := k.keyPackage("credential", time.Now())
	for i := range message {
		changed := bytes.Clone(message)
		changed[i] ^= 1 << (i % 8)
		if _, err := parse(changed); err == nil {
			t.Errorf("byte %d was changed and nobody noticed", i)
		}
	}
}
