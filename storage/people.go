package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What an administrator may not do to a user.
var (
	// ErrLastAdmin says that nobody would be left to administer the site.
	ErrLastAdmin = errors.New("the last administrator")
	// ErrOwns says that meetings or records tell of the user.
	ErrOwns = errors.New("has meetings or records")
)

// MaxUsers is the most users one page of a list holds.
const MaxUsers = 200

// Person is a user as an administrator sees them.
type Person struct {
	User
	Seen time.Time // when they last signed in; zero for never
}

const selectPeople = `SELECT ` + userColumns + `, u.seen_at FROM users u WHERE u.site_id = ? `

func scanPerson(row scanner) (p Person, err error) {
	var seen sql.Null[int64]
	u := userRow{User: &p.User}
	err = row.Scan(append(u.into(), &seen)...)
	u.finish()
	if seen.Valid {
		p.Seen = fromMillis(seen.V)
	}
	return p, err
}

// UserFilter says which users of a site are listed.
type UserFilter struct {
	SiteID string
	Search string // part of the name or of the e-mail address; empty for all
	After  string // continue behind this e-mail address, folded
	Max    int    // 1 to MaxUsers
}

// Users returns a page of the site's users by e-mail address, and where the next
// one begins; that is empty on the last page.
func (db *DB) Users(ctx context.Context, f UserFilter) (people []Person, next string, err error) {
	most := min(max(f.Max, 1), MaxUsers)
	pattern := "%" + escapeLike(FoldEmail(f.Search)) + "%"
	people, err = list(ctx, db.read, scanPerson, selectPeople+`
		AND u.email_folded > ? AND (u.email_folded LIKE ? ESCAPE '\' OR u.name LIKE ? ESCAPE '\')
		ORDER BY u.email_folded LIMIT ?`, f.SiteID, f.After, pattern, pattern, most+1)
	if err != nil {
		return nil, "", fmt.Errorf("list users: %w", err)
	}
	if len(people) > most {
		people = people[:most]
		next = FoldEmail(people[most-1].Email)
	}
	return people, next, nil
}

// escapeLike returns text as LIKE finds it, letter for letter.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// UserByID returns the site's user with that id.
func (db *DB) UserByID(ctx context.Context, siteID, id string) (Person, error) {
	p, err := scanPerson(db.read.QueryRowContext(ctx, selectPerson, siteID, id))
	if err != nil {
		return Person{}, fmt.Errorf("user by id: %w", orNotFound(err))
	}
	return p, nil
}

const selectPerson = selectPeople + `AND u.id = ?`

// auditUser is what the audit log shows of a user.
func auditUser(u User) any {
	return struct {
		Email           string `json:"email"`
		Name            string `json:"name"`
		Role            string `json:"role"`
		Disabled        bool   `json:"disabled"`
		TimeZone        string `json:"timeZone,omitzero"`
		Language        string `json:"language,omitzero"`
		MeetingDefaults any    `json:"meetingDefaults"`
	}{u.Email, u.Name, u.Role, !u.Disabled.IsZero(), u.TimeZone, u.Language, rawJSON([]byte(u.MeetingDefaults))}
}

// InviteUser stores u, who has no password yet, with the link to choose one, and
// the mail that brings it, if there is one.
func (db *DB) InviteUser(ctx context.Context, u User, link Link, mail *Mail, by Actor) (User, error) {
	err := db.update(ctx, func(tx *sql.Tx) (err error) {
		if u, err = insertUser(ctx, tx, u); err != nil {
			return err
		}
		link.UserID = u.ID
		if err := insertLink(ctx, tx, link, mail); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "user.create", Target: "user:" + u.ID, After: auditUser(u)})
	})
	return u, err
}

// UserChange edits a user: what is nil stays.
type UserChange struct {
	Name, Role                          *string
	Disabled                            *bool
	TimeZone, Language, MeetingDefaults *string
}

// apply returns u as it is afterwards.
func (change UserChange) apply(u Person) Person {
	for _, text := range []struct{ to, from *string }{
		{&u.Name, change.Name},
		{&u.Role, change.Role},
		{&u.TimeZone, change.TimeZone},
		{&u.Language, change.Language},
		{&u.MeetingDefaults, change.MeetingDefaults},
	} {
		if text.from != nil {
			*text.to = *text.from
		}
	}
	switch {
	case change.Disabled == nil:
	case !*change.Disabled:
		u.Disabled = time.Time{}
	case u.Disabled.IsZero():
		u.Disabled = now()
	}
	return u
}

