package wire

import (
	"maps"
	"slices"
)

// Message is one message type with its name on the wire.
type Message struct {
	Name  string
	Value any // a pointer to the zero message
}

// Commands lists every command by name, for generators and clients.
func Commands() []Message { return catalog(commands) }

// Events lists every event by name, for generators and clients.
func Events() []Message { return catalog(events) }

func catalog[T any](registry map[string]func() T) []Message {
	var list []Message
	for _, name := range slices.Sorted(maps.Keys(registry)) {
		list = append(list, Message{name, registry[name]()})
	}
	return list
}
