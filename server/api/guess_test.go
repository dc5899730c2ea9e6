package api

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
)

func TestGuessersAreSlowedDown(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	number := m.text("meetingNumber")

	// Twenty guesses at a number, wherever they come from and whether there is
	// such a meeting.
	for i := range 20 {
		b := s.browser()
		b.ip = fmt.Sprintf("198.51.100.%d", i)
		expect(t, b.post(t, "/v1/meetings/join", byPassword(number, "guess")), http.StatusForbidden, "join_refused")
		expect(t, b.post(t, "/v1/meetings/join", byPassword("99999999999", "guess")), http.StatusForbidden, "join_refused")
	}
	known, unknown := s.browser(), s.browser()
	slowed := known.post(t, "/v1/meetings/join", byPassword(number, "open sesame"))
	expect(t, slowed, http.StatusTooManyRequests, "too_many_attempts")
	if wait, err := strconv.Atoi(slowed.Header().Get("Retry-After")); err != nil || wait < 1 || wait > 30 {
		t.Errorf("Retry-After = %q", slowed.Header().Get("Retry-After"))
	}
	alike(t, slowed, unknown.post(t, "/v1/meetings/join", byPassword("99999999999", "open sesame")))

	// Who holds the link or owns the meeting guesses nothing.
	expect(t, s.browser().post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
	expect(t, ada.post(t, "/v1/meetings/join", byPassword(number, "")), http.StatusOK, "")

	// Thirty guesses from one network, at whatever.
	guesser := s.browser()
	guesser.ip = "203.0.113.5"
	for i := range 30 {
		guesser.headers["X-Forwarded-For"] = fmt.Sprintf("198.51.100.%d", i)
		expect(t, guesser.post(t, "/v1/meetings/preview", fmt.Sprintf(`{"meetingNumber":"3000000000%d"}`, i)), http.StatusForbidden, "join_refused")
	}
	expect(t, guesser.post(t, "/v1/meetings/preview", `{"meetingNumber":"40000000000"}`), http.StatusTooManyRequests, "too_many_attempts")
	expect(t, guesser.post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
}

func TestAllGuessesTogetherHaveALimit(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	for i := range 1000 {
		b := s.browser()
		b.ip = fmt.Sprintf("10.0.%d.%d", i/200, i%200)
		got := b.post(t, "/v1/meetings/join", byPassword(strconv.Itoa(30_000_000_000+i), "guess"))
		if got.Code == http.StatusTooManyRequests {
			if i < 600 {
				t.Errorf("slowed down after %d guesses", i)
			}
			expect(t, s.browser().post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
			return
		}
	}
	t.Error("1000 guesses from 1000 networks were not slowed down")
}

func TestWhoJoinsOftenIsNotSlowedDown(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	for range 60 { // a class behind one address
		expect(t, s.browser().post(t, "/v1/meetings/join", byPassword(m.text("meetingNumber"), "open sesame")), http.StatusOK, "")
	}
}

func TestANetworkCannotUseUpTheTickets(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	for i := range 1000 {
		if got := s.browser().post(t, "/v1/meetings/join", byLink(t, m)); got.Code == http.StatusTooManyRequests {
			if i < 300 {
				t.Errorf("slowed down after %d joins", i)
			}
			return
		}
	}
	t.Error("1000 joins from one network were not slowed down")
}
