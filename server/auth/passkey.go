package auth

import (
	"context"
	stdjson "encoding/json" // the library's own form of a credential is made for it
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/conclave-meet/conclave/storage"
)

// ceremonyLife is how long a browser and its owner may take.
const ceremonyLife = 5 * time.Minute

// ErrPasskey says that a passkey was not taken. It does not say why: who asks
// may be anybody.
var ErrPasskey = errors.New("passkey refused")

// RelyingParty is a site as a browser's passkeys know it (WebAuthn, 5.4.2).
type RelyingParty struct {
	SiteID string
	Host   string // the name its passkeys work at
	Origin string // of its pages
	Title  string
}

func (rp RelyingParty) library() (*webauthn.WebAuthn, error) {
	w, err := webauthn.New(&webauthn.Config{
		RPID: rp.Host, RPDisplayName: rp.Title, RPOrigins: []string{rp.Origin},
		AttestationPreference: protocol.PreferNoAttestation, // whose device it is made by is none of our business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification:   protocol.VerificationRequired,
		},
		// Password managers add some that nobody asked for; we read none.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys for %s: %w", rp.Host, err)
	}
	return w, nil
}

// Passkeys make and know the keys of people's devices.
type Passkeys struct {
	db          *storage.DB
	registering *pending[registration]
	signingIn   *pending[assertion]
	begun       *Throttle // ceremonies by network
	refused     *Throttle // by network
}

// registration is the making of a key.
type registration struct {
	rp      RelyingParty
	userID  string
	session webauthn.SessionData
}

// assertion is the use of one, by nobody knows whom yet.
type assertion struct {
	rp      RelyingParty
	session webauthn.SessionData
}

// NewPasskeys returns those that db keeps.
func NewPasskeys(db *storage.DB) *Passkeys {
	return &Passkeys{
		db: db, registering: newPending[registration](ceremonyLife), signingIn: newPending[assertion](ceremonyLife),
		begun: NewThrottle(60, 2*time.Second), refused: NewThrottle(30, 5*time.Second),
	}
}

// holder is a user as the library wants them.
type holder struct {
	user        storage.User
	handle      []byte
	credentials []webauthn.Credential
	rows        []storage.Passkey // the same, as they are stored
}

func (h *holder) WebAuthnID() []byte                         { return h.handle }
func (h *holder) WebAuthnName() string                       { return h.user.Email }
func (h *holder) WebAuthnDisplayName() string                { return h.user.Name }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// holderOf returns u with the passkeys that work at host.
func (p *Passkeys) holderOf(ctx context.Context, u storage.User, handle []byte, host string) (*holder, error) {
	rows, err := p.db.Passkeys(ctx, u.SiteID, u.ID)
	if err != nil {
		return nil, err
	}
	h := &holder{user: u, handle: handle}
	for _, row := range rows {
		if row.Host != host {
			continue
		}
		var c webauthn.Credential
		if err := stdjson.Unmarshal(row.Credential, &c); err != nil {
			return nil, fmt.Errorf("read passkey %s: %w", row.ID, err)
		}
		h.credentials, h.rows = append(h.credentials, c), append(h.rows, row)
	}
	return h, nil
}

// BeginRegistration returns what a browser needs to make a key for u, and the
// secret by which the ceremony is finished.
func (p *Passkeys) BeginRegistration(ctx context.Context, rp RelyingParty, u storage.User) (ceremony string, options []byte, err error) {
	w, err := rp.library()
	if err != nil {
		return "", nil, err
	}
	handle, err := p.db.PasskeyHandle(ctx, u, randomBytes(64))
	if err != nil {
		return "", nil, err
	}
	h, err := p.holderOf(ctx, u, handle, rp.Host)
	if err != nil {
		return "", nil, err
	}
	creation, session, err := w.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.credentials).CredentialDescriptors()))
	if err != nil {
		return "", nil, fmt.Errorf("begin to make a passkey: %w", err)
	}
	if options, err = stdjson.Marshal(creation.Response); err != nil {
		return "", nil, fmt.Errorf("write options: %w", err)
	}
	return p.registering.begin(registration{rp: rp, userID: u.ID, session: *session}), options, nil
}

