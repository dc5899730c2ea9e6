package sfu

// Events tells what happens to a group's peers. The functions are called from
// the SFU's goroutines, one at a time for each peer, and never while a method of
// Group runs.
type Events struct {
	Connected    func(peer, transport string)        // media flows, over "udp"
	Disconnected func(peer string)                   // media stopped; it may come back
	Speaking     func(peers []string)                // who speaks now, loudest first; called on change
	MayChat      func(peer string, to Audience) bool // asked for each message; nil: everybody may
	Codecs       func(mimes []string)                // the video codecs that everybody decodes; called on change

	// Wanted tells which encodings of a source somebody takes, by their rids; called on
	// change. All are, until it is called. The publisher may pause the others.
	Wanted func(peer string, source Source, rids []string)
	// NoRoom tells in which slots of a peer pictures stand still, as the peer's line has no
	// room for them, by their mids; called on change. There are none, until it is called.
	NoRoom func(peer string, mids []string)
}
