package api

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// bare is the key of a permission without what tells several of one call apart.
func bare(key string) string {
	key, _, _ = strings.Cut(key, " (")
	return key
}

// rowsOf returns the keys of permissions in the order of the routes.
func rowsOf(routes []route) []string {
	all := make([]string, 0, len(permissions))
	for _, r := range routes {
		var own []string
		for key := range permissions {
			if bare(key) == r.method+" "+r.path {
				own = append(own, key)
			}
		}
		slices.Sort(own)
		all = append(all, own...)
	}
	return all
}

func TestEveryRouteIsDescribedAndPermitted(t *testing.T) {
	s := newServer(t, plainSite)
	known := map[string]bool{}
	for _, r := range s.routes(http.NotFoundHandler()) {
		key := r.method + " " + r.path
		known[key] = true
		if r.about == "" {
			t.Errorf("%s says nothing of itself: give its route a few words in about", key)
		}
		if _, ok := permissions[key]; !ok {
			t.Errorf("%s has no permissions: add a row to permissions_test.go that says what each caller gets (%s)", key, strings.Join(callers, ", "))
		}
	}
	for key := range permissions {
		if !known[bare(key)] {
			t.Errorf("%s is in permissions_test.go, but it is no route: remove the row", key)
		}
	}
}

// Every call, made by everybody, gets what the table says and nothing else.
func TestPermissions(t *testing.T) {
	slow(t)
	s := newStage(t)
	for _, key := range rowsOf(s.routes(http.NotFoundHandler())) {
		row := permissions[key]
		wants := strings.Fields(row.want)
		if len(wants) != len(callers) {
			t.Errorf("%s: its row has %d statuses, and there are %d callers (%s)", key, len(wants), len(callers), strings.Join(callers, ", "))
			continue
		}
		for i, caller := range callers {
			got := s.try(key, caller)
			if want, err := strconv.Atoi(wants[i]); err != nil || got.Code != want {
				t.Errorf("%s by %s: %d, want %s; %s", key, caller, got.Code, wants[i], got.Body)
			}
		}
	}
}

// try makes the call of one row.
func (s *stage) try(key, caller string) reply {
	s.t.Helper()
	row := permissions[key]
	method, path, _ := strings.Cut(bare(key), " ")
	if row.path != "" {
		path = row.path
	}
	if strings.Contains(path, ":") {
		s.t.Fatalf("%s: its row needs a path without a colon, like /v1/meetings/{meeting}", key)
	}
	filled := strings.Split(s.fill(path+"\n"+row.match+"\n"+row.body), "\n") // together: they may name the same thing
	b := s.as(caller)
	if row.match != "" {
		b.headers["If-Match"] = filled[1]
	}
	return b.do(s.t, method, filled[0], strings.Join(filled[2:], "\n"))
}

var update = flag.Bool("update", false, "write the table of permissions into docs/permissions.md")

// restMark is where tools/tsgen stops and this test goes on.
const restMark = "<!-- What follows is written by server/api (make generate). -->\n"

func TestPermissionsArePrinted(t *testing.T) {
	const path = "../../docs/permissions.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, now, found := strings.Cut(string(text), restMark)
	if !found {
		t.Fatalf("%s has no line %q: run `make generate`", path, strings.TrimSpace(restMark))
	}
	want := printed(newServer(t, plainSite).routes(http.NotFoundHandler()))
	if *update {
		if err := os.WriteFile(path, []byte(head+restMark+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now != want {
		t.Errorf("%s is not current: run `make generate`", path)
	}
}

// printed is the table for people.
func printed(routes []route) string {
	var b strings.Builder
	b.WriteString("\n## The REST interface\n\n" +
		"What each caller is answered. The owner is a host whose meeting it is; the guest is in a meeting, without an\n" +
		"account; the other site's administrator shows a login that is good there. 401: sign in first. 403: not in\n" +
		"this role. 404: nothing that is yours. A test makes every call as everybody and finds exactly this.\n\n| |")
	for _, caller := range callers {
		fmt.Fprintf(&b, " %s |", caller)
	}
	b.WriteString(" |\n| --- |" + strings.Repeat(" --- |", len(callers)+1) + "\n")
	for _, key := range rowsOf(routes) {
		row := permissions[key]
		fmt.Fprintf(&b, "| `%s` |", bare(key))
		for status := range strings.FieldsSeq(row.want) {
			fmt.Fprintf(&b, " %s |", status)
		}
		fmt.Fprintf(&b, " %s |\n", row.note)
	}
	return b.String()
}
