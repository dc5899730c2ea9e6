package api

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/jointoken"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// Why a join token is refused that is well made.
const (
	errUnknownKey   jointoken.RefusalError = "unknown_key" // also one of another site
	errRevokedKey   jointoken.RefusalError = "revoked_key"
	errWrongMeeting jointoken.RefusalError = "meeting" // not the one asked for, or none of the site's
	errWrongRole    jointoken.RefusalError = "role"    // unknown, or above what the key may give
	errWrongName    jointoken.RefusalError = "name"
	errWrongEmail   jointoken.RefusalError = "email"
	errUsedToken    jointoken.RefusalError = "used"
)

// grant is what a join token gives whom it names, for one meeting.
type grant struct {
	key      storage.JoinKey
	signed   bool   // by key, whatever else is wrong with it
	tokenID  string // jti
	name     string // empty: they choose one
	email    string // empty: they give one, if they are asked
	role     policy.Role
	previous storage.StayProof // what they come back with; none for who comes first
	used     time.Time         // the first time; zero for who comes first
}

// returning reports whether the token was used before, by who shows it now.
func (g *grant) returning() bool { return g.previous.ParticipantID != "" }

// byToken is compare for who shows a join token. The token counts alone: it is
// not helped by a link, and a login makes nobody a host besides.
func (a *API) byToken(c echo.Context, shown invitation, m storage.Meeting) (admission, error) {
	g, err := a.granted(c, shown, m)
	if refusal, ok := errors.AsType[jointoken.RefusalError](err); ok {
		return admission{}, a.refuseToken(c, shown.number, m, g, refusal)
	}
	return admission{meeting: m, grant: g}, err
}

// granted returns what the token gives now. Every refusal is a jointoken.RefusalError,
// and comes with the key as far as it is known.
func (a *API) granted(c echo.Context, shown invitation, m storage.Meeting) (*grant, error) {
	g := &grant{}
	token, err := jointoken.Parse(shown.token)
	if err != nil {
		return g, err
	}
	if g.key, err = a.db.JoinKeyByID(c.Request().Context(), at(c).ID, token.KeyID); errors.Is(err, storage.ErrNotFound) {
		return g, errUnknownKey
	}
	if err != nil {
		return g, err
	}
	key, err := jointoken.ParseDER(g.key.PublicKey)
	if err != nil {
		return g, err
	}
	claims, err := token.Verify(key)
	if err != nil {
		return g, err
	}
	g.signed = true
	if err := g.take(claims, m, at(c).URL.String()); err != nil {
		return g, err
	}
	return g, a.unused(c, g, claims, shown.previous)
}

// take holds the claims to the key, the meeting and the site at address.
func (g *grant) take(claims jointoken.Claims, m storage.Meeting, address string) error {
	if !g.key.Revoked.IsZero() {
		return errRevokedKey
	}
	if err := claims.Check(address, time.Now()); err != nil {
		return err
	}
	if m.ID == "" || claims.Meeting != m.Number {
		return errWrongMeeting
	}
	g.tokenID, g.role = claims.ID, policy.Attendee
	if claims.Role != "" {
		g.role = policy.Role(claims.Role)
	}
	if !policy.AtMost(g.role, policy.Role(g.key.MaxRole)) {
		return errWrongRole
	}
	var err error
	if claims.Name != "" {
		if g.name, err = oneLine("The name", claims.Name, maxName); err != nil {
			return errWrongName
		}
	}
	if claims.Email != "" {
		if g.email, err = emailAddress(claims.Email); err != nil {
			return errWrongEmail
		}
	}
	return nil
}

// unused refuses a token that somebody else came in with. Who came in with it
// before, in this browser, comes back also when it has expired meanwhile.
func (a *API) unused(c echo.Context, g *grant, claims jointoken.Claims, previous string) error {
	used, err := a.db.UsedJoinToken(c.Request().Context(), g.key.ID, g.tokenID)
	if errors.Is(err, storage.ErrNotFound) {
		return claims.Fresh(time.Now())
	}
	if err != nil {
		return err
	}
	id, secret := provenStay(c, previous)
	proof := storage.StayProof{ParticipantID: id, CookieHash: secret[:]}
	if !used.Returns(proof, time.Now()) {
		return errUsedToken
	}
	g.previous, g.used = proof, used.Used
	return nil
}