// UpdateUser edits the site's user with that id, who must still be of that
// version (ErrStale). Who is disabled is signed out everywhere in the same
// moment, and their links and API tokens are gone. AdminRole is the role of which
// somebody who can sign in must be left (ErrLastAdmin).
func (db *DB) UpdateUser(ctx context.Context, u User, change UserChange, adminRole string, by Actor) (Person, error) {
	var after Person
	err := db.update(ctx, func(tx *sql.Tx) error {
		before, err := scanPerson(tx.QueryRowContext(ctx, selectPerson, u.SiteID, u.ID))
		if err != nil {
			return orNotFound(err)
		}
		if before.Version != u.Version {
			return ErrStale
		}
		after = change.apply(before)
		if after == before {
			return nil
		}
		if after.Role != adminRole || !after.Disabled.IsZero() {
			if err := leavesAdmin(ctx, tx, before.User, adminRole); err != nil {
				return err
			}
		}
		after.Version++
		if err := writeUser(ctx, tx, after.User); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{
			Action: "user.update", Target: "user:" + u.ID, Before: auditUser(before.User), After: auditUser(after.User),
		})
	})
	if err != nil {
		return Person{}, fmt.Errorf("update user: %w", err)
	}
	return after, nil
}

func writeUser(ctx context.Context, tx *sql.Tx, u User) error {
	var disabled sql.Null[int64]
	if !u.Disabled.IsZero() {
		disabled = sql.Null[int64]{V: u.Disabled.UnixMilli(), Valid: true}
		if err := shutOut(ctx, tx, u.ID); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE users SET name = ?, role = ?, disabled_at = ?, time_zone = ?, language = ?, meeting_defaults = ?, version = ?
		WHERE id = ?`,
		u.Name, u.Role, disabled, u.TimeZone, u.Language, u.MeetingDefaults, u.Version, u.ID)
	return err
}

// shutOut takes from a user everything by which they come in.
func shutOut(ctx context.Context, tx *sql.Tx, userID string) error {
	for _, statement := range []string{
		`DELETE FROM logins WHERE user_id = ?`,
		`DELETE FROM api_tokens WHERE user_id = ?`,
		`DELETE FROM account_links WHERE user_id = ?`,
		`DELETE FROM password_requests WHERE user_id = ?`,
	} {
		if _, err := tx.ExecContext(ctx, statement, userID); err != nil {
			return err
		}
	}
	return nil
}

// leavesAdmin says ErrLastAdmin when there is nobody but u in role, of those who
// can sign in: who has a password, or did sign in without one.
func leavesAdmin(ctx context.Context, tx *sql.Tx, u User, role string) error {
	if u.Role != role || !u.Disabled.IsZero() {
		return nil
	}
	var left bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (
		SELECT 1 FROM users WHERE site_id = ? AND role = ? AND id <> ? AND disabled_at IS NULL
		AND (password_hash <> '' OR seen_at IS NOT NULL))`, u.SiteID, role, u.ID).Scan(&left)
	if err == nil && !left {
		err = ErrLastAdmin
	}
	return err
}

// DeleteUser deletes the site's user with that id, of whom no meeting and no
// record tells (ErrOwns). AdminRole is as in UpdateUser.
func (db *DB) DeleteUser(ctx context.Context, u User, adminRole string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		before, err := scanPerson(tx.QueryRowContext(ctx, selectPerson, u.SiteID, u.ID))
		if err != nil {
			return orNotFound(err)
		}
		if before.Version != u.Version {
			return ErrStale
		}
		if err := leavesAdmin(ctx, tx, before.User, adminRole); err != nil {
			return err
		}
		if err := ownsNothing(ctx, tx, u.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM users WHERE id = ?`, u.ID); err != nil {
			return orOwns(err)
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "user.delete", Target: "user:" + u.ID, Before: auditUser(before.User)})
	})
	if err != nil {
		return fmt.Errorf("delete user: %w", err)
	}
	return nil
}

func ownsNothing(ctx context.Context, tx *sql.Tx, userID string) error {
	var owns bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM meetings WHERE owner_id = ?1)
		OR EXISTS (SELECT 1 FROM edr_sessions WHERE host_id = ?1)`, userID).Scan(&owns)
	if err == nil && owns {
		err = ErrOwns
	}
	return err
}

// orOwns turns the driver's word for a row that others point at into ours.
func orOwns(err error) error {
	if broken, ok := errors.AsType[*sqlite.Error](err); ok && broken.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
		return ErrOwns
	}
	return err
}
