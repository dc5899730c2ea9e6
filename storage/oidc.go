package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/go-json-experiment/json"
)

// Provider is where else people of a site sign in.
type Provider struct {
	Issuer         string
	ClientID       string
	ClientSecret   string
	Label          string
	EmailDomains   []string // who may come; empty: anybody the provider knows
	CreateAccounts bool     // for who comes the first time
}

// SignIn is how a site lets people in besides its own passwords.
type SignIn struct {
	Provider *Provider // nil for none
	Version  int64     // counts the changes
}

// SignIn returns how the site lets people in.
func (db *DB) SignIn(ctx context.Context, siteID string) (SignIn, error) {
	s, err := scanSignIn(db.read.QueryRowContext(ctx, selectSignIn, siteID))
	if err != nil {
		return SignIn{}, fmt.Errorf("sign-in of a site: %w", orNotFound(err))
	}
	return s, nil
}

const selectSignIn = `
	SELECT s.signin_version, p.issuer, p.client_id, p.client_secret, p.label, p.email_domains, p.create_accounts
	FROM sites s LEFT JOIN oidc_providers p ON p.site_id = s.id WHERE s.id = ?`

func scanSignIn(row scanner) (SignIn, error) {
	var s SignIn
	var issuer, client, secret, label, domains sql.Null[string]
	var create sql.Null[bool]
	if err := row.Scan(&s.Version, &issuer, &client, &secret, &label, &domains, &create); err != nil || !issuer.Valid {
		return s, err
	}
	s.Provider = &Provider{
		Issuer: issuer.V, ClientID: client.V, ClientSecret: secret.V, Label: label.V, CreateAccounts: create.V,
	}
	return s, json.Unmarshal([]byte(domains.V), &s.Provider.EmailDomains)
}

// SetSignIn replaces how the site lets people in, which must still be of that
// version.
func (db *DB) SetSignIn(ctx context.Context, siteID string, version int64, p *Provider, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		before, err := scanSignIn(tx.QueryRowContext(ctx, selectSignIn, siteID))
		if err != nil {
			return orNotFound(err)
		}
		if before.Version != version {
			return ErrStale
		}
		if err := setProvider(ctx, tx, siteID, p); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sites SET signin_version = signin_version + 1 WHERE id = ?`, siteID); err != nil {
			return err
		}
		return audit(ctx, tx, siteID, by, Change{
			Action: "signin.update", Target: "site:" + siteID,
			Before: before.Provider.view(""), After: p.view(before.Provider.secret()),
		})
	})
	if err != nil {
		return fmt.Errorf("set sign-in: %w", err)
	}
	return nil
}

func setProvider(ctx context.Context, tx *sql.Tx, siteID string, p *Provider) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM oidc_providers WHERE site_id = ?`, siteID); err != nil || p == nil {
		return err
	}
	domains, err := json.Marshal(p.EmailDomains)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO oidc_providers (site_id, issuer, client_id, client_secret, label, email_domains, create_accounts)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		siteID, p.Issuer, p.ClientID, p.ClientSecret, p.Label, string(domains), p.CreateAccounts)
	return err
}

func (p *Provider) secret() string {
	if p == nil {
		return ""
	}
	return p.ClientSecret
}

// view is a provider as the audit log shows it: of the secret only whether it is
// another than the one before.
func (p *Provider) view(before string) any {
	if p == nil {
		return nil
	}
	return map[string]any{
		"issuer": p.Issuer, "clientId": p.ClientID, "label": p.Label, "emailDomains": p.EmailDomains,
		"createAccounts": p.CreateAccounts, "newSecret": before != "" && p.ClientSecret != before,
	}
}

// Identity is a user as a provider knows them.
type Identity struct {
	Issuer  string
	Subject string
	Email   string // when they were linked
}

// UserByIdentity returns the site's user who is i to its provider, also one who
// is disabled.
func (db *DB) UserByIdentity(ctx context.Context, siteID string, i Identity) (User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx, `
		SELECT `+userColumns+` FROM oidc_identities i JOIN users u ON u.id = i.user_id
		WHERE i.site_id = ? AND i.issuer = ? AND i.subject = ? AND u.site_id = i.site_id`, siteID, i.Issuer, i.Subject))
	if err != nil {
		return User{}, fmt.Errorf("user by identity: %w", orNotFound(err))
	}
	return u, nil
}

// Identities returns the ones of a user at the site's provider.
func (db *DB) Identities(ctx context.Context, siteID, userID string) ([]Identity, error) {
	scan := func(row scanner) (i Identity, err error) { return i, row.Scan(&i.Issuer, &i.Subject, &i.Email) }
	all, err := list(ctx, db.read, scan, `
		SELECT i.issuer, i.subject, i.email FROM oidc_identities i
		JOIN oidc_providers p ON p.site_id = i.site_id AND p.issuer = i.issuer
		WHERE i.site_id = ? AND i.user_id = ?`, siteID, userID)
	if err != nil {
		return nil, fmt.Errorf("identities: %w", err)
	}
	return all, nil
}

// InsertIdentity links u, who is signed in, with i. ErrTaken says that i is
// somebody's already.
func (db *DB) InsertIdentity(ctx context.Context, u User, i Identity, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error { return insertIdentity(ctx, tx, u, i, by) })
	if err != nil {
		return fmt.Errorf("insert identity: %w", err)
	}
	return nil
}

func insertIdentity(ctx context.Context, tx *sql.Tx, u User, i Identity, by Actor) error {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO oidc_identities (site_id, issuer, subject, user_id, email, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, u.SiteID, i.Issuer, i.Subject, u.ID, i.Email, now().UnixMilli())
	if err := affected(result, err, ErrTaken); err != nil {
		return err
	}
	return audit(ctx, tx, u.SiteID, by, Change{Action: "identity.create", Target: userTarget(u.ID), After: i.view()})
}

func (i Identity) view() map[string]string {
	return map[string]string{"issuer": i.Issuer, "subject": i.Subject, "email": i.Email}
}

// InsertUserWithIdentity stores u, whom the provider vouches for, under a new
// id, and links them. ErrTaken says that the site has a user with that address,
// who has to link the two themselves.
func (db *DB) InsertUserWithIdentity(ctx context.Context, u User, i Identity, by Actor) (User, error) {
	err := db.update(ctx, func(tx *sql.Tx) (err error) {
		if u, err = insertUser(ctx, tx, u); err != nil {
			return err
		}
		by.UserID = u.ID
		view := map[string]string{"email": u.Email, "name": u.Name, "role": u.Role}
		if err := audit(ctx, tx, u.SiteID, by, Change{Action: "user.create", Target: userTarget(u.ID), After: view}); err != nil {
			return err
		}
		return insertIdentity(ctx, tx, u, i, by)
	})
	if err != nil {
		return User{}, fmt.Errorf("insert user with identity: %w", err)
	}
	return u, nil
}

// DeleteIdentities unlinks u from the site's provider. ErrLastWay says that u
// has nothing else to sign in with.
func (db *DB) DeleteIdentities(ctx context.Context, u User, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM oidc_identities WHERE site_id = ? AND user_id = ?`, u.SiteID, u.ID)
		if err := affected(result, err, ErrNotFound); err != nil {
			return err
		}
		if err := keepsAWay(ctx, tx, u); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "identity.delete", Target: userTarget(u.ID)})
	})
	if err != nil {
		return fmt.Errorf("delete identities: %w", err)
	}
	return nil
}
