package storage

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// newJoinKey registers a key of that text at a site.
func newJoinKey(t *testing.T, db *DB, siteID, key string) JoinKey {
	t.Helper()
	k, err := db.InsertJoinKey(t.Context(), JoinKey{
		SiteID: siteID, Name: key, Algorithm: "EdDSA", PublicKey: []byte(key), MaxRole: "host",
	}, Operator)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestJoinKeys(t *testing.T) {
	db := open(t)
	ctx := t.Context()
	site, err := db.SiteByName(ctx, DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	other, err := db.InsertSite(ctx, Site{Name: "acme"}, Operator)
	if err != nil {
		t.Fatal(err)
	}
	k := newJoinKey(t, db, site.ID, "key")
	if _, err := db.JoinKeyByID(ctx, other.ID, k.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("another site has the key: %v", err)
	}
	if err := db.RevokeJoinKey(ctx, other.ID, k.ID, Operator); !errors.Is(err, ErrNotFound) {
		t.Errorf("another site revokes the key: %v", err)
	}
	if _, err := db.RenameJoinKey(ctx, other.ID, k.ID, "theirs", Operator); !errors.Is(err, ErrNotFound) {
		t.Errorf("another site renames the key: %v", err)
	}
	if k, err = db.RenameJoinKey(ctx, site.ID, k.ID, "ours", Operator); err != nil || k.Name != "ours" {
		t.Errorf("renamed to %q: %v", k.Name, err)
	}
	again := JoinKey{SiteID: site.ID, Name: "again", Algorithm: "EdDSA", PublicKey: []byte("key"), MaxRole: "host"}
	if err := db.RevokeJoinKey(ctx, site.ID, k.ID, Operator); err != nil {
		t.Fatal(err)
	}
	if err := db.RevokeJoinKey(ctx, site.ID, k.ID, Operator); !errors.Is(err, ErrNotFound) {
		t.Errorf("revoked twice: %v", err)
	}
	if _, err := db.InsertJoinKey(ctx, again, Operator); !errors.Is(err, ErrKeyKnown) {
		t.Errorf("a revoked key is registered again: %v", err)
	}
	newJoinKey(t, db, other.ID, "key") // another site knows nothing of it
	for i := range MaxJoinKeys {
		newJoinKey(t, db, site.ID, fmt.Sprint("more ", i))
	}
	again.PublicKey = []byte("one too many")
	if _, err := db.InsertJoinKey(ctx, again, Operator); !errors.Is(err, ErrTooMany) {
		t.Errorf("more than %d: %v", MaxJoinKeys, err)
	}
	keys, err := db.JoinKeys(ctx, site.ID)
	if err != nil || len(keys) != MaxJoinKeys+1 || keys[0].Name != fmt.Sprint("more ", MaxJoinKeys-1) || keys[MaxJoinKeys].ID != k.ID || keys[MaxJoinKeys].Revoked.IsZero() {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

// A site that exchanges its key each day does so for years: old ones make room, and
// are known all the same.
func TestOldJoinKeysMakeRoom(t *testing.T) {
	db := open(t)
	ctx := t.Context()
	site, err := db.SiteByName(ctx, DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.exec(ctx, `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO join_keys (id, site_id, name, algorithm, public_key, max_role, created_at, created_by, revoked_at)
		SELECT 'id ' || i, ?, 'old', 'EdDSA', CAST('old ' || i AS BLOB), 'host', i, 'a', i FROM n`, maxJoinKeysAll, site.ID)
	if err != nil {
		t.Fatal(err)
	}
	k := newJoinKey(t, db, site.ID, "new")
	keys, err := db.JoinKeys(ctx, site.ID)
	if err != nil || len(keys) != maxJoinKeysAll || keys[0].ID != k.ID {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	if _, err := db.JoinKeyByID(ctx, site.ID, "id 1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("the oldest: %v", err)
	}
	if k, err := db.JoinKeyByID(ctx, site.ID, "id 2"); err != nil || k.Revoked.IsZero() {
		t.Errorf("the one after: %v", err)
	}
	for _, old := range []string{"old 1", "old 2"} {
		again := JoinKey{SiteID: site.ID, Name: "again", Algorithm: "EdDSA", PublicKey: []byte(old), MaxRole: "host"}
		if _, err := db.InsertJoinKey(ctx, again, Operator); !errors.Is(err, ErrKeyKnown) {
			t.Errorf("%s is registered again: %v", old, err)
		}
	}
}

func TestUsedJoinTokens(t *testing.T) {
	db := open(t)
	ctx := t.Context()
	site, err := db.SiteByName(ctx, DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	k := newJoinKey(t, db, site.ID, "key")
	proof := func(name string) StayProof {
		return StayProof{ParticipantID: name, CookieHash: []byte("hash of " + name)}
	}
	use := func(last, previous StayProof) error {
		return db.UseJoinToken(ctx, UsedToken{SiteID: site.ID, KeyID: k.ID, ID: "jti", Last: last}, previous)
	}
	if _, err := db.UsedJoinToken(ctx, k.ID, "jti"); !errors.Is(err, ErrNotFound) {
		t.Errorf("used before it was: %v", err)
	}
	for _, tt := range []struct {
		name           string
		last, previous StayProof
		want           error
	}{
		{"as one who comes back, before it was used", proof("x"), proof("a"), ErrTokenUsed},
		{"first", proof("a"), StayProof{}, nil},
		{"a second time", proof("x"), StayProof{}, ErrTokenUsed},
		{"with another's stay", proof("x"), proof("y"), ErrTokenUsed},
		{"with another's cookie", proof("x"), StayProof{ParticipantID: "a", CookieHash: []byte("guess")}, ErrTokenUsed},
		{"with the stay", proof("b"), proof("a"), nil},
		{"with the stay before", proof("c"), proof("a"), nil},
		{"with the newest", proof("d"), proof("c"), nil},
		{"with one long gone", proof("x"), proof("a"), ErrTokenUsed},
	} {
		if err := use(tt.last, tt.previous); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	used, err := db.UsedJoinToken(ctx, k.ID, "jti")
	if err != nil || !used.Returns(proof("d"), time.Now()) || used.Returns(proof("d"), time.Now().Add(JoinTokenLife)) || used.Returns(StayProof{}, time.Now()) {
		t.Errorf("used = %+v, %v", used, err)
	}
	if err := db.RevokeJoinKey(ctx, site.ID, k.ID, Operator); err != nil {
		t.Fatal(err)
	}
	if err := use(proof("e"), proof("d")); !errors.Is(err, ErrTokenUsed) {
		t.Errorf("of a revoked key: %v", err)
	}
	forgets(t, db, 0)
	if _, err := db.exec(ctx, `UPDATE used_join_tokens SET used_at = ?`, now().Add(-JoinTokenLife).UnixMilli()); err != nil {
		t.Fatal(err)
	}
	forgets(t, db, 1)
}

func forgets(t *testing.T, db *DB, want int64) {
	t.Helper()
	if n, err := db.ForgetJoinTokens(t.Context()); err != nil || n != want {
		t.Errorf("forgot %d tokens, want %d: %v", n, want, err)
	}
}
