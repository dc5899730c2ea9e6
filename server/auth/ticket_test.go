package auth

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// issue returns a new ticket and its cookie.
func issue(t *testing.T, tickets *Tickets, stay Stay) (ticket, cookie string) {
	t.Helper()
	ticket, cookie, err := tickets.Issue(stay)
	if err != nil {
		t.Fatal(err)
	}
	return ticket, cookie
}

func TestATicketOpensOneSocket(t *testing.T) {
	tickets := NewTickets()
	stay := Stay{ParticipantID: NewParticipantID(), MeetingID: "m", Name: "Ada", Role: "host"}
	ticket, cookie := issue(t, tickets, stay)
	if !strings.HasPrefix(ticket, stay.ParticipantID+".") || cookie == "" || strings.Contains(ticket, cookie) {
		t.Errorf("ticket %q, cookie %q", ticket, cookie)
	}
	stay.Secret = StaySecretOf(cookie)
	if got, err := tickets.Redeem(ticket, cookie); err != nil || got != stay {
		t.Fatalf("Redeem = %+v, %v", got, err)
	}
	if _, err := tickets.Redeem(ticket, cookie); !errors.Is(err, ErrTicket) {
		t.Errorf("Redeem again = %v, want ErrTicket", err)
	}
	if len(tickets.byKey) != 0 || tickets.order.Len() != 0 {
		t.Error("a used ticket is kept")
	}
}

func TestAShownTicketIsGone(t *testing.T) {
	tickets := NewTickets()
	_, others := issue(t, tickets, Stay{ParticipantID: "p-other"})
	for _, cookie := range []string{"", "wrong", others} {
		ticket, right := issue(t, tickets, Stay{ParticipantID: "p-1"})
		if _, err := tickets.Redeem(ticket, cookie); !errors.Is(err, ErrTicket) {
			t.Errorf("Redeem with the cookie %q = %v", cookie, err)
		}
		if _, err := tickets.Redeem(ticket, right); !errors.Is(err, ErrTicket) {
			t.Errorf("Redeem with the right cookie, after a wrong one = %v", err)
		}
	}
	ticket, cookie := issue(t, tickets, Stay{ParticipantID: "p-1"})
	if _, err := tickets.Redeem("p-1."+strings.Repeat("A", 43), cookie); !errors.Is(err, ErrTicket) {
		t.Errorf("Redeem of an invented ticket = %v", err)
	}
	if _, err := tickets.Redeem(ticket, cookie); err != nil {
		t.Errorf("another's try took the ticket away: %v", err)
	}
}

func TestATicketIsGoodForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tickets := NewTickets()
		ticket, cookie := issue(t, tickets, Stay{})
		time.Sleep(TicketLife - time.Millisecond)
		if _, err := tickets.Redeem(ticket, cookie); err != nil {
			t.Errorf("just in time: %v", err)
		}
		ticket, cookie = issue(t, tickets, Stay{})
		time.Sleep(TicketLife)
		if _, err := tickets.Redeem(ticket, cookie); !errors.Is(err, ErrTicket) {
			t.Errorf("too late: %v", err)
		}
	})
}

func TestTicketsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tickets := NewTickets()
		for range maxTickets {
			issue(t, tickets, Stay{})
		}
		if _, _, err := tickets.Issue(Stay{}); !errors.Is(err, ErrBusy) {
			t.Errorf("Issue of one more = %v, want ErrBusy", err)
		}
		time.Sleep(TicketLife)
		issue(t, tickets, Stay{})
		if n := len(tickets.byKey); n != 1 {
			t.Errorf("%d tickets are kept, want the new one", n)
		}
	})
}

func TestOneOfManyRedeems(t *testing.T) {
	tickets := NewTickets()
	ticket, cookie := issue(t, tickets, Stay{ParticipantID: "p-1"})
	var won atomic.Int32
	var race sync.WaitGroup
	for range 50 {
		race.Go(func() {
			if _, err := tickets.Redeem(ticket, cookie); err == nil {
				won.Add(1)
			}
		})
	}
	race.Wait()
	if won.Load() != 1 {
		t.Errorf("%d redeemed one ticket", won.Load())
	}
}

func TestSecretsAreKeptAsDigestsOnly(t *testing.T) {
	tickets := NewTickets()
	ticket, cookie := issue(t, tickets, Stay{ParticipantID: "p-1"})
	i := tickets.order.Front().Value.(*issued)
	if i.key != digestOf(ticket) || i.cookie != digestOf(cookie) {
		t.Error("what is kept is not the digests")
	}
}
