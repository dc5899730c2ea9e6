import { catalogue } from "./language";

/** The door: joining, checking devices, and waiting. */
export const join = catalogue("join", {
  title: "Join a meeting",
  invites: (host: string) => `${host} invites you`,
  yours: "You are the host",
  number: "Meeting number",
  numberHint: "Eleven digits, for example 2345 678 9012",
  name: "Your name",
  password: "Meeting password",
  button: "Join",
  joining: "Joining…",
  nameMissing: "Enter the name that the others will see.",
  numberMissing: "Enter the eleven digits of the meeting number.",
  others: "The others see your name, and from then on what you turn on.",

  email: "Email address",
  emailMissing: "Enter your email address: it is asked for here.",
  apart: "Open in a tab of its own",
  loginFirst: "This meeting is for people who are signed in",
  loginFirstHelp: "Sign in, and you come back to this door.",
  questionMissing: (label: string) => `Answer “${label}”.`,
  choose: "Choose…",
  optional: (label: string) => `${label} (optional)`,
  disclaimer: "Before you join",
  agree: "I have read this and agree",
  agreeMissing: "Read the text above, and tick the box if you agree.",

  notReady:
    "The encryption could not be made ready: the network failed, or a file is not the one that belongs to this page. Nothing was sent. Load the page again, then join.",
  encrypted:
    "The meeting is end-to-end encrypted: the server passes on what you say and show, and cannot read it.",
  byNumberHelp:
    "The server knows this password, so it is a weaker key than the link. If you were sent a link, open that instead.",

  check: "Camera and microphone",
  cameraOff: "Your camera is off",
  cameraOn: "Only you see this",
  both: "Turn on both",
  neither: "Turn off both",
  level: "Microphone level",
  camera: "Camera",
  microphone: "Microphone",
  speaker: "Speaker",
  standard: "Default",
  unnamed: (kind: string, n: number) => `${kind} ${n}`,
  withNothing: "You join muted and without camera.",
  withCamera: "You join muted, with your camera on.",
  withMicrophone: "You join with your microphone on, without camera.",
  withBoth: "You join with your microphone and your camera on.",

  unsupported: "This browser cannot join",
  unsupportedHelp:
    "It cannot change media frames on their way out (encoded transforms), which Conclave requires. Use a current Chrome, Edge or Firefox.",
  insecure: "This address is not secure",
  insecureHelp:
    "Browsers give a page the camera and the keys only over HTTPS. Open this address with https://.",

  noLink: "This link does not open a meeting",
  noLinkHelp:
    "It may have been copied without its end, or the meeting may have been deleted. Ask for the link again, or join with the number and the password.",
  endedTitle: "The meeting has ended",
  endedHelp: "If the host starts it again, this link works again.",

  waiting: "Waiting for the host to start the meeting",
  waitingHelp: "You will be let in as soon as it starts. Leave this page open.",
  yourTurn: "The meeting has not been started",
  yourTurnHelp: "You are the host. Whoever came early is let in when you start it.",
  start: "Start",
  starting: "Starting…",
  noHost: "The meeting is running, but nobody is in who may let you in",
  noHostHelp: "You come in, or are asked in, as soon as a host is there. Leave this page open.",
  lobby: "Waiting for the host to let you in",
  lobbyHelp: (name: string) =>
    `The host sees your name, ${name}, and whether you are signed in. Nobody sees or hears you before you are in.`,
  leave: "Leave",
});
