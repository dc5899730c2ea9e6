package seal

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/srtp/v3"
)

var errNoKeys = errors.New("the handshake told no keys")

// handshaken is what a DTLS server learns of the keys for media (RFC 5764 §4.2).
type handshaken struct {
	server  [handshake.RandomLength]byte
	suite   dtls.CipherSuiteID
	profile srtp.ProtectionProfile

	client, master []byte // only while keys are made of them
}

// hello takes out of the answer to a client what it says about keys.
func (k *handshaken) hello(m *handshake.MessageServerHello) {
	k.server = m.Random.MarshalFixed()
	if m.CipherSuiteID != nil {
		k.suite = dtls.CipherSuiteID(*m.CipherSuiteID)
	}
	for _, x := range m.Extensions {
		if use, ok := x.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) == 1 {
			k.profile = srtp.ProtectionProfile(use.ProtectionProfiles[0])
		}
	}
}

// secrets reads a line of a key log: what it is, the client's random number, and the
// master secret.
func (k *handshaken) secrets(line []byte) error {
	fields := bytes.Fields(line)
	if len(fields) != 3 || string(fields[0]) != "CLIENT_RANDOM" {
		return errNoKeys
	}
	var errs [2]error
	k.client, errs[0] = hex.AppendDecode(nil, fields[1])
	k.master, errs[1] = hex.AppendDecode(nil, fields[2])
	return errors.Join(errs[:]...)
}

// encrypting returns what encrypts with the server's key, header extensions too where
// hiding (RFC 9335).
func (k *handshaken) encrypting(hiding bool) (*srtp.Context, error) {
	config := srtp.Config{Profile: k.profile}
	if err := config.ExtractSessionKeysFromDTLS(k, false); err != nil {
		return nil, fmt.Errorf("keys for media: %w", err)
	}
	mode := srtp.CryptexModeDisabled
	if hiding {
		mode = srtp.CryptexModeEnabled
	}
	return srtp.CreateContext(config.Keys.LocalMasterKey, config.Keys.LocalMasterSalt, k.profile, srtp.Cryptex(mode))
}

// ExportKeyingMaterial implements srtp.KeyingMaterialExporter (RFC 5705 §4).
func (k *handshaken) ExportKeyingMaterial(label string, _ []byte, length int) ([]byte, error) {
	seed := append(append([]byte(label), k.client...), k.server[:]...)
	return prf.PHash(k.master, seed, length, k.hash())
}

// hash returns the hash function of the cipher suite.
func (k *handshaken) hash() func() hash.Hash {
	switch k.suite {
	case dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, dtls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:
		return sha512.New384
	default:
		return sha256.New
	}
}
