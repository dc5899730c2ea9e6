package storage

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// addMeeting stores a meeting of owner and returns it as it is read back.
func addMeeting(t *testing.T, db *DB, owner User, number string, start time.Time) Meeting {
	t.Helper()
	m, err := db.InsertMeeting(t.Context(), Meeting{
		SiteID: owner.SiteID, OwnerID: owner.ID, Number: number, Title: "Weekly", Start: start,
		DurationMinutes: 60, Timezone: "UTC", Password: "open sesame", ServiceType: "MeetingCenter",
		LinkProofHash: []byte("hash"),
	}, Actor{Name: owner.Email}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMeetingIsReadBackAsWritten(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	start := time.Date(2027, 2, 3, 10, 0, 0, 0, time.UTC)
	got := addMeeting(t, db, ada, "23456789012", start)
	want := Meeting{
		ID: got.ID, SiteID: ada.SiteID, OwnerID: ada.ID, Number: "23456789012", Title: "Weekly", Start: start, LastStart: start,
		DurationMinutes: 60, Timezone: "UTC", Password: "open sesame", ServiceType: "MeetingCenter",
		Hosts: []string{}, Invitees: []string{}, LinkProofHash: []byte("hash"), Created: got.Created, Version: 1,
		HostEmail: "ada@example.org", HostName: "Ada",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("OwnMeeting = %+v, want %+v", got, want)
	}
	byNumber, err := db.MeetingByNumber(t.Context(), ada.SiteID, got.Number)
	if err != nil || !reflect.DeepEqual(byNumber, want) {
		t.Errorf("MeetingByNumber = %+v, %v", byNumber, err)
	}
	if _, err := db.MeetingByNumber(t.Context(), "another site", got.Number); !errors.Is(err, ErrNotFound) {
		t.Errorf("MeetingByNumber at another site = %v, want ErrNotFound", err)
	}
}

func TestOnlyTheOwnerReachesAMeeting(t *testing.T) {
	db := open(t)
	ada, bob := addUser(t, db, "ada@example.org"), addUser(t, db, "bob@example.org")
	m := addMeeting(t, db, ada, "23456789012", time.Now())
	mine := m
	mine.OwnerID, mine.Title = bob.ID, "Mine now"
	if _, err := db.OwnMeeting(t.Context(), bob.ID, m.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("OwnMeeting = %v, want ErrNotFound", err)
	}
	if _, err := db.UpdateMeeting(t.Context(), mine, Actor{}, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("UpdateMeeting = %v, want ErrNotFound", err)
	}
	if err := db.DeleteMeeting(t.Context(), bob.ID, m.ID, Actor{}, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("DeleteMeeting = %v, want ErrNotFound", err)
	}
	if got, err := db.MeetingsOf(t.Context(), bob.ID); err != nil || len(got) != 0 {
		t.Errorf("MeetingsOf = %v, %v; want none", got, err)
	}
	if got, err := db.OwnMeeting(t.Context(), ada.ID, m.ID); err != nil || got.Title != "Weekly" {
		t.Errorf("the owner finds %+v, %v", got, err)
	}
}

func TestAnEditChangesEverythingButWhoseItIs(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	bob := addUser(t, db, "Bob@example.org")
	m := addMeeting(t, db, ada, "23456789012", time.Now())
	start := time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)
	want := Meeting{
		ID: m.ID, SiteID: m.SiteID, OwnerID: m.OwnerID, Number: m.Number, Title: "Daily", Agenda: "One\nTwo", Start: start,
		LastStart: start.AddDate(0, 0, 3), DurationMinutes: 15, Timezone: "Europe/Berlin", Recurrence: "FREQ=DAILY;COUNT=4",
		Password: "sesame", ExcludePassword: true, Public: true, RequireLogin: true, RequireEmail: true, Lobby: true,
		ServiceType: "TrainingCenter", Withheld: []string{"enabledRecord"}, Hosts: []string{bob.Email},
		Invitees: []string{"A@example.com", "b@example.com"}, LinkProofHash: []byte("another"), Created: m.Created, Version: 1,
		HostEmail: m.HostEmail, HostName: m.HostName,
	}
	edit := want
	edit.Hosts = []string{"bob@EXAMPLE.org"}
	edit.Invitees = []string{"b@example.com", "A@example.com"}
	got, err := db.UpdateMeeting(t.Context(), edit, Actor{}, nil)
	if want.Version = 2; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after the edit: %+v, %v; want %+v", got, err, want)
	}
	if _, err := db.UpdateMeeting(t.Context(), edit, Actor{}, nil); !errors.Is(err, ErrStale) {
		t.Errorf("an edit of the version before = %v, want ErrStale", err)
	}
	for _, user := range []User{ada, bob} {
		if hosted, err := db.HostedMeeting(t.Context(), user.ID, m.ID); err != nil || hosted.Title != "Daily" {
			t.Errorf("%s hosts %+v, %v", user.Email, hosted, err)
		}
	}
	if _, err := db.OwnMeeting(t.Context(), bob.ID, m.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("who may start it owns it: %v", err)
	}
	got.Hosts = []string{"nobody@example.org"}
	if _, err := db.UpdateMeeting(t.Context(), got, Actor{}, nil); !errors.Is(err, ErrNoSuchHost) {
		t.Errorf("a host who is no user = %v, want ErrNoSuchHost", err)
	}
}

