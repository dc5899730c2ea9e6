package policy

// Table lists, for every action, the roles that hold it, whatever rights are
// given. With RightTable it is the only place where rights in a meeting are
// written down; tools/tsgen gives the same tables to the front end and to
// docs/permissions.md.
var Table = map[Action][]Role{
	PublishMicrophone: {Host, Presenter, Panelist},
	PublishCamera:     {Host, Presenter, Panelist},
	ShareDesktop:      {Host, Presenter, Panelist},
	ShareApplication:  {Host, Presenter, Panelist},
	StopShares:        {Host},
	LowerHands:        {Host},
	MuteOthers:        {Host},
	EndMeeting:        {Host},
	AdmitPeople:       {Host},
	ExpelPeople:       {Host},
	SetRules:          {Host},
	GrantRoles:        {Host},
	GrantRights:       {Host, Presenter},
	SeeParticipants:   {Host, Presenter, Panelist},
	SendChat:          {Host, Presenter, Panelist, Attendee},
	ChatEveryone:      {Host, Presenter, Panelist},
	ChatPresenters:    {Host, Presenter, Panelist},
	ChatHosts:         {Host, Presenter, Panelist},
	TransferFiles:     {Host, Presenter},
	RecordMeeting:     {Host},
	ControlRemotely:   {Host, Presenter},
}

// RightTable lists the right by which an attendee may do what other roles may
// anyway.
var RightTable = map[Action]Right{
	PublishMicrophone: RightToSpeak,
	PublishCamera:     RightToCamera,
	ShareDesktop:      RightToShare,
	ShareApplication:  RightToShare,
	SeeParticipants:   RightToSeeParticipants,
	ChatEveryone:      RightToChatEveryone,
	ChatPresenters:    RightToChatPresenters,
	ChatHosts:         RightToChatHosts,
	RecordMeeting:     RightToRecord,
	ControlRemotely:   RightToRemoteControl,
}

// usual lists what attendees of each kind of meeting may do.
var usual = map[ServiceType][]Right{
	MeetingCenter: {
		RightToSpeak, RightToCamera, RightToShare, RightToChatEveryone, RightToChatPresenters, RightToChatHosts,
		RightToSeeParticipants, RightToAnnotate, RightToSaveDocument, RightToPrintDocument, RightToAnyPage, RightToRemoteControl,
	},
	TrainingCenter: { // one teaches, the others ask
		RightToSpeak, RightToCamera, RightToChatEveryone, RightToChatPresenters, RightToChatHosts, RightToSeeParticipants,
	},
	EventCenter: {RightToChatPresenters, RightToChatHosts}, // an audience
	SupportCenter: { // the customer shows what is wrong
		RightToSpeak, RightToCamera, RightToShare, RightToChatEveryone, RightToChatPresenters, RightToChatHosts,
		RightToSeeParticipants, RightToRemoteControl,
	},
}

// ChatTable lists by which action one writes to somebody in a role. To write to all
// of a meeting is to write to its attendees.
var ChatTable = map[Role]Action{
	Host:      ChatHosts,
	Presenter: ChatPresenters,
	Panelist:  ChatPresenters,
	Attendee:  ChatEveryone,
}

// SiteTable lists, for every site action, the site roles that hold it.
var SiteTable = map[SiteAction][]SiteRole{
	ScheduleMeetings: {SiteAdmin, SiteHost, CSR},
	ReadOwnRecords:   {SiteAdmin, SiteHost, CSR, Auditor},
	ReadSiteRecords:  {SiteAdmin, Auditor},
	ReadPolicy:       {SiteAdmin, Auditor},
	SetPolicy:        {SiteAdmin},
	ReadUsers:        {SiteAdmin, Auditor},
	ManageUsers:      {SiteAdmin},
	ReadAudit:        {SiteAdmin, Auditor},
	ReadJoinKeys:     {SiteAdmin, Auditor},
	ManageJoinKeys:   {SiteAdmin},
	ManageWebhooks:   {SiteAdmin},
}
