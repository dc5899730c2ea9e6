package policy

import (
	"crypto/sha256"
	"encoding/hex"
)

// Site is what a site's administrator decides for everybody at it. Its zero
// value is the policy of a new site. It can only take away: nothing in a meeting
// is allowed by it that Table does not allow.
type Site struct {
	UnlistAllMeetings        bool `json:"unlistAllMeetings"`
	RequireLoginBeforeAccess bool `json:"requireLoginBeforeAccess"` // of everybody, before any page of the site
	RequireMeetingPassword   bool `json:"requireMeetingPassword"`
	RequireStrongPassword    bool `json:"requireStrongPassword"` // PasswordCriteria hold for accounts and meetings
	RequireEmail             bool `json:"requireEmail"`          // of who joins
	RequireSecondFactor      bool `json:"requireSecondFactor"`   // of administrators and auditors

	AllowSelfRegistration   bool `json:"allowSelfRegistration"`
	ApproveForgotPassword   bool `json:"approveForgotPassword"` // an administrator does, each time
	DisableEmailInvitations bool `json:"disableEmailInvitations"`

	DisableShareDesktop     bool `json:"disableShareDesktop"`     // the entire screen
	DisableShareApplication bool `json:"disableShareApplication"` // a window or a tab
	DisableFileTransfer     bool `json:"disableFileTransfer"`
	DisableRemoteControl    bool `json:"disableRemoteControl"`
	DisableRecording        bool `json:"disableRecording"`
	DisableChat             bool `json:"disableChat"`

	UniqueSupportNumber bool             `json:"uniqueSupportNumber"`
	PasswordCriteria    PasswordCriteria `json:"passwordCriteria"`
	PreSessionFields    []Field          `json:"preSessionFields"`
	Disclaimer          Disclaimer       `json:"disclaimer"`
	EmbedOrigins        []string         `json:"embedOrigins"`     // scheme, host and port of pages that may frame ours
	EDRRetentionDays    int              `json:"edrRetentionDays"` // 0 keeps records for ever
	IPAddresses         IPAddresses      `json:"ipAddresses"`      // in records
}

// PasswordCriteria are a site's own, beyond what holds everywhere.
type PasswordCriteria struct {
	MinLength        int      `json:"minLength"`   // characters; 0 for what holds everywhere
	MinStrength      int      `json:"minStrength"` // 1 to 4, as zxcvbn estimates it; 0 for what is usual
	BlockedWords     []string `json:"blockedWords"`
	RequireMixedCase bool     `json:"requireMixedCase"`
	RequireDigit     bool     `json:"requireDigit"`
	RequireSymbol    bool     `json:"requireSymbol"`
}

// Field is a question that people answer before they come in.
type Field struct {
	Name     string   `json:"name"`  // letters, digits and _
	Label    string   `json:"label"` // what is asked
	Required bool     `json:"required"`
	Choices  []string `json:"choices"` // empty: any line of text
}

// Disclaimer is what people agree to before they come in. There is none where
// the text is empty.
type Disclaimer struct {
	Text    string `json:"text"`
	Version int    `json:"version"` // counts the texts
}

// Hash tells one disclaimer from any other: the SHA-256 of its text, in hex. It
// is empty where there is none.
func (d Disclaimer) Hash() string {
	if d.Text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(d.Text))
	return hex.EncodeToString(sum[:])
}

// IPAddresses is how much of people's addresses the records keep.
type IPAddresses string

// Full addresses are kept where nothing is said.
const (
	FullAddresses      IPAddresses = ""
	TruncatedAddresses IPAddresses = "truncated" // to /24 or /48
	NoAddresses        IPAddresses = "none"
)

// NeedsSecondFactor reports whether who has role must sign in with two factors.
func (s Site) NeedsSecondFactor(role SiteRole) bool {
	return s.RequireSecondFactor && AllowSite(role, ReadSiteRecords) // who sees everybody's
}
