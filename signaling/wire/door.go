package wire

// Door is which of a meeting's two pre-shared keys somebody knows.
type Door string

// The doors. The server knows a meeting's password, and not its link's secret.
const (
	DoorLink     Door = "link"
	DoorPassword Door = "password"
)

// Doors lists every door.
func Doors() []Door { return []Door{DoorLink, DoorPassword} }
