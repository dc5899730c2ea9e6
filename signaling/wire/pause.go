package wire

// PauseShare tells that what the sender shares stands still from now on, or goes
// on. A page sends nothing new of it meanwhile. The others believe the sharer's
// signed word alone (docs/e2ee.md, Data); this is for the record, and for who has
// not heard that word yet.
type PauseShare struct {
	Paused bool `json:"paused"`
}

func (PauseShare) command() string { return "pause_share" }
func (PauseShare) check() error    { return nil }
