import type { Surface } from "../lib/wire.gen";

/** In the room. */
export const room = {
  stage: "Stage",
  faces: "People in view",
  participants: "Participants",
  controls: "Controls",
  people: (n: number) => (n === 1 ? "1 person" : `${n} people`),
  you: "You",
  youNamed: (name: string) => `${name} (you)`,

  notEncrypted: "Not end-to-end encrypted yet",
  notEncryptedDetails: [
    "What you say and show is encrypted on its way between your browser and the server (DTLS-SRTP), and so is this page (TLS).",
    "The server passes it on and could read it: it holds the keys of those connections. It stores nothing of it.",
    "End-to-end encryption, which shuts the server out, comes with the next version.",
  ],
  details: "What is protected",

  mute: "Mute",
  unmute: "Unmute",
  startCamera: "Start camera",
  stopCamera: "Stop camera",
  share: "Share",
  shareWindow: "Window",
  shareBrowser: "Browser tab",
  shareMonitor: "Entire screen",
  shareHelp: "The browser asks you which one.",
  stopSharing: "Stop sharing",
  leave: "Leave",
  endForEveryone: "End for everyone",
  endTitle: "End the meeting for everyone?",
  endHelp: "Everybody is taken out of the room. To go and let the others stay, leave instead.",
  fullScreen: "Full screen",
  exitFullScreen: "Leave full screen",
  devices: "Devices",
  devicesTitle: "Camera, microphone and speaker",
  shortcuts: "Keyboard shortcuts",
  more: "More",
  closePanel: "Close participants",

  role: { host: "Host", presenter: "Presenter", panelist: "Panelist", attendee: "" },
  guest: "Guest",
  muted: "Muted",
  unmuted: "Microphone on",
  cameraOff: "Camera off",
  cameraOn: "Camera on",
  sharing: "Sharing",
  speaking: "Speaking",
  speakingNow: (names: readonly string[]) =>
    names.length === 1 ? `${names[0]} is speaking` : `${names.join(" and ")} are speaking`,
  mutePerson: (name: string) => `Mute ${name}`,
  reconnecting: "Waiting for the picture",

  surface: {
    window: "a window",
    browser: "a browser tab",
    monitor: "the entire screen",
  } satisfies Record<Surface, string>,
  something: "something",
  shares: (name: string, what: string) => `${name} is sharing ${what}`,
  youShare: (what: string) => `You are sharing ${what}`,
  youShareHelp: "Everybody in the meeting sees it.",
  showShare: (name: string) => `Show what ${name} shares`,
  shareOf: (name: string) => `What ${name} shares`,
  yourShare: "What you share",

  morePeople: "More people",
  fewerPeople: "Back",
  page: (page: number, pages: number) => `${page} of ${pages}`,

  soundBlocked: "The browser holds back the sound until you allow it.",
  turnOnSound: "Turn on sound",

  joined: (name: string) => `${name} joined`,
  left: (name: string) => `${name} left`,
  lostConnection: (name: string) => `${name} lost the connection`,
  startedSharing: (name: string, what: string) => `${name} is sharing ${what}`,
  stoppedSharing: (name: string) => `${name} stopped sharing`,
  mutedBy: (name: string) => `${name} muted you. You can unmute when you want to speak.`,
  somebody: "Somebody",
  welcome: (title: string, people: string) => `You are in ${title}, ${people}`,

  lost: "Connection lost",
  lostTrying: "The meeting goes on. We are trying to bring you back.",
  lostGivenUp:
    "You are out of the meeting, and your camera, microphone and share are off. Check your network, then rejoin.",
  rejoin: "Rejoin",
  back: "You are back in the meeting",
  mediaLost: "Sound and picture are interrupted. We are reconnecting them.",

  shortcutKeys: {
    microphone: "Mute or unmute",
    camera: "Start or stop the camera",
    share: "Share or stop sharing",
    participants: "Show or hide the participants",
    shortcuts: "Show these shortcuts",
    close: "Close a menu or a panel",
  },
  escape: "Esc",
  singleKeys: "Use single keys as shortcuts",

  refused: {
    screen: "Somebody else is sharing already. Nothing of yours is shown. Ask them to stop first.",
    forbidden: "The host does not allow that here. Nothing was changed.",
    failed: "That did not work. Nothing was changed. Try again.",
  },
  joinRefused: {
    full: "The meeting is full. Nobody else can come in until somebody leaves.",
    bad_version: "This page is older or newer than the server. Load it again, then join.",
    unavailable:
      "The server cannot keep its records at the moment, so it lets nobody in. Try again soon.",
    other: "The server could not let you in. Nothing was sent. Try again.",
  },
  dismiss: "Dismiss",
};
