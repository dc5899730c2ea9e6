package storage

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// addUser stores a host with that e-mail address at the default site.
func addUser(t *testing.T, db *DB, email string) User {
	t.Helper()
	u, err := db.InsertUser(t.Context(), User{
		SiteID: theSite(t, db).ID, Email: email, Name: "Ada", Role: "host", PasswordHash: "hash",
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestEmailIsComparedCaseInsensitively(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "Ada@Example.org")
	got, err := db.UserByEmail(t.Context(), ada.SiteID, "aDA@example.ORG")
	if err != nil || got != ada {
		t.Errorf("UserByEmail = %+v, %v; want %+v", got, err, ada)
	}
	_, err = db.InsertUser(t.Context(), User{SiteID: ada.SiteID, Email: "ADA@EXAMPLE.ORG"})
	if !errors.Is(err, ErrTaken) {
		t.Errorf("InsertUser with the same address = %v, want ErrTaken", err)
	}
	if _, err := db.UserByEmail(t.Context(), ada.SiteID, "bob@example.org"); !errors.Is(err, ErrNotFound) {
		t.Errorf("UserByEmail of nobody = %v, want ErrNotFound", err)
	}
	if _, err := db.UserByEmail(t.Context(), "another site", "ada@example.org"); !errors.Is(err, ErrNotFound) {
		t.Errorf("UserByEmail at another site = %v, want ErrNotFound", err)
	}
}

func TestOneFirstUserHoweverManyRace(t *testing.T) {
	db := open(t)
	site := theSite(t, db)
	addUser(t, db, "host@example.org") // another role does not count
	var won, late atomic.Int32
	var race sync.WaitGroup
	for i := range 50 {
		race.Go(func() {
			_, err := db.InsertFirstUser(t.Context(), User{
				SiteID: site.ID, Email: strconv.Itoa(i) + "@example.org", Role: "admin",
			})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, ErrNotFirst):
				late.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	race.Wait()
	if won.Load() != 1 || late.Load() != 49 {
		t.Errorf("%d won, %d were told that they are late", won.Load(), late.Load())
	}
	if found, err := db.HasUserInRole(t.Context(), site.ID, "admin"); err != nil || !found {
		t.Errorf("HasUserInRole = %v, %v", found, err)
	}
}

func TestLogins(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	before := time.Now().Add(-time.Second)
	for _, token := range []string{"one", "two"} {
		if err := db.InsertLogin(t.Context(), ada, []byte(token), "password", 1, Operator); err != nil {
			t.Fatal(err)
		}
	}
	login, err := db.LoginByToken(t.Context(), ada.SiteID, []byte("one"))
	if err != nil || login.User != ada || login.Created.Before(before) || !login.LastSeen.Equal(login.Created) {
		t.Fatalf("LoginByToken = %+v, %v", login, err)
	}
	if err := db.DeleteLogin(t.Context(), []byte("one")); err != nil {
		t.Fatal(err)
	}
	if _, err := db.LoginByToken(t.Context(), ada.SiteID, []byte("one")); !errors.Is(err, ErrNotFound) {
		t.Errorf("LoginByToken of a deleted one = %v", err)
	}
	if err := db.DeleteStaleLogins(t.Context(), before, before); err != nil {
		t.Fatal(err)
	}
	if _, err := db.LoginByToken(t.Context(), ada.SiteID, []byte("two")); err != nil {
		t.Errorf("a fresh login was called stale: %v", err)
	}
	if err := db.DeleteStaleLogins(t.Context(), before, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.LoginByToken(t.Context(), ada.SiteID, []byte("two")); !errors.Is(err, ErrNotFound) {
		t.Errorf("LoginByToken of an idle one = %v", err)
	}
}
