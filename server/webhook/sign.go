package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// secretMark is what every secret begins with, so that one that was lost is
// recognised.
const secretMark = "whsec_"

var errSecret = errors.New("not the secret of a webhook")

// NewSecret returns a secret that messages are signed with: 256 random bits.
func (s *Sender) NewSecret() string { return newSecret() }

func newSecret() string {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it never fails: the program stops instead
	return secretMark + base64.StdEncoding.EncodeToString(key)
}

// sign returns what Standard Webhooks has in webhook-signature: a signature by each
// secret, of the message's id, the time in seconds, and the body.
func sign(secrets []string, id string, at time.Time, body []byte) (string, error) {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		text, marked := strings.CutPrefix(secret, secretMark)
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || !marked {
			return "", errSecret
		}
		mac := hmac.New(sha256.New, key)
		_, _ = mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		_, _ = mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " "), nil
}