// FinishRegistration stores the key that a browser made in login, under the name
// its user gave it.
func (p *Passkeys) FinishRegistration(ctx context.Context, rp RelyingParty, login storage.Login, ceremony, name string, made []byte, by storage.Actor) (storage.Passkey, error) {
	r, ok := p.registering.finish(ceremony)
	if !ok || r.rp != rp || r.userID != login.User.ID {
		return storage.Passkey{}, ErrCeremony
	}
	w, err := rp.library()
	if err != nil {
		return storage.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(made)
	if err != nil {
		return storage.Passkey{}, refusedPasskey(ctx, err)
	}
	c, err := w.CreateCredential(&holder{user: login.User, handle: r.session.UserID}, r.session, parsed)
	if err != nil {
		return storage.Passkey{}, refusedPasskey(ctx, err)
	}
	text, err := stdjson.Marshal(c)
	if err != nil {
		return storage.Passkey{}, fmt.Errorf("write passkey: %w", err)
	}
	kept, err := p.db.InsertPasskey(ctx, storage.Passkey{
		SiteID: rp.SiteID, UserID: login.User.ID, Name: name, Host: rp.Host,
		CredentialID: c.ID, Credential: text, SignCount: c.Authenticator.SignCount,
	}, login.ID, by)
	if errors.Is(err, storage.ErrTaken) {
		err = ErrCeremony
	}
	return kept, err
}

// BeginSignIn returns what a browser needs to use a key, whoever's it is.
func (p *Passkeys) BeginSignIn(rp RelyingParty, ip string) (ceremony string, options []byte, err error) {
	if err := p.begun.Take(Network(ip)); err != nil {
		return "", nil, err
	}
	w, err := rp.library()
	if err != nil {
		return "", nil, err
	}
	request, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", nil, fmt.Errorf("begin to use a passkey: %w", err)
	}
	if options, err = stdjson.Marshal(request.Response); err != nil {
		return "", nil, fmt.Errorf("write options: %w", err)
	}
	return p.signingIn.begin(assertion{rp: rp, session: *session}), options, nil
}

// FinishSignIn returns the site's user whose key a browser has used.
func (p *Passkeys) FinishSignIn(ctx context.Context, rp RelyingParty, ceremony string, used []byte, ip string) (storage.User, error) {
	network := Network(ip)
	if err := p.refused.Take(network); err != nil {
		return storage.User{}, err
	}
	u, err := p.finishSignIn(ctx, rp, ceremony, used, ip)
	if !errors.Is(err, ErrPasskey) && !errors.Is(err, ErrCeremony) {
		p.refused.GiveBack(network)
	}
	return u, err
}

func (p *Passkeys) finishSignIn(ctx context.Context, rp RelyingParty, ceremony string, used []byte, ip string) (storage.User, error) {
	a, ok := p.signingIn.finish(ceremony)
	if !ok || a.rp != rp {
		return storage.User{}, ErrCeremony
	}
	w, err := rp.library()
	if err != nil {
		return storage.User{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(used)
	if err != nil {
		return storage.User{}, refusedPasskey(ctx, err)
	}
	var who *holder
	find := func(_, handle []byte) (webauthn.User, error) {
		u, err := p.db.UserByPasskeyHandle(ctx, rp.SiteID, handle)
		if err != nil {
			return nil, err
		}
		who, err = p.holderOf(ctx, u, handle, rp.Host)
		return who, err
	}
	c, err := w.ValidateDiscoverableLogin(find, a.session, parsed)
	if err != nil {
		return storage.User{}, refusedPasskey(ctx, err)
	}
	return who.user, p.use(ctx, who, c, ip)
}

// use notes that c was used. A key whose count does not go up may have a copy,
// and is refused until its user makes a new one.
func (p *Passkeys) use(ctx context.Context, who *holder, c *webauthn.Credential, ip string) error {
	for _, row := range who.rows {
		if string(row.CredentialID) != string(c.ID) {
			continue
		}
		text, err := stdjson.Marshal(c)
		if err != nil {
			return fmt.Errorf("write passkey: %w", err)
		}
		if !c.Authenticator.CloneWarning {
			err = p.db.UsePasskey(ctx, row, text, c.Authenticator.SignCount)
		}
		if c.Authenticator.CloneWarning || errors.Is(err, storage.ErrStale) {
			by := storage.Actor{UserID: who.user.ID, Name: who.user.Email, IP: ip}
			return errors.Join(ErrPasskey, p.db.Audit(ctx, who.user.SiteID, by, storage.Change{
				Action: "passkey.copy_suspected", Target: "user:" + who.user.ID, After: map[string]string{"id": row.ID, "name": row.Name},
			}))
		}
		return err
	}
	return ErrPasskey
}

// refusedPasskey tells the log why, in the library's words, and the caller not.
func refusedPasskey(ctx context.Context, err error) error {
	slog.InfoContext(ctx, "passkey refused", "err", err)
	return ErrPasskey
}
