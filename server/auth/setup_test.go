package auth

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

func TestSetupWorksOnceHoweverManyRace(t *testing.T) {
	db, site := openDB(t)
	setup, token, err := NewSetup(t.Context(), db, cheapHasher(), site, "admin")
	if err != nil || len(token) != 43 {
		t.Fatalf("NewSetup gives a token of %d, %v", len(token), err)
	}
	if _, err := setup.Claim(t.Context(), token+"x", "Eve", "eve@example.org", "password"); !errors.Is(err, ErrSetupClosed) {
		t.Fatalf("Claim with a wrong token = %v", err)
	}
	var won, closed atomic.Int32
	var race sync.WaitGroup
	for i := range 50 {
		race.Go(func() {
			_, err := setup.Claim(t.Context(), token, "Ada", strconv.Itoa(i)+"@example.org", "correct horse")
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, ErrSetupClosed):
				closed.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	race.Wait()
	if won.Load() != 1 || closed.Load() != 49 {
		t.Errorf("%d won, %d were refused", won.Load(), closed.Load())
	}
	if setup.Holds(token) {
		t.Error("a used token still holds")
	}
}

func TestSetupIsClosedWhereThereIsAnAdministrator(t *testing.T) {
	db, site := openDB(t)
	hasher := cheapHasher()
	first, token, err := NewSetup(t.Context(), db, hasher, site, "admin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Claim(t.Context(), token, "Ada", "ada@example.org", "correct horse"); err != nil {
		t.Fatal(err)
	}
	again, none, err := NewSetup(t.Context(), db, hasher, site, "admin")
	if err != nil || none != "" {
		t.Fatalf("NewSetup = token of %d, %v", len(none), err)
	}
	for _, token := range []string{"", token} {
		if _, err := again.Claim(t.Context(), token, "Eve", "eve@example.org", "password"); !errors.Is(err, ErrSetupClosed) {
			t.Errorf("Claim = %v, want ErrSetupClosed", err)
		}
	}
}
