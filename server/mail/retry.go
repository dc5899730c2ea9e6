package mail

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// A mail is tried for about ten hours, which outlasts a server's maintenance.
const (
	maxTries  = 16
	firstWait = 30 * time.Second
	longWait  = time.Hour
)

// errUnsendable says that a mail cannot be written as one.
var errUnsendable = errors.New("not a mail")

// wait is how long a mail rests after that many failed tries before the one
// that has just failed: twice as long each time, and never quite as long as the
// others'.
func wait(tries int) time.Duration {
	rest := longWait
	if tries < 7 {
		rest = firstWait << tries
	}
	return rest*3/4 + rand.N(rest/2) //nolint:gosec // who guesses it gains nothing
}

// final reports whether another try can only fail again: the server has refused
// the recipient, or the mail is none.
func final(err error) bool {
	if errors.Is(err, errUnsendable) {
		return true
	}
	refused, ok := errors.AsType[*gomail.SendError](err)
	return ok && refused.Reason == gomail.ErrSMTPRcptTo && !refused.IsTemp()
}

// reason says why a mail was given up, without what the server said: that may
// quote it.
func reason(err error) string {
	if refused, ok := errors.AsType[*gomail.SendError](err); ok && refused.ErrorCode() != 0 {
		return fmt.Sprintf("the mail server answered %d", refused.ErrorCode())
	}
	if refused, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Sprintf("the mail server answered %d", refused.Code)
	}
	if errors.Is(err, errUnsendable) {
		return "it could not be written as a mail"
	}
	return "the mail server was not reached"
}
