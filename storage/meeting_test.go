package storage

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// addMeeting stores a meeting of owner and returns it as it is read back.
func addMeeting(t *testing.T, db *DB, owner User, number string, start time.Time) Meeting {
	t.Helper()
	id, err := db.InsertMeeting(t.Context(), Meeting{
		SiteID: owner.SiteID, OwnerID: owner.ID, Number: number, Title: "Weekly", Start: start,
		DurationMinutes: 60, Password: "open sesame", ServiceType: "MeetingCenter",
		LinkSecret: []byte("secret"), LinkProofHash: []byte("hash"),
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := db.OwnMeeting(t.Context(), owner.ID, id)
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
		ID: got.ID, SiteID: ada.SiteID, OwnerID: ada.ID, Number: "23456789012", Title: "Weekly", Start: start,
		DurationMinutes: 60, Password: "open sesame", ServiceType: "MeetingCenter",
		LinkSecret: []byte("secret"), LinkProofHash: []byte("hash"), Created: got.Created,
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
	title := "Mine now"
	if _, err := db.OwnMeeting(t.Context(), bob.ID, m.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("OwnMeeting = %v, want ErrNotFound", err)
	}
	if err := db.UpdateMeeting(t.Context(), bob.ID, m.ID, MeetingChange{Title: &title}); !errors.Is(err, ErrNotFound) {
		t.Errorf("UpdateMeeting = %v, want ErrNotFound", err)
	}
	if err := db.DeleteMeeting(t.Context(), bob.ID, m.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("DeleteMeeting = %v, want ErrNotFound", err)
	}
	if got, err := db.MeetingsOf(t.Context(), bob.ID); err != nil || len(got) != 0 {
		t.Errorf("MeetingsOf = %v, %v; want none", got, err)
	}
	if got, err := db.OwnMeeting(t.Context(), ada.ID, m.ID); err != nil || got.Title != "Weekly" {
		t.Errorf("the owner finds %+v, %v", got, err)
	}
}

func TestUpdateChangesWhatItNames(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", time.Now())
	start, minutes := time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC), 15
	err := db.UpdateMeeting(t.Context(), ada.ID, m.ID, MeetingChange{Start: &start, DurationMinutes: &minutes})
	if err != nil {
		t.Fatal(err)
	}
	want := m
	want.Start, want.DurationMinutes = start, minutes
	if got, err := db.OwnMeeting(t.Context(), ada.ID, m.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after the update: %+v, %v; want %+v", got, err, want)
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
	again := Meeting{SiteID: ada.SiteID, OwnerID: ada.ID, Number: m.Number, LinkSecret: []byte{1}, LinkProofHash: []byte{1}}
	if _, err := db.InsertMeeting(t.Context(), again); !errors.Is(err, ErrTaken) {
		t.Errorf("InsertMeeting with a number in use = %v, want ErrTaken", err)
	}
	started := edr.Record{Session: "s", Seq: 1, At: time.Now(), Fact: edr.Started{SiteID: ada.SiteID, MeetingID: m.ID, MeetingNumber: m.Number}}
	if err := db.InsertRecords(t.Context(), []edr.Record{started}); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := db.InsertMeeting(t.Context(), again); !errors.Is(err, ErrTaken) {
		t.Errorf("InsertMeeting with a number on record = %v, want ErrTaken", err)
	}
}
