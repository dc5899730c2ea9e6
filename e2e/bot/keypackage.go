package bot

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// The numbers of MLS (RFC 9420 §17) that a bot's key package is made of.
const (
	mls10           = 1
	suite           = 1 // MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519
	wireKeyPackage  = 5
	basicCredential = 1
	fromKeyPackage  = 1 // source of a leaf
	rulesExtension  = 0xff01
	secretExtension = 0xff02
)

// keys are what a bot shows when it joins. It signs with one of them; nobody can
// write to the others, because nobody has their private halves.
type keys struct {
	signature ed25519.PrivateKey
	init      *ecdh.PublicKey // for its Welcome
	leaf      *ecdh.PublicKey // for later commits
	sealing   *ecdh.PublicKey // for private messages
}

func newKeys() (k keys, err error) {
	if _, k.signature, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return k, err
	}
	for _, key := range []**ecdh.PublicKey{&k.init, &k.leaf, &k.sealing} {
		private, err := ecdh.X25519().GenerateKey(rand.Reader)
		if err != nil {
			return k, err
		}
		*key = private.PublicKey()
	}
	return k, nil
}

func (k keys) verifying() []byte { return k.signature.Public().(ed25519.PublicKey) }

// keyPackage returns the MLSMessage (RFC 9420 §6) of a KeyPackage (§10), whose
// owner is known by the credential that the site gave.
func (k keys) keyPackage(credential string, now time.Time) []byte {
	var kp buffer
	kp.uint16(mls10)
	kp.uint16(suite)
	kp.opaque(k.init.Bytes())
	kp.raw(k.leafNode(credential, now))
	kp.opaque(nil) // extensions
	kp.opaque(k.sign("KeyPackageTBS", kp.bytes))

	var m buffer
	m.uint16(mls10)
	m.uint16(wireKeyPackage)
	m.raw(kp.bytes)
	return m.bytes
}

// leafNode returns the LeafNode (§7.2) of a key package. What is signed is the
// node itself: a leaf that is in no group yet has nothing to add (§7.2, LeafNodeTBS).
func (k keys) leafNode(credential string, now time.Time) []byte {
	var n buffer
	n.opaque(k.leaf.Bytes())
	n.opaque(k.verifying())
	n.uint16(basicCredential)
	n.opaque([]byte(credential))
	n.list(mls10)                           // versions
	n.list(suite)                           // suites
	n.list(rulesExtension, secretExtension) // extensions
	n.list()                                // proposals
	n.list(basicCredential)                 // credentials
	n.raw([]byte{fromKeyPackage})
	n.uint64(uint64(now.Add(-time.Hour).Unix()))          //nolint:gosec // after 1970
	n.uint64(uint64(now.Add(30 * 24 * time.Hour).Unix())) //nolint:gosec // after 1970
	n.opaque(nil)                                         // extensions
	n.opaque(k.sign("LeafNodeTBS", n.bytes))
	return n.bytes
}

// sign is SignWithLabel (§5.1.2).
func (k keys) sign(label string, content []byte) []byte {
	var b buffer
	b.opaque([]byte("MLS 1.0 " + label))
	b.opaque(content)
	return ed25519.Sign(k.signature, b.bytes)
}

// buffer writes the presentation language of TLS as RFC 9420 §2.1 has it.
type buffer struct{ bytes []byte }

func (b *buffer) raw(p []byte)    { b.bytes = append(b.bytes, p...) }
func (b *buffer) uint16(v uint16) { b.bytes = binary.BigEndian.AppendUint16(b.bytes, v) }
func (b *buffer) uint64(v uint64) { b.bytes = binary.BigEndian.AppendUint64(b.bytes, v) }

// opaque writes a vector of bytes with its length (§2.1.2) in front.
func (b *buffer) opaque(p []byte) {
	switch n := len(p); {
	case n < 1<<6:
		b.raw([]byte{byte(n)})
	case n < 1<<14:
		b.uint16(1<<14 | uint16(n))
	default:
		b.bytes = binary.BigEndian.AppendUint32(b.bytes, 2<<30|uint32(n)) //nolint:gosec // no message is that long
	}
	b.raw(p)
}

// list writes a vector of numbers.
func (b *buffer) list(values ...uint16) {
	var list buffer
	for _, v := range values {
		list.uint16(v)
	}
	b.opaque(list.bytes)
}

// encode is how bytes are written in JSON everywhere.
func encode(p []byte) string { return base64.RawURLEncoding.EncodeToString(p) }
