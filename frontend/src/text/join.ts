/** The door: joining, checking devices, waiting, and what comes after. */
export const join = {
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

  check: "Camera and microphone",
  checkLead: "Turn on what you want to bring along. Nobody sees or hears you before you join.",
  cameraOff: "Your camera is off",
  cameraOn: "Only you see this",
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
  lobby: "Waiting for the host to let you in",
  leave: "Leave",

  left: "You left the meeting",
  leftHelp: "Your camera, your microphone and your share are off. The meeting goes on without you.",
  offNow:
    "Your camera, your microphone and your share are off. Nothing of the meeting is kept here.",
  ended: "The meeting has ended",
  endedByHost: "The host ended it for everyone.",
  endedEmpty: "Everybody had left.",
  endedShutdown: "The server was shut down.",
  rejoin: "Rejoin",
  seeReports: "See the record in Reports",
};
