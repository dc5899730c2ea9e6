/** A host's meetings. */
export const meetings = {
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
  copyFailed: "The browser did not let us copy. Copy it from here:",
  invitationText: "Invitation",
  edit: "Edit",
  remove: "Delete",
  removeTitle: (title: string) => `Delete “${title}”?`,
  removeHelp: "Its number and its link stop working for everyone. Records of past sessions stay.",
  removeYes: "Delete meeting",
  actionsFor: (title: string) => `Actions for ${title}`,

  formTitle: "Title",
  formStart: "Start",
  formPassword: "Meeting password",
  formPasswordHint: "For people who join by number. The link works without it.",
  formSchedule: "Schedule",
  scheduling: "Scheduling…",
  editTitle: "Edit the meeting",
  saving: "Saving…",
  meaning:
    "Unlisted. People come in by the link, or by the number and the password. They wait until you start, and they join muted.",
  titleMissing: "Give the meeting a title.",
  startMissing: "Say when it starts.",
  passwordMissing: "Give the meeting a password.",
  zone: (name: string) => `Times are in your time zone, ${name}.`,

  invitation: (m: {
    host: string;
    title: string;
    when: string;
    zone: string;
    link: string;
    number: string;
    password: string;
  }) =>
    [
      `${m.host} invites you to a meeting`,
      "",
      m.title,
      `${m.when} (${m.zone})`,
      "",
      `Join: ${m.link}`,
      "",
      `Or join by number: ${m.number}`,
      `Meeting password: ${m.password}`,
    ].join("\n"),
};
