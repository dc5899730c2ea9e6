package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// JoinKey is what the signatures of a site's join tokens are verified with.
type JoinKey struct {
	ID        string // the kid of its tokens
	SiteID    string
	Name      string
	Algorithm string // jointoken.Algorithm
	PublicKey []byte // SubjectPublicKeyInfo, DER
	MaxRole   string // policy.Role: no token of it gives more
	Created   time.Time
	CreatedBy string    // an e-mail address
	LastUsed  time.Time // to the minute; zero for never
	Revoked   time.Time // zero while it is good
}

// How many keys a site may have: that are good, and with those that were revoked.
// Beyond that the oldest of these are forgotten but for a hash.
const (
	MaxJoinKeys    = 20
	maxJoinKeysAll = 500
)

// ErrKeyKnown says that the key is, or was, registered at the site.
var ErrKeyKnown = errors.New("the key was registered before")

// InsertJoinKey stores k, which is new, and returns it.
func (db *DB) InsertJoinKey(ctx context.Context, k JoinKey, by Actor) (JoinKey, error) {
	k.ID, k.Created, k.CreatedBy = newID(), now(), by.Name
	err := db.update(ctx, func(tx *sql.Tx) error {
		if err := roomForJoinKey(ctx, tx, k); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO join_keys (id, site_id, name, algorithm, public_key, max_role, created_at, created_by)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			k.ID, k.SiteID, k.Name, k.Algorithm, k.PublicKey, k.MaxRole, k.Created.UnixMilli(), k.CreatedBy)
		if err != nil {
			return err
		}
		return audit(ctx, tx, k.SiteID, by, Change{Action: "joinKey.create", Target: "joinKey:" + k.ID, After: auditJoinKey(k)})
	})
	if err != nil {
		return JoinKey{}, fmt.Errorf("insert join key: %w", err)
	}
	return k, nil
}

// roomForJoinKey refuses a key that the site has or had, or has too many with.
func roomForJoinKey(ctx context.Context, tx *sql.Tx, k JoinKey) error {
	var live, all, same int
	hash := sha256.Sum256(k.PublicKey)
	err := tx.QueryRowContext(ctx, `
		SELECT count(*) FILTER (WHERE revoked_at IS NULL), count(*) FILTER (WHERE algorithm != ''),
			count(*) FILTER (WHERE public_key IN (?, ?))
		FROM join_keys WHERE site_id = ?`, k.PublicKey, hash[:], k.SiteID).Scan(&live, &all, &same)
	switch {
	case err != nil:
		return err
	case same > 0:
		return ErrKeyKnown
	case live >= MaxJoinKeys:
		return ErrTooMany
	case all >= maxJoinKeysAll:
		return forgetJoinKey(ctx, tx, k.SiteID)
	default:
		return nil
	}
}

// forgetJoinKey forgets the key of a site that was revoked first, but for the hash
// by which it is known not to be new. Such a row has no algorithm, and is no key.
func forgetJoinKey(ctx context.Context, tx *sql.Tx, siteID string) error {
	k, err := scanJoinKey(tx.QueryRowContext(ctx, selectJoinKeys+`AND revoked_at IS NOT NULL ORDER BY revoked_at, id LIMIT 1`, siteID))
	if err != nil {
		return err
	}
	hash := sha256.Sum256(k.PublicKey)
	_, err = tx.ExecContext(ctx, `UPDATE join_keys SET algorithm = '', name = '', created_by = '', public_key = ? WHERE id = ?`, hash[:], k.ID)
	return err
}

func auditJoinKey(k JoinKey) any {
	return map[string]string{"name": k.Name, "algorithm": k.Algorithm, "maxRole": k.MaxRole}
}

const selectJoinKeys = `
	SELECT id, site_id, name, algorithm, public_key, max_role, created_at, created_by, last_used_at, revoked_at
	FROM join_keys WHERE algorithm != '' AND site_id = ? `

func scanJoinKey(row scanner) (k JoinKey, err error) {
	var created int64
	var used, revoked sql.Null[int64]
	err = row.Scan(&k.ID, &k.SiteID, &k.Name, &k.Algorithm, &k.PublicKey, &k.MaxRole, &created, &k.CreatedBy, &used, &revoked)
	k.Created = fromMillis(created)
	if used.Valid {
		k.LastUsed = fromMillis(used.V)
	}
	if revoked.Valid {
		k.Revoked = fromMillis(revoked.V)
	}
	return k, err
}

// JoinKeys returns the keys of a site, those that are good first, the newest of
// each first.
func (db *DB) JoinKeys(ctx context.Context, siteID string) ([]JoinKey, error) {
	keys, err := list(ctx, db.read, scanJoinKey, selectJoinKeys+`ORDER BY revoked_at IS NOT NULL, id DESC`, siteID)
	if err != nil {
		return nil, fmt.Errorf("join keys: %w", err)
	}
	return keys, nil
}

// JoinKeyByID returns the site's key with that id, revoked or not.
func (db *DB) JoinKeyByID(ctx context.Context, siteID, id string) (JoinKey, error) {
	k, err := scanJoinKey(db.read.QueryRowContext(ctx, selectJoinKeys+`AND id = ?`, siteID, id))
	if err != nil {
		return JoinKey{}, fmt.Errorf("join key by id: %w", orNotFound(err))
	}
	return k, nil
}

// RenameJoinKey gives the site's key with that id another name, and returns it.
func (db *DB) RenameJoinKey(ctx context.Context, siteID, id, name string, by Actor) (JoinKey, error) {
	return db.changeJoinKey(ctx, siteID, id, func(tx *sql.Tx, k JoinKey) (JoinKey, Change, error) {
		before := auditJoinKey(k)
		k.Name = name
		_, err := tx.ExecContext(ctx, `UPDATE join_keys SET name = ? WHERE id = ?`, name, id)
		return k, Change{Action: "joinKey.rename", Before: before, After: auditJoinKey(k)}, err
	}, by)
}

// RevokeJoinKey makes the site's key with that id good for nothing, for ever. One
// that was revoked before is not found.
func (db *DB) RevokeJoinKey(ctx context.Context, siteID, id string, by Actor) error {
	_, err := db.changeJoinKey(ctx, siteID, id, func(tx *sql.Tx, k JoinKey) (JoinKey, Change, error) {
		if !k.Revoked.IsZero() {
			return k, Change{}, ErrNotFound
		}
		_, err := tx.ExecContext(ctx, `UPDATE join_keys SET revoked_at = ? WHERE id = ?`, now().UnixMilli(), id)
		return k, Change{Action: "joinKey.revoke", Before: auditJoinKey(k)}, err
	}, by)
	return err
}

// changeJoinKey changes one key and notes that.
func (db *DB) changeJoinKey(ctx context.Context, siteID, id string, change func(*sql.Tx, JoinKey) (JoinKey, Change, error), by Actor) (k JoinKey, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		if k, err = scanJoinKey(tx.QueryRowContext(ctx, selectJoinKeys+`AND id = ?`, siteID, id)); err != nil {
			return orNotFound(err)
		}
		after, noted, err := change(tx, k)
		if err != nil {
			return err
		}
		k, noted.Target = after, "joinKey:"+id
		return audit(ctx, tx, siteID, by, noted)
	})
	if err != nil {
		return JoinKey{}, fmt.Errorf("change join key: %w", err)
	}
	return k, nil
}
