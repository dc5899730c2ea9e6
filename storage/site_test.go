package storage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASiteKeepsItsSigningKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conclave.db")
	db := openAt(t, path)
	site := theSite(t, db)
	seed, err := db.SigningKey(t.Context(), site.ID)
	if err != nil || len(seed) != 32 || bytes.Equal(seed, make([]byte, 32)) {
		t.Fatalf("SigningKey = %x, %v", seed, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := openAt(t, path).SigningKey(t.Context(), site.ID)
	if err != nil || !bytes.Equal(again, seed) {
		t.Errorf("after reopening SigningKey = %x, %v; want %x", again, err, seed)
	}
	other := open(t)
	if got, err := other.SigningKey(t.Context(), theSite(t, other).ID); err != nil || bytes.Equal(got, seed) {
		t.Errorf("another site has the key %x, %v", got, err)
	}
	if _, err := other.SigningKey(t.Context(), "no such site"); !errors.Is(err, ErrNotFound) {
		t.Errorf("SigningKey of no site = %v, want ErrNotFound", err)
	}
}

func TestASigningKeyHasItsLength(t *testing.T) {
	db := open(t)
	if _, err := db.exec(t.Context(), `UPDATE sites SET signing_key = x'00'`); err == nil {
		t.Error("a key of one byte was stored")
	}
}

// A file of the first version holds link secrets. After the next start none is
// in it any more, nor in its journal, and the links still open their meetings.
func TestLinkSecretsAreGoneFromTheFile(t *testing.T) {
	const secret = "this is a secret of 32 bytes ok!"
	path := filepath.Join(t.TempDir(), "conclave.db")
	firstVersion(t, path, secret)
	if !onDisk(t, path, secret) {
		t.Fatal("the first version's file does not hold the secret: the test proves nothing")
	}
	db := openAt(t, path)
	if onDisk(t, path, secret) {
		t.Error("the secret is still on disk")
	}
	site := theSite(t, db)
	m, err := db.MeetingByNumber(t.Context(), site.ID, "23456789012")
	if err != nil || string(m.LinkProofHash) != "hash" || m.Title != "Weekly" {
		t.Errorf("the meeting is %+v, %v", m, err)
	}
	if seed, err := db.SigningKey(t.Context(), site.ID); err != nil || len(seed) != 32 {
		t.Errorf("SigningKey = %x, %v", seed, err)
	}
}

// firstVersion makes a file of schema 1 with one meeting.
func firstVersion(t *testing.T, path, secret string) {
	t.Helper()
	db, err := openPools(path)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := db.steps()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO sites (id, name, created_at) VALUES ('s', 'default', 0)`,
		`INSERT INTO users (id, site_id, email, email_folded, name, role, password_hash, created_at)
			VALUES ('u', 's', 'ada@example.org', 'ada@example.org', 'Ada', 'host', '', 0)`,
		`INSERT INTO meetings (id, site_id, owner_id, number, title, starts_at, duration_minutes, password, public,
			service_type, link_secret, link_proof_hash, created_at)
			VALUES ('m', 's', 'u', '23456789012', 'Weekly', 0, 60, '', 0, '', CAST('` + secret + `' AS BLOB), CAST('hash' AS BLOB), 0)`,
	} {
		if _, err := db.exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// onDisk reports whether text is in the database's files.
func onDisk(t *testing.T, path, text string) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}
