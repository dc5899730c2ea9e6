package storage

import (
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// BenchmarkWrite writes sessions of 50 people in batches as the log
// makes them when it has more to do (one of a whole session) or less. It works
// with versions from before the chain, too, to compare with.
func BenchmarkWrite(b *testing.B) {
	for _, size := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			db, err := Open(b.Context(), filepath.Join(b.TempDir(), "conclave.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			site, err := db.SiteByName(b.Context(), DefaultSite)
			if err != nil {
				b.Fatal(err)
			}
			var queue []edr.Record
			sessions, written := 0, 0
			began := cpu(b)
			for b.Loop() {
				for len(queue) < size {
					sessions++
					queue = append(queue, crowdedSession(fmt.Sprintf("%08d", sessions), site.ID, 50)...)
				}
				if err := db.Write(b.Context(), edr.Batch{Records: queue[:size]}); err != nil {
					b.Fatal(err)
				}
				queue, written = queue[size:], written+size
			}
			b.ReportMetric(float64(written)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(written), "cpu-µs/record")
		})
	}
}

// cpu is how much of the processor this process has had: on a machine that does
// other things, too, it says more than the time.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// crowdedSession is a session in which everybody mutes once.
func crowdedSession(session, site string, people int) []edr.Record {
	s := &script{session: session}
	s.add(0, "", edr.Started{SiteID: site, SiteURL: "https://meet.example", MeetingID: "m-" + session, MeetingNumber: "23456789012", MeetingTitle: "Weekly", HostID: "ada", HostEmail: "ada@example.org", HostName: "Ada"})
	for _, step := range []edr.Fact{
		edr.Joined{DisplayName: "Grace", Email: "grace@example.org", ParticipantType: "attendee", ClientAgent: "agent", IPAddress: "192.0.2.1"},
		edr.Muted{By: "p-000"},
		edr.Left{Reason: "left", Duration: 30 * time.Minute, Voice: 30 * time.Minute, Transport: "udp"},
	} {
		for i := range people {
			s.add(time.Minute, fmt.Sprintf("p-%03d", i), step)
		}
	}
	s.add(31*time.Minute, "", edr.Ended{Reason: "empty", Duration: 31 * time.Minute})
	return s.records
}
