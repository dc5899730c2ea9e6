package api

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
)

// sample is how long answers of one kind took, in seconds.
type sample []float64

func (s sample) moments() (mean, variance float64) {
	for _, x := range s {
		mean += x / float64(len(s))
	}
	for _, x := range s {
		variance += (x - mean) * (x - mean) / float64(len(s)-1)
	}
	return mean, variance
}

// welch is the t of Welch's test that two samples have the same mean.
func welch(a, b sample) float64 {
	ma, va := a.moments()
	mb, vb := b.moments()
	return (ma - mb) / math.Sqrt(va/float64(len(a))+vb/float64(len(b)))
}

const (
	triesEach = 2000
	workers   = 8
	control   = 3 * time.Millisecond
	gross     = 6.0 // |t| beyond this is no chance: one in a billion
)

// measure takes triesEach of each kind of request, in turn, and returns how long
// each took and one answer of each.
func measure(t *testing.T, kinds []string, try func(kind string) []byte) (times map[string]sample, answers map[string][]byte) {
	t.Helper()
	var mu sync.Mutex
	times, answers = map[string]sample{}, map[string][]byte{}
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := range triesEach / workers * len(kinds) {
				kind := kinds[(i+w)%len(kinds)]
				began := time.Now()
				answer := try(kind)
				took := time.Since(began).Seconds()
				mu.Lock()
				times[kind] = append(times[kind], took)
				answers[kind] = answer
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return times, answers
}

// How long a refusal takes says nothing of the meeting either; see
// TestRefusedJoinsAreAlike for its bytes. That the test would notice is shown by
// the same requests with one path that is a little slower.
func TestRefusalsTakeTheSameTime(t *testing.T) {
	slow(t)
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	unlisted, running := ada.schedule(t), ada.schedule(t)
	expect(t, ada.post(t, "/v1/meetings/"+running.text("id")+"/start", ""), http.StatusOK, "")
	s.sets(t, admin, `{"unlistAllMeetings":true}`)
	free := func() *auth.Throttle { return auth.NewThrottle(1_000_000, time.Second) }
	s.limits = &joinLimits{requests: free(), network: free(), number: free(), total: free()}
	s.refusal = 4 * time.Millisecond // enough of it, and not an hour of tests
	kinds := []string{"unknown", "unlisted", "not started", "wrong password"}
	bodies := map[string]string{
		"unknown": byPassword("99999999999", "guess"), "unlisted": byPassword(running.text("meetingNumber"), ""),
		"not started": byPassword(unlisted.text("meetingNumber"), "guess"), "wrong password": byPassword(running.text("meetingNumber"), "guess"),
	}
	b := s.browser()
	try := func(kind string) []byte { return s.quick(t, b, bodies[kind]) }
	times, answers := measure(t, kinds, try)
	for _, kind := range kinds[1:] {
		if !bytes.Equal(answers[kind], answers["unknown"]) {
			t.Errorf("%s: %s", kind, answers[kind])
		}
		mean, _ := times[kind].moments()
		got := welch(times[kind], times["unknown"])
		t.Logf("%-15s n = %d, mean %.3f ms, t = %+.2f against unknown", kind, len(times[kind]), mean*1e3, got)
		if math.Abs(got) > gross {
			t.Errorf("%s can be told from unknown by its time: t = %.2f", kind, got)
		}
	}

	slower, _ := measure(t, []string{"unknown", "wrong password"}, func(kind string) []byte {
		answer := try(kind)
		if kind == "wrong password" {
			<-time.After(control)
		}
		return answer
	})
	if got := welch(slower["wrong password"], slower["unknown"]); got < gross {
		t.Errorf("the control was not noticed: t = %.2f", got)
	} else {
		t.Logf("the control, slower by %v: t = %+.2f", control, got)
	}
}

// quick joins without keeping cookies, so that many can at once.
func (s *server) quick(t *testing.T, b *browser, body string) []byte {
	t.Helper()
	mine := &browser{server: s, ip: b.ip, cookies: map[string]string{}, headers: map[string]string{}}
	got := mine.post(t, "/v1/meetings/join", body)
	return fmt.Appendf(nil, "%d %v %s", got.Code, got.Header(), got.Body)
}

// Meeting numbers do not come twice in 100,000, and none says anything of the
// next: the correlation of each with the one after it is that of chance.
func TestMeetingNumbersAreRandom(t *testing.T) {
	const n = 100_000
	seen, numbers := make(map[string]bool, n), make(sample, n)
	for i := range numbers {
		text, err := auth.NewMeetingNumber()
		if err != nil {
			t.Fatal(err)
		}
		seen[text] = true
		if _, err := fmt.Sscan(text, &numbers[i]); err != nil || len(text) != 11 {
			t.Fatalf("%q: %v", text, err)
		}
	}
	if twice := n - len(seen); twice > 3 { // of 80 billion; 0.06 are expected, and 4 come once in 10^6 runs
		t.Errorf("%d came twice", twice)
	}
	mean, variance := numbers.moments()
	var covariance float64
	for i := range n - 1 {
		covariance += (numbers[i] - mean) * (numbers[i+1] - mean) / (n - 1)
	}
	if z := covariance / variance * math.Sqrt(n); math.Abs(z) > 5 {
		t.Errorf("serial correlation: z = %.2f", z)
	} else {
		t.Logf("%d came twice, serial correlation z = %+.2f", n-len(seen), z)
	}
}
