package api

import (
	"slices"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// privileges are what attendees of a meeting may do: T is bool in an answer, and
// *bool in a request, where what is absent stays.
type privileges[T bool | *bool] struct {
	ShareContent        T `json:"enabledShareContent"`
	SaveDocument        T `json:"enabledSaveDocument"`
	PrintDocument       T `json:"enabledPrintDocument"`
	Annotate            T `json:"enabledAnnotate"`
	ViewParticipantList T `json:"enabledViewParticipantList"`
	ViewAnyPage         T `json:"enabledViewAnyPage"`
	RemoteControl       T `json:"enabledRemoteControl"`
	ChatHost            T `json:"enabledChatHost"`
	ChatPresenter       T `json:"enabledChatPresenter"`
	ChatOthers          T `json:"enabledChatOtherParticipants"`
	Record              T `json:"enabledRecord"`
}

// privilege is one of them by its name, and the right in the meeting that it is.
type privilege[T bool | *bool] struct {
	name  string
	right policy.Right
	value *T
}

func (p *privileges[T]) all() []privilege[T] {
	return []privilege[T]{
		{"enabledShareContent", policy.RightToShare, &p.ShareContent},
		{"enabledSaveDocument", policy.RightToSaveDocument, &p.SaveDocument},
		{"enabledPrintDocument", policy.RightToPrintDocument, &p.PrintDocument},
		{"enabledAnnotate", policy.RightToAnnotate, &p.Annotate},
		{"enabledViewParticipantList", policy.RightToSeeParticipants, &p.ViewParticipantList},
		{"enabledViewAnyPage", policy.RightToAnyPage, &p.ViewAnyPage},
		{"enabledRemoteControl", policy.RightToRemoteControl, &p.RemoteControl},
		{"enabledChatHost", policy.RightToChatHosts, &p.ChatHost},
		{"enabledChatPresenter", policy.RightToChatPresenters, &p.ChatPresenter},
		{"enabledChatOtherParticipants", policy.RightToChatEveryone, &p.ChatOthers},
		{"enabledRecord", policy.RightToRecord, &p.Record},
	}
}

// grantedBut grants all but those withheld.
func grantedBut(withheld []string) (p privileges[bool]) {
	for _, one := range p.all() {
		*one.value = !slices.Contains(withheld, one.name)
	}
	return p
}

// withheld returns what is withheld once the request has changed what was.
func (p *privileges[T]) withheld(before []string) (after []string) {
	for _, one := range p.all() {
		granted := !slices.Contains(before, one.name)
		if said, ok := any(*one.value).(*bool); ok && said != nil {
			granted = *said
		}
		if !granted {
			after = append(after, one.name)
		}
	}
	return after
}

// usuallyWithheld returns what is withheld in meetings of a kind of which nothing
// else is said.
func usuallyWithheld(kind policy.ServiceType) (names []string) {
	usual := policy.Usual(kind)
	for _, one := range new(privileges[bool]).all() {
		if !slices.Contains(usual, one.right) {
			names = append(names, one.name)
		}
	}
	return names
}

// rightsOf returns what attendees of m may do: what is not withheld, and of what
// no privilege stands for, what is usual in meetings of its kind.
func rightsOf(m storage.Meeting) (rights []policy.Right) {
	granted, named := policy.Usual(policy.ServiceType(m.ServiceType)), grantedBut(m.Withheld)
	for _, one := range named.all() {
		granted = slices.DeleteFunc(granted, func(r policy.Right) bool { return r == one.right })
		if *one.value {
			granted = append(granted, one.right)
		}
	}
	for _, right := range policy.Rights() { // in their order
		if slices.Contains(granted, right) {
			rights = append(rights, right)
		}
	}
	return rights
}
