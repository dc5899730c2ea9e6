import type { Surface } from "../lib/wire.gen";
import { catalogue, grammar } from "./language";

const { plural, list } = grammar("en");

/** someOf names up to three people, and counts the rest. */
function someOf(names: readonly string[]): string {
  if (names.length <= 3) return list(names);
  return list([...names.slice(0, 2), `${names.length - 2} others`]);
}

/** In the room. */
export const room = catalogue("room", {
  stage: "Stage",
  faces: "People in view",
  participants: "Participants",
  controls: "Controls",
  people: (n: number) => plural(n, { one: "# person", other: "# people" }),
  you: "You",
  youNamed: (name: string) => `${name} (you)`,

  locked: "Locked",
  lock: "Lock meeting",
  unlock: "Unlock meeting",

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
  apart: "Picture in picture",
  closeApart: "Close picture in picture",
  layout: "Layout",
  layouts: {
    automatic: "Automatic",
    grid: "Grid",
    speaker: "Speaker",
    pair: "Side by side",
  },
  pin: (what: string) => `Pin ${what}`,
  unpin: (what: string) => `Unpin ${what}`,
  devices: "Devices",
  devicesTitle: "Camera, microphone and speaker",
  shortcuts: "Keyboard shortcuts",
  more: "More",
  closePanel: "Close participants",
  actionsFor: (name: string) => `Actions for ${name}`,
  expel: "Expel",
  expelTitle: (name: string) => `Expel ${name}?`,
  expelHelp:
    "They are taken out of the room at once, and the keys change: from then on they can read nothing of what is said, shown or written. They cannot come back to this session with the same browser.",

  waiting: (n: number) =>
    plural(n, { one: "# person waits to come in", other: "# people wait to come in" }),
  waitingOne: (name: string) => `${name} waits to come in`,
  waitingTitle: "Waiting to come in",
  showWaiting: "Show who waits",
  admit: "Admit",
  deny: "Deny",
  admitAll: "Admit all",
  admitting: "Letting in…",
  waitingLocked: "Unlock the meeting to let them in.",
  byLink: "Has the link",
  byPassword: "Knows number and password",
  knocked: (names: readonly string[]) =>
    plural(names.length, {
      one: `${names[0]} waits to come in`,
      other: "# more people wait to come in",
    }),
  lobby: "Ask before people come in",
  lobbyOn: "Who comes waits until a host admits them.",
  lobbyOff: "Who has the link, or the number and the password, comes in at once.",
  lockedHelp: "The meeting is locked: nobody else can come in.",

  role: { host: "Host", presenter: "Presenter", panelist: "Panelist", attendee: "" },
  guest: "Guest",
  signedIn: "Signed in",
  muted: "Muted",
  unmuted: "Microphone on",
  cameraOff: "Camera off",
  cameraOn: "Camera on",
  sharing: "Sharing",
  speaking: "Speaking",
  speakingNow: (names: readonly string[]) =>
    plural(names.length, {
      one: `${names[0]} is speaking`,
      other: `${list(names)} are speaking`,
    }),
  reconnecting: "Waiting for the picture",
  noRoom: {
    here: "Your line is slow",
    is: "Some pictures stand still, as your line is slow",
    was: "All pictures move again",
  },

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
  shareNamed: (name: string) => `what ${name} shares`,
  shareOf: (name: string) => `What ${name} shares`,
  yourShare: "What you share",

  morePeople: "More people",
  fewerPeople: "Back",
  page: (page: number, pages: number) => `${page} of ${pages}`,

  soundBlocked: "The browser holds back the sound until you allow it.",
  turnOnSound: "Turn on sound",

  joined: (names: readonly string[]) => `${someOf(names)} joined`,
  left: (names: readonly string[]) => `${someOf(names)} left`,
  wasExpelled: (name: string) => `${name} was expelled`,
  lostConnection: (name: string) => `${name} lost the connection`,
  startedSharing: (name: string, what: string) => `${name} is sharing ${what}`,
  stoppedSharing: (name: string) => `${name} stopped sharing`,
  mutedBy: (name: string) => `${name} muted you. You can unmute when you want to speak.`,
  shareForbidden: "This site does not allow that share any more, so it was stopped.",
  chatForbidden: "This site has turned the chat off.",
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
    pauseSharing: "Pause or resume sharing",
    hand: "Raise or lower your hand",
    reactions: "Show or hide the reactions",
    participants: "Show or hide the participants",
    chat: "Show or hide the chat",
    security: "Show or hide what protects the meeting",
    shortcuts: "Show these shortcuts",
    close: "Close a menu or a panel",
    talk: "Hold it while muted, to speak as long",
  },
  escape: "Esc",
  space: "Space",
  singleKeys: "Use single keys as shortcuts",

  refused: {
    apart: "The browser did not open a window for it. Try again.",
    screen: "Somebody else is sharing already. Nothing of yours is shown. Ask them to stop first.",
    forbidden: "That is not allowed here.",
    failed: "That did not work. Nothing was changed. Try again.",
    often: "That was too often in a short time. Nothing of yours is shown. Try again in a moment.",
  },
  joinRefused: {
    full: "The meeting is full. Nobody else can come in until somebody leaves.",
    bad_version: "This page is older or newer than the server. Load it again, then join.",
    unavailable:
      "The server cannot keep its records at the moment, so it lets nobody in. Try again soon.",
    encryption:
      "Your browser could not join the meeting's encryption, so nothing was sent. Load the page again, then join.",
    other: "The server could not let you in. Nothing was sent. Try again.",
  },
  dismiss: "Dismiss",
});
