package auth

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/conclave-meet/conclave/storage"
)

const adasPassword = "correct horse"

// addUser stores Ada.
func addUser(t *testing.T, db *storage.DB, hasher *Hasher, siteID string) storage.User {
	t.Helper()
	hash, err := hasher.Hash(t.Context(), adasPassword)
	if err != nil {
		t.Fatal(err)
	}
	u, err := db.InsertUser(t.Context(), storage.User{
		SiteID: siteID, Email: "ada@example.org", Name: "Ada", Role: "host", PasswordHash: hash,
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// signIn makes a login by a password, as a page does.
func signIn(t *testing.T, logins *Logins, siteID, email, password, ip string) (storage.User, string, error) {
	t.Helper()
	u, err := logins.Verify(t.Context(), siteID, email, password, ip)
	if err != nil {
		return u, "", err
	}
	token, err := logins.Enter(t.Context(), u, ByPassword(), false, ip)
	return u, token, err
}

func TestSignIn(t *testing.T) {
	db, site := openDB(t)
	hasher := cheapHasher()
	ada, logins := addUser(t, db, hasher, site), NewLogins(db, hasher)

	got, token, err := signIn(t, logins, site, "ADA@example.org", adasPassword, "192.0.2.1")
	if err != nil || got != ada || len(token) != 43 {
		t.Fatalf("SignIn = %+v, token of %d, %v", got, len(token), err)
	}
	if got, err := logins.Check(t.Context(), site, token, Device{IP: "192.0.2.1"}); err != nil || got.User != ada {
		t.Errorf("Check = %+v, %v", got, err)
	}
	for _, tt := range []struct{ name, site, email, password string }{
		{"wrong password", site, "ada@example.org", "wrong horse"},
		{"unknown address", site, "bob@example.org", adasPassword},
		{"another site", "another", "ada@example.org", adasPassword},
		{"nothing", site, "", ""},
	} {
		if _, token, err := signIn(t, logins, tt.site, tt.email, tt.password, "192.0.2.1"); !errors.Is(err, ErrRefused) || token != "" {
			t.Errorf("%s: SignIn = %v", tt.name, err)
		}
	}

	if err := logins.Close(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := logins.Check(t.Context(), site, token, Device{IP: "192.0.2.1"}); !errors.Is(err, ErrNoLogin) {
		t.Errorf("Check after Close = %v, want ErrNoLogin", err)
	}
	for _, token := range []string{"", "nonsense", token + "a"} {
		if _, err := logins.Check(t.Context(), site, token, Device{IP: "192.0.2.1"}); !errors.Is(err, ErrNoLogin) {
			t.Errorf("Check(%q) = %v, want ErrNoLogin", token, err)
		}
	}
}

func TestTheTokenIsNotInTheDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conclave.db")
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	site, err := db.SiteByName(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	hasher := cheapHasher()
	addUser(t, db, hasher, site.ID)
	_, token, err := signIn(t, NewLogins(db, hasher), site.ID, "ada@example.org", adasPassword, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{token, adasPassword} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q", filepath.Base(name), secret)
			}
		}
	}
}

func TestGuessersAreSlowedDownWhereTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, site := openDB(t)
		hasher := cheapHasher()
		addUser(t, db, hasher, site)
		logins := NewLogins(db, hasher)
		try := func(email, password, ip string) error {
			_, _, err := signIn(t, logins, site, email, password, ip)
			return err
		}
		var tooMany TooManyError
		for range 10 {
			if err := try("ada@example.org", "wrong", "192.0.2.66"); !errors.Is(err, ErrRefused) {
				t.Fatalf("SignIn = %v", err)
			}
		}
		if err := try("ADA@example.org", adasPassword, "192.0.2.66"); !errors.As(err, &tooMany) || tooMany.Wait <= 0 {
			t.Errorf("the guesser's next try, even a right one: %v", err)
		}
		if err := try("ada@example.org", adasPassword, "192.0.2.1"); err != nil {
			t.Errorf("the owner elsewhere: %v", err)
		}
		time.Sleep(30 * time.Second)
		if err := try("ada@example.org", adasPassword, "192.0.2.66"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestWhoSignsInOftenIsNotSlowedDown(t *testing.T) {
	db, site := openDB(t)
	hasher := cheapHasher()
	addUser(t, db, hasher, site)
	logins := NewLogins(db, hasher)
	for i := range 15 {
		if _, _, err := signIn(t, logins, site, "ada@example.org", adasPassword, "192.0.2.1"); err != nil {
			t.Fatalf("sign-in %d: %v", i, err)
		}
	}
}

func TestANetworkHasALimitOverAllAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, site := openDB(t)
		logins := NewLogins(db, cheapHasher())
		for i := range 100 {
			email := string(rune('a'+i%26)) + string(rune('a'+i/26)) + "@example.org"
			_, _, err := signIn(t, logins, site, email, "guess", "2001:db8::"+string(rune('1'+i%9)))
			if _, slowed := errors.AsType[TooManyError](err); slowed {
				if i != 60 {
					t.Errorf("slowed down after %d tries", i)
				}
				return
			}
		}
		t.Error("100 accounts were tried from one network")
	})
}

