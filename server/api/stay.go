package api

import (
	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
)

// stayAnswer is what a browser needs to open the socket, and to be known by the
// others in the meeting.
type stayAnswer struct {
	ParticipantID string `json:"participantId"`
	Ticket        string `json:"ticket"`
	MeetingNumber string `json:"meetingNumber"`
	Title         string `json:"title"`
	Role          string `json:"role"`
	DisplayName   string `json:"displayName"`
	Waiting       bool   `json:"waiting"`
	SiteName      string `json:"siteName"`
	SiteKey       string `json:"siteKey"`
	Credential    string `json:"credential,omitempty"` // for who showed keys
}

// publicKeys are what somebody who joins is known by to the others; both nil
// where a program comes without.
type publicKeys struct{ signature, sealing []byte }

func (r joinRequest) keys() (publicKeys, error) {
	if r.SignatureKey == "" && r.SealingKey == "" {
		return publicKeys{}, nil
	}
	signature, signatureOK := auth.ParsePublicKey(r.SignatureKey)
	sealing, sealingOK := auth.ParsePublicKey(r.SealingKey)
	if !signatureOK || !sealingOK {
		return publicKeys{}, invalidError{"Give both signatureKey and sealingKey, each 32 bytes in base64url, or neither."}
	}
	return publicKeys{signature, sealing}, nil
}

// credentialOf returns what the site says of who stays, or nothing where they
// showed no keys to say it of.
func credentialOf(issuer *auth.Issuer, ad admission, stay auth.Stay, keys publicKeys) (string, error) {
	if keys.signature == nil {
		return "", nil
	}
	return issuer.Sign(auth.Identity{
		MeetingNumber: ad.meeting.Number, ParticipantID: stay.ParticipantID, Name: stay.Name, Role: stay.Role,
		Guest: stay.Guest, Owner: stay.Owner, SignatureKey: keys.signature, SealingKey: keys.sealing,
	})
}

// stay returns the stay that ad allows.
func (a *API) stay(c echo.Context, ad admission, request joinRequest, filled entrance) auth.Stay {
	previous, secret := provenStay(c, request.PreviousParticipantID)
	return auth.Stay{
		Previous: previous, PreviousSecret: secret,
		ParticipantID: auth.NewParticipantID(), SiteID: at(c).ID, MeetingID: ad.meeting.ID, UserID: ad.user.ID,
		Name: request.DisplayName, Email: filled.email, Role: string(ad.role()), Guest: ad.guest(), Owner: ad.owns(),
		SignatureKey: request.SignatureKey, ClientAgent: clientAgent(c.Request()), IPAddress: c.RealIP(),
		DisclaimerHash: filled.disclaimer, Form: filled.form,
	}
}

// provenStay returns id, as whom the sender of the request says to have been in the
// meeting before, and the secret that proves it; nobody where no cookie came along.
// Whether it does, the meeting's room knows.
func provenStay(c echo.Context, id string) (participantID string, secret auth.StaySecret) {
	if !auth.IsParticipantID(id) {
		return "", secret
	}
	value := cookiesOf(at(c)).value(c.Request(), stayCookie(id))
	if value == "" {
		return "", secret
	}
	return id, auth.StaySecretOf(value)
}
