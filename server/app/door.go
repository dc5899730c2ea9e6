package app

import (
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/ws"
	"github.com/conclave-meet/conclave/storage"
)

// door checks who may open a socket.
type door struct {
	db      *storage.DB
	tickets *auth.Tickets
}

// admit takes a ticket and the cookie that was set with it, and says whom they
// let in, and where.
func (d *door) admit(r *http.Request, ticket string) (room.Meeting, room.Visitor, error) {
	here := site.Of(r.Context())
	stay, err := d.tickets.Redeem(ticket, api.StayCookie(r, here, ticket))
	if errors.Is(err, auth.ErrTicket) || err == nil && stay.SiteID != here.ID {
		return room.Meeting{}, room.Visitor{}, ws.ErrRefused
	}
	if err != nil {
		return room.Meeting{}, room.Visitor{}, err
	}
	if stay.UserID != "" { // their account is theirs no more, or is gone
		if _, err := d.db.ActiveUser(r.Context(), stay.SiteID, stay.UserID); errors.Is(err, storage.ErrNotFound) {
			return room.Meeting{}, room.Visitor{}, ws.ErrRefused
		} else if err != nil {
			return room.Meeting{}, room.Visitor{}, err
		}
	}
	m, err := d.db.MeetingByID(r.Context(), stay.SiteID, stay.MeetingID)
	if errors.Is(err, storage.ErrNotFound) {
		return room.Meeting{}, room.Visitor{}, ws.ErrRefused // deleted since
	}
	if err != nil {
		return room.Meeting{}, room.Visitor{}, err
	}
	var browser []room.Secret
	for _, cookie := range api.StayCookies(r, here) {
		browser = append(browser, room.Secret(auth.StaySecretOf(cookie)))
	}
	return api.RoomMeeting(m, here), room.Visitor{
		ID: stay.ParticipantID, User: stay.UserID, Name: stay.Name, Email: stay.Email, Role: policy.Role(stay.Role), Guest: stay.Guest, Owner: stay.Owner,
		Device:      stay.SignatureKey,
		ClientAgent: stay.ClientAgent, IPAddress: stay.IPAddress,
		Secret: room.Secret(stay.Secret), Previous: stay.Previous, PreviousSecret: room.Secret(stay.PreviousSecret),
		Browser:        browser,
		DisclaimerHash: stay.DisclaimerHash, Form: stay.Form,
	}, nil
}

// allowOrigin wants a page of the site. Where the site is at a loopback address,
// its other names count as well: people type localhost.
func (d *door) allowOrigin(r *http.Request) bool {
	here := site.Of(r.Context()).URL
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" || origin.Scheme != here.Scheme {
		return false
	}
	if origin.Host == here.Host {
		return true
	}
	return origin.Port() == here.Port() && isLoopback(origin.Hostname()) && isLoopback(here.Hostname()) && r.Host == origin.Host
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
