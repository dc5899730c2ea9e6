package auth

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/conclave-meet/conclave/storage"
)

// openDB returns a fresh database and the id of its site.
func openDB(t *testing.T) (*storage.DB, string) {
	t.Helper()
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "conclave.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	site, err := db.SiteByName(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	return db, site.ID
}

// cheapHasher returns a Hasher for tests that are about something else.
func cheapHasher() *Hasher { return NewHasher(64) }

func TestNetwork(t *testing.T) {
	for _, tt := range []struct{ ip, want string }{
		{"192.0.2.7", "192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"},
		{"fe80::1%eth0", "fe80::/64"},
		{"nonsense", "nonsense"},
		{"", ""},
	} {
		if got := Network(tt.ip); got != tt.want {
			t.Errorf("Network(%q) = %q, want %q", tt.ip, got, tt.want)
		}
	}
}

func TestParticipantIDs(t *testing.T) {
	form := regexp.MustCompile(`^p-[0-9a-f]{16}$`)
	seen := make(map[string]bool)
	for range 1000 {
		id := NewParticipantID()
		if !form.MatchString(id) || seen[id] {
			t.Fatalf("id %q, seen before %v", id, seen[id])
		}
		seen[id] = true
	}
}