// The log tells who changed what, and neither password nor link.
func TestMeetingsAreAuditedWithoutTheirSecrets(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", time.Now())
	m.Password, m.LinkProofHash = "open barley", []byte("another hash")
	if _, err := db.UpdateMeeting(t.Context(), m, Actor{UserID: ada.ID, Name: ada.Email, IP: "192.0.2.1"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID, Actor{}, nil); err != nil {
		t.Fatal(err)
	}
	rows, err := list(t.Context(), db.read, func(row scanner) (string, error) {
		var action, before, after string
		err := row.Scan(&action, &before, &after)
		return action + " " + before + " " + after, err
	}, `SELECT action, before, after FROM audit_events WHERE target = ? ORDER BY seq`, "meeting:"+m.ID)
	if err != nil || len(rows) != 3 {
		t.Fatalf("audit = %q, %v", rows, err)
	}
	all := strings.Join(rows, "\n")
	for _, secret := range []string{"open sesame", "open barley", "hash"} {
		if strings.Contains(all, secret) {
			t.Errorf("the log tells %q: %s", secret, all)
		}
	}
	if !strings.Contains(rows[1], `"password":"changed","link":"changed"`) {
		t.Errorf("the log does not tell of the change: %s", rows[1])
	}
}

// Mail goes into the queue with the change it tells of, or not at all.
func TestMailIsQueuedWithTheChange(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", time.Now())
	tell := func(_, m Meeting) []Mail {
		return []Mail{{SiteID: m.SiteID, Kind: InvitationMail, To: "guest@example.com"}}
	}
	stale := m
	stale.Version = 7
	if _, err := db.UpdateMeeting(t.Context(), stale, Actor{}, tell); !errors.Is(err, ErrStale) {
		t.Fatal(err)
	}
	if n, err := db.WaitingMail(t.Context()); n != 0 || err != nil {
		t.Errorf("%d mails of an edit that was not made, %v", n, err)
	}
	if _, err := db.UpdateMeeting(t.Context(), m, Actor{}, tell); err != nil {
		t.Fatal(err)
	}
	if n, err := db.WaitingMail(t.Context()); n != 1 || err != nil {
		t.Errorf("%d mails, want 1; %v", n, err)
	}
	many := func(m Meeting) []Mail { return slices.Repeat(tell(m, m), maxWaiting) }
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID, Actor{}, many); !errors.Is(err, ErrMailFull) {
		t.Errorf("more than the queue holds = %v, want ErrMailFull", err)
	}
}

func TestMeetingsAreListedByStart(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	at := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	later := addMeeting(t, db, ada, "23456789012", at.Add(time.Hour))
	sooner := addMeeting(t, db, ada, "23456789013", at)
	got, err := db.MeetingsOf(t.Context(), ada.ID)
	if err != nil || len(got) != 2 || got[0].ID != sooner.ID || got[1].ID != later.ID {
		t.Errorf("MeetingsOf = %+v, %v", got, err)
	}
}

func TestANumberIsNeverUsedAgain(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", time.Now())
	again := Meeting{SiteID: ada.SiteID, OwnerID: ada.ID, Number: m.Number, LinkProofHash: []byte{1}}
	if _, err := db.InsertMeeting(t.Context(), again, Actor{}, nil); !errors.Is(err, ErrTaken) {
		t.Errorf("InsertMeeting with a number in use = %v, want ErrTaken", err)
	}
	started := edr.Record{Session: "s", Seq: 1, At: time.Now(), Fact: edr.Started{SiteID: ada.SiteID, MeetingID: m.ID, MeetingNumber: m.Number}}
	if err := db.Write(t.Context(), edr.Batch{Records: []edr.Record{started}}); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID, Actor{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.InsertMeeting(t.Context(), again, Actor{}, nil); !errors.Is(err, ErrTaken) {
		t.Errorf("InsertMeeting with a number on record = %v, want ErrTaken", err)
	}
}
