package app

import (
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/ws"
	"github.com/conclave-meet/conclave/storage"
)

// door checks who may open a socket.
type door struct {
	db      *storage.DB
	tickets *auth.Tickets
	site    *url.URL
}

// admit takes a ticket and the cookie that was set with it, and says whom they
// let in, and where.
func (d *door) admit(r *http.Request, ticket string) (room.Meeting, room.Visitor, error) {
	stay, err := d.tickets.Redeem(ticket, api.StayCookie(r, d.site, ticket))
	if errors.Is(err, auth.ErrTicket) {
		return room.Meeting{}, room.Visitor{}, ws.ErrRefused
	}
	if err != nil {
		return room.Meeting{}, room.Visitor{}, err
	}
	m, err := d.db.MeetingByID(r.Context(), stay.SiteID, stay.MeetingID)
	if errors.Is(err, storage.ErrNotFound) {
		return room.Meeting{}, room.Visitor{}, ws.ErrRefused // deleted since
	}
	if err != nil {
		return room.Meeting{}, room.Visitor{}, err
	}
	return api.RoomMeeting(m, d.site), room.Visitor{
		ID: stay.ParticipantID, Name: stay.Name, Email: stay.Email, Role: policy.Role(stay.Role), Guest: stay.Guest,
		ClientAgent: stay.ClientAgent, IPAddress: stay.IPAddress,
	}, nil
}

// allowOrigin wants a page of the site. Where the site is at a loopback address,
// its other names count as well: people type localhost.
func (d *door) allowOrigin(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" || origin.Scheme != d.site.Scheme {
		return false
	}
	if origin.Host == d.site.Host {
		return true
	}
	return origin.Port() == d.site.Port() && isLoopback(origin.Hostname()) && isLoopback(d.site.Hostname()) && r.Host == origin.Host
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
