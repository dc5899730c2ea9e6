package api

import (
	"time"

	"github.com/conclave-meet/conclave/server/auth"
)

// joinLimits slow down who looks for meetings to enter. A number is no secret
// and a password can be guessed, so guesses are counted by where they come
// from, by the number they are for, and all together: with many meetings the
// hits come sooner, however many networks share the work. Who holds a link, or
// owns the meeting, guesses nothing and waits for nobody's guesses.
type joinLimits struct {
	requests *auth.Throttle // by network, of any outcome
	network  *auth.Throttle // guesses by network
	number   *auth.Throttle // guesses by meeting number
	total    *auth.Throttle // guesses
	noted    *auth.Throttle // refused join tokens in a site's audit log
	logged   *auth.Throttle // refused join tokens in the server's log
}

func newJoinLimits() *joinLimits {
	return &joinLimits{
		requests: auth.NewThrottle(300, time.Second/5),
		network:  auth.NewThrottle(30, 5*time.Second),
		number:   auth.NewThrottle(20, 30*time.Second),
		total:    auth.NewThrottle(600, time.Second/5),
		noted:    auth.NewThrottle(300, 10*time.Second),
		logged:   auth.NewThrottle(600, time.Second/5),
	}
}

// guess takes one guess at number from network. One that is refused, because
// there were too many, counts nowhere: who makes it learns nothing.
func (l *joinLimits) guess(network, number string) error {
	if err := l.network.Take(network); err != nil {
		return err
	}
	if err := l.number.Take(number); err != nil {
		l.network.GiveBack(network)
		return err
	}
	if err := l.total.Take(); err != nil {
		l.network.GiveBack(network)
		l.number.GiveBack(number)
		return err
	}
	return nil
}

// right gives back a guess that was none.
func (l *joinLimits) right(network, number string) {
	l.network.GiveBack(network)
	l.number.GiveBack(number)
	l.total.GiveBack()
}
