package policy

// Table lists, for every action, the roles that hold it. It is the only place
// where rights in a meeting are written down; tools/tsgen gives the same table
// to the front end and to docs/permissions.md.
var Table = map[Action][]Role{
	PublishMicrophone: {Host, Presenter, Panelist, Attendee},
	PublishCamera:     {Host, Presenter, Panelist, Attendee},
	ShareScreen:       {Host, Presenter, Panelist, Attendee},
	MuteOthers:        {Host},
	EndMeeting:        {Host},
}

// SiteTable lists, for every site action, the site roles that hold it.
var SiteTable = map[SiteAction][]SiteRole{
	ScheduleMeetings: {SiteAdmin, SiteHost},
	ReadOwnRecords:   {SiteAdmin, SiteHost},
	ReadSiteRecords:  {SiteAdmin},
}