// refuseToken counts a token that opened nothing as a guess, and puts the reason
// on record. Who shows it learns no more than who guesses a password.
func (a *API) refuseToken(c echo.Context, number string, m storage.Meeting, g *grant, why jointoken.RefusalError) error {
	ctx := c.Request().Context()
	answer := a.limits.guess(auth.Network(c.RealIP()), number)
	beyond := answer != nil
	if !beyond {
		answer = errJoinRefused
	}
	if a.limits.logged.Take() == nil {
		slog.InfoContext(ctx, "join token refused", "reason", string(why), "ip", c.RealIP(), "beyond_limit", beyond)
	}
	// Beyond the limit only what a server of the site's has signed goes on record.
	if beyond && !g.signed || a.limits.noted.Take(at(c).ID) != nil {
		return answer
	}
	err := a.db.Audit(ctx, at(c).ID, storage.Actor{Name: "join token", IP: c.RealIP()}, storage.Change{
		Action: "joinToken.refuse", Target: "joinKey:" + g.key.ID, After: map[string]string{"reason": string(why), "meetingNumber": m.Number},
	})
	if err != nil {
		return err
	}
	return answer
}

// named returns r with the name and the address that the token gives, which count
// whatever was typed.
func (g *grant) named(r joinRequest) (joinRequest, error) {
	if g != nil && g.name != "" {
		r.DisplayName = g.name
	}
	if g != nil && g.email != "" {
		r.Email = g.email
	}
	var err error
	r.DisplayName, err = oneLine("Your name", r.DisplayName, maxName)
	return r, err
}

// starts reports whether who comes in starts the meeting by it: a host with a
// token has no other call for that. Who comes back starts none that was ended while
// they were away, but does start one that the server lost.
func (ad admission) starts() bool {
	g := ad.grant
	return g != nil && g.role == policy.Host && (!g.returning() || ad.meeting.Ended.Before(g.used))
}

// useGrant uses up the token of who comes in with one: from here on it is good
// for nobody but who has the cookie of the stay. A server that cannot start the
// meeting of a host uses up no token.
func (a *API) useGrant(c echo.Context, ad admission, stay auth.Stay, cookie string) error {
	g := ad.grant
	if g == nil {
		return nil
	}
	ctx := c.Request().Context()
	secret := auth.StaySecretOf(cookie)
	token := storage.UsedToken{
		SiteID: at(c).ID, KeyID: g.key.ID, ID: g.tokenID,
		Last: storage.StayProof{ParticipantID: stay.ParticipantID, CookieHash: secret[:]},
	}
	err := a.db.UseJoinToken(ctx, token, g.previous)
	if errors.Is(err, storage.ErrTokenUsed) { // by somebody who was a little faster
		return a.refuseLate(c, func() error { return a.refuseToken(c, ad.meeting.Number, ad.meeting, g, errUsedToken) })
	}
	if err != nil || !ad.starts() {
		return err
	}
	err = a.startFor(c, ad.meeting)
	if err != nil && !g.returning() { // who returns does so again, with what they have
		err = errors.Join(err, a.db.GiveBackJoinToken(context.WithoutCancel(ctx), token))
	}
	return err
}

// startFor starts m for a host who has no account here.
func (a *API) startFor(c echo.Context, m storage.Meeting) error {
	ctx := c.Request().Context()
	if err := a.rooms.Start(ctx, RoomMeeting(m, at(c))); err != nil {
		return err
	}
	_, err := a.db.MeetingByID(ctx, m.SiteID, m.ID)
	if errors.Is(err, storage.ErrNotFound) {
		return errors.Join(errJoinRefused, a.endDeleted(ctx, m))
	}
	return err
}
