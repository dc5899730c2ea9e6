package sfu

import "github.com/pion/logging"

// silence is a log that keeps nothing. Pion makes a dozen logs for each connection,
// and its own, even when they are disabled, cost 15 KB of memory a connection.
type silence struct{}

var (
	_ logging.LoggerFactory = silence{}
	_ logging.LeveledLogger = silence{}
)

// NewLogger implements logging.LoggerFactory; the other methods logging.LeveledLogger.
func (silence) NewLogger(string) logging.LeveledLogger { return silence{} }

func (silence) Trace(string)          {}
func (silence) Tracef(string, ...any) {}
func (silence) Debug(string)          {}
func (silence) Debugf(string, ...any) {}
func (silence) Info(string)           {}
func (silence) Infof(string, ...any)  {}
func (silence) Warn(string)           {}
func (silence) Warnf(string, ...any)  {}
func (silence) Error(string)          {}
func (silence) Errorf(string, ...any) {}
