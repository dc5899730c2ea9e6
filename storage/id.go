package storage

import (
	"time"

	"github.com/google/uuid"
)

// newID returns an id that no other node makes and that sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// now is the current time as a row can hold it.
func now() time.Time { return fromMillis(time.Now().UnixMilli()) }

// fromMillis reads a time column.
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
