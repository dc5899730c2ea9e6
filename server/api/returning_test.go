package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
)

// Who comes back says who they were, and the cookie for that proves it; what is no
// proof is no reason to refuse them.
func TestWhoComesBack(t *testing.T) {
	for _, address := range []string{plainSite, "https://meet.example.org"} {
		s := newServer(t, address)
		m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
		b := s.browser()
		first := b.post(t, "/v1/meetings/join", byLink(t, m)).text("participantId")
		cookie := b.cookies[cookiesOf(s.site).name(stayCookie(first))]
		if cookie == "" {
			t.Fatalf("the cookies are %v", b.cookies)
		}
		for _, tt := range []struct {
			name     string
			from     *browser
			previous string
			want     bool
		}{
			{"who was in", b, first, true},
			{"another browser", s.browser(), first, false},
			{"as another", b, "p-0000000000000000", false},
			{"as nobody", b, "", false},
			{"with the name of another cookie", b, "../" + loginCookie, false},
		} {
			join := tt.from.post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{", fmt.Sprintf(`{"previousParticipantId":%q,`, tt.previous), 1))
			expect(t, join, http.StatusOK, "")
			own := tt.from.cookies[cookiesOf(s.site).name(stayCookie(join.text("participantId")))]
			stay, err := s.tickets.Redeem(join.text("ticket"), own)
			if err != nil {
				t.Fatal(err)
			}
			proves := stay.Previous == first && stay.PreviousSecret == auth.StaySecretOf(cookie)
			if proves != tt.want || !tt.want && (stay.Previous != "" || stay.PreviousSecret != auth.StaySecret{}) {
				t.Errorf("%s: %q, proof %v", tt.name, stay.Previous, stay.PreviousSecret)
			}
		}
	}
}

// A browser keeps the cookies of a few stays, however often somebody joins.
func TestOldStaysAreForgotten(t *testing.T) {
	here := &site.Site{}
	here.URL = newServer(t, "https://meet.example.org").site.URL
	k := cookiesOf(here)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/meetings/join", nil)
	ids := make([]string, mostStays+3)
	for i := range ids { // as a browser sends them: the oldest first
		ids[i] = fmt.Sprintf("p-%016x", i)
		r.AddCookie(&http.Cookie{Name: k.name(stayCookie(ids[i])), Value: "secret"})
	}
	for _, other := range []string{k.name(loginCookie), stayCookie(ids[0]), k.name(stayCookie(ids[0])) + ".acme", k.name(stayCookie("p-x"))} {
		r.AddCookie(&http.Cookie{Name: other, Value: "secret"})
	}
	var gone []string
	for _, c := range k.noOldStays(r, ids[1]) {
		if c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("%s is not deleted: %+v", c.Name, c)
		}
		gone = append(gone, c.Name)
	}
	if want := []string{k.name(stayCookie(ids[0])), k.name(stayCookie(ids[2]))}; !slices.Equal(gone, want) {
		t.Errorf("deleted %v, want %v", gone, want)
	}
}
