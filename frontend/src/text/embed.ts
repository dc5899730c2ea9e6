import { catalogue, grammar } from "./language";

const { list } = grammar("en");

/** A meeting in a frame of somebody else's page. */
export const embed = catalogue("embed", {
  notPassed: (what: readonly string[], allow: string) =>
    `The page around this meeting does not let it use: ${list(what)}. Its author has to put allow="${allow}" into the tag of the frame.`,
  maybeNotPassed: (what: readonly string[], allow: string) =>
    `The browser does not let this meeting use: ${list(what)}. You may have blocked it yourself; or else the author of the page around this meeting has to put allow="${allow}" into the tag of the frame.`,
  passed: {
    microphone: "the microphone",
    camera: "the camera",
    "display-capture": "what you want to share of your screen",
    autoplay: "sound without a click",
    fullscreen: "the full screen",
    "clipboard-write": "the clipboard",
  },
  unknownAround: "This meeting does not know what page it is in",
  unknownAroundHelp:
    'The author of that page has to use this site\'s embed.js, or put referrerpolicy="origin" into the tag of the frame. You can also open the meeting in a tab of its own.',
  nothing:
    "This meeting does not open. What the page around this meeting came in with may be out of date, or the meeting may have been deleted. Load the page around this meeting again.",
  asks: {
    microphone: "The page around this meeting asks you to unmute.",
    camera: "The page around this meeting asks you to start your camera.",
    screen: "The page around this meeting asks you to share your screen.",
  },
  away: {
    denied: "The host did not let this person in.",
    locked: "The meeting is locked.",
    expelled: "The host took this person out.",
    wrong_key: "The link or the password does not open this meeting.",
  },
  turnOn: { microphone: "Unmute", camera: "Start camera", screen: "Share" },
});
