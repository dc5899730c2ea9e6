package wire

// RaiseHand tells that the sender wants to speak, or does not any more.
type RaiseHand struct {
	Raised bool `json:"raised"`
}

// LowerHand takes a participant's hand down.
type LowerHand struct {
	Participant string `json:"participant"`
}

// HandChanged tells everyone that a participant's hand went up or down. By names
// who took it down when that was not the participant.
type HandChanged struct {
	Participant string `json:"participant"`
	Hand        int64  `json:"hand"` // when it went up, Unix time in milliseconds; 0: it is down
	By          string `json:"by,omitzero"`
}

func (RaiseHand) command() string { return "raise_hand" }
func (LowerHand) command() string { return "lower_hand" }

func (HandChanged) event() string { return "hand_changed" }

func (RaiseHand) check() error   { return nil }
func (c LowerHand) check() error { return checkParticipant(c.Participant) }
