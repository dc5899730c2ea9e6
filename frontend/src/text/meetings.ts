import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** A host's meetings. */
export const meetings = catalogue("meetings", {
  title: "Your meetings",
  schedule: "Schedule a meeting",
  upcoming: "Today and upcoming",
  past: "Past",
  empty: "Nothing is planned.",
  emptyHelp: "Schedule a meeting, then send its invitation to the people you want to see.",
  running: "Running now",
  ended: "Ended",
  number: "Number",
  link: "Link",
  password: "Password",
  start: "Start",
  rejoin: "Rejoin",
  starting: "Starting…",
  copy: "Copy invitation",
  copied: "Copied",
  copiedByNumber: "Copied: number and password, without the link",
  noLink: "This device does not have the link of this meeting",
  noLinkHelp:
    "The link's secret stays on the device where it was made, so that no server learns it. Without it, the invitation has the number and the password only.",
  newLink: "Make a new link",
  newLinkTitle: (title: string) => `Make a new link for “${title}”?`,
  newLinkHelp:
    "The link in earlier invitations stops working. Send the new invitation to everybody who is to come by link.",
  pasteLink: "Paste the link",
  pasteLinkTitle: "Use the link of an invitation",
  pasteLinkHelp: "It is kept on this device only.",
  invitationLink: "Invitation link",
  invitationLinkHint: "The whole address, for example from the invitation you sent.",
  useLink: "Use this link",
  usingLink: "Checking…",
  invitationLinkMissing: "Paste the link.",
  notThisLink:
    "That is not this meeting's link as it is now. Copy all of it, to its end, from the newest invitation.",
  copyFailed: "The browser did not let us copy. Copy it from here:",
  invitationText: "Invitation",
  edit: "Edit",
  remove: "Delete",
  removeTitle: (title: string) => `Delete “${title}”?`,
  removeHelp:
    "Its number and its link stop working for everyone, and who was invited by mail is told. Records of past sessions stay.",
  removeYes: "Delete meeting",
  actionsFor: (title: string) => `Actions for ${title}`,

  formTitle: "Title",
  formStart: "Start",
  formPassword: "Meeting password",
  formPasswordHint:
    "For people who join by number. The server knows it, so the link, which works without it, is the stronger key.",
  timesIn: (zone: string) => `On the clocks of ${zone}.`,
  more: "More options",
  minutes: "Length in minutes",
  timeZone: "Time zone",
  repeat: "Repeats",
  times: "How many times",
  timesHint: "For a meeting that repeats, from 1 to 366.",
  once: "Does not repeat",
  daily: "Every day",
  weekdays: "Every weekday, Monday to Friday",
  weekly: "Every week",
  fortnightly: "Every two weeks",
  monthly: "Every month, on the same date",
  yearly: "Every year",
  asItIs: "As it is now",
  repeatsTimes: (rhythm: string, times: string) => `${rhythm}, ${times} times`,
  repeatsOften: "Repeats",
  next: "Next",
  hostedFor: (name: string) => `For ${name}`,
  agenda: "Agenda",
  invitees: "Invite by email",
  inviteesHint:
    "They are written to now, and again when something changes. The mail has the number and the password, not the link: its secret stays with you.",
  hosts: "Others who may start it",
  hostsHint: "Email addresses of people who host meetings here.",
  service: "Kind of meeting",
  services: [
    ["MeetingCenter", "Meeting"],
    ["TrainingCenter", "Training"],
    ["EventCenter", "Event"],
    ["SupportCenter", "Support"],
  ] as const,
  lobbyOption: "Ask me before anybody comes in",
  accountOption: "Only people who are signed in here",
  addressOption: "Ask guests for their email address",
  unmailedOption: "Leave the password out of mail",
  publicOption: "Show it on the start page, to everybody",
  send: "Send invitations",
  sendTitle: (title: string) => `Invite people to “${title}”`,
  sendTo: "Email addresses",
  sendToHint: "One on each line, or with commas between.",
  sendMissing: "Say whom to invite.",
  sending: "Sending…",
  sendMeaning:
    "The mail has the number and the password. For the stronger way in, copy the invitation with its link and send it yourself, privately.",
  sent: (count: number) =>
    plural(count, {
      one: "One invitation is on its way",
      other: "# invitations are on their way",
    }),

  formSchedule: "Schedule",
  scheduling: "Scheduling…",
  editTitle: "Edit the meeting",
  saving: "Saving…",
  meaning:
    "Unlisted and end-to-end encrypted. People come in by the link, or by the number and the password. They wait until you start, and they join muted.",
  titleMissing: "Give the meeting a title.",
  startMissing: "Say when it starts.",
  passwordMissing: "Give the meeting a password.",
  zone: (name: string) => `Times are in your time zone, ${name}.`,

  invitation: (m: Invitation & { link: string }) =>
    [
      ...head(m),
      `Join: ${m.link}`,
      "",
      `Or join by number: ${m.number}`,
      `Meeting password: ${m.password}`,
    ].join("\n"),
  invitationByNumber: (m: Invitation & { address: string }) =>
    [
      ...head(m),
      `Join: ${m.address}`,
      `Meeting number: ${m.number}`,
      `Meeting password: ${m.password}`,
    ].join("\n"),
});

interface Invitation {
  readonly host: string;
  readonly title: string;
  readonly when: string;
  readonly zone: string;
  readonly number: string;
  readonly password: string;
}

function head(m: Invitation): readonly string[] {
  return [`${m.host} invites you to a meeting`, "", m.title, `${m.when} (${m.zone})`, ""];
}