func TestALoginEnds(t *testing.T) {
	for _, tt := range []struct {
		name string
		use  []time.Duration // when it is used, each after the one before
		want bool            // whether it is good at the last
	}{
		{"used at once", []time.Duration{0}, true},
		{"idle for just under the limit", []time.Duration{idleLimit - time.Second}, true},
		{"idle for too long", []time.Duration{idleLimit + time.Second}, false},
		{"used in between", []time.Duration{idleLimit - time.Hour, idleLimit - time.Hour}, true},
		{"old, however often used", []time.Duration{6 * 24 * time.Hour, 6 * 24 * time.Hour, 6 * 24 * time.Hour, 6 * 24 * time.Hour, 6*24*time.Hour + time.Second}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				db, site := openDB(t)
				hasher := cheapHasher()
				logins := NewLogins(db, hasher)
				token, err := logins.Open(t.Context(), addUser(t, db, hasher, site), ByPassword(), "192.0.2.1")
				if err != nil {
					t.Fatal(err)
				}
				for i, after := range tt.use {
					time.Sleep(after)
					_, err := logins.Check(t.Context(), site, token, Device{IP: "192.0.2.1"})
					if want := tt.want || i < len(tt.use)-1; want != (err == nil) || err != nil && !errors.Is(err, ErrNoLogin) {
						t.Fatalf("use %d: %v", i, err)
					}
				}
			})
		})
	}
}

func TestUseIsNotedOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, site := openDB(t)
		hasher := cheapHasher()
		logins := NewLogins(db, hasher)
		token, err := logins.Open(t.Context(), addUser(t, db, hasher, site), ByPassword(), "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		hash := digestOf(token)
		lastSeen := func(after time.Duration) time.Time {
			t.Helper()
			time.Sleep(after)
			if _, err := logins.Check(t.Context(), site, token, Device{IP: "192.0.2.1"}); err != nil {
				t.Fatal(err)
			}
			login, err := db.LoginByToken(t.Context(), site, hash[:])
			if err != nil {
				t.Fatal(err)
			}
			return login.LastSeen
		}
		opened := lastSeen(0)
		if seen := lastSeen(59 * time.Second); !seen.Equal(opened) {
			t.Errorf("noted after %v", seen.Sub(opened))
		}
		if seen := lastSeen(time.Second); seen.Sub(opened) != time.Minute {
			t.Errorf("noted as used after %v, want a minute", seen.Sub(opened))
		}
	})
}

// Between the right password and the login the password is changed, or the user
// disabled: what was shown counts no more.
func TestALoginIsOfAUserWhoIsAsTheyWere(t *testing.T) {
	db, site := openDB(t)
	hasher := cheapHasher()
	ada, logins := addUser(t, db, hasher, site), NewLogins(db, hasher)
	read, err := logins.Verify(t.Context(), site, ada.Email, adasPassword, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := logins.Open(t.Context(), read, ByPassword(), "192.0.2.1"); err != nil {
		t.Fatalf("nothing happened between: %v", err)
	}
	if err := db.SetPassword(t.Context(), read, "another hash", nil, storage.Operator); err != nil {
		t.Fatal(err)
	}
	if token, err := logins.Open(t.Context(), read, ByPassword(), "192.0.2.1"); !errors.Is(err, ErrRefused) || token != "" {
		t.Errorf("after another password: %q, %v", token, err)
	}
}
