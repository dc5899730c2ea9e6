import type { Right } from "../lib/policy.gen";
import type { Role, Source } from "../lib/wire.gen";
import { catalogue } from "./language";

/** What hosts and presenters do about others, and what is said of it. */
export const moderation = catalogue("moderation", {
  muteAll: "Mute everyone",
  stopAllShares: "Stop all sharing",
  stopShare: "Stop sharing",
  mute: "Mute",
  askToUnmute: "Ask to unmute",
  expel: "Expel",
  make: {
    host: "Make host",
    presenter: "Make presenter",
    panelist: "Make panelist",
    attendee: "Make attendee",
  } satisfies Record<Role, string>,
  stepDown: "Step down as host",
  reclaim: "Take the meeting back",

  rights: "What attendees may do",
  rightsHelp:
    "This holds for every attendee at once. Hosts, presenters and panelists may do all of it. What somebody does and may not do any more is stopped.",
  rightsOfOne: "What they may do",
  rightsTitle: (name: string) => `What ${name} may do`,
  rightsOfOneHelp: "This holds for them alone, whatever other attendees may do.",
  right: {
    speak: "Speak",
    camera: "Show their camera",
    share: "Share a window, a tab or the screen",
    chat_everyone: "Write to everyone, and to other attendees",
    chat_presenters: "Write to presenters and panelists",
    chat_hosts: "Write to hosts",
    see_participants: "See who is here",
    annotate: "Draw on what is shown",
    save_document: "Save documents",
    print_document: "Print documents",
    any_page: "Look at any page",
    remote_control: "Control what is shared, when asked",
    record: "Record",
  } satisfies Record<Right, string>,

  hiddenPeople: "The other attendees are not shown here.",

  youAre: {
    host: "You are a host now. You can admit, mute and expel people, and end the meeting.",
    presenter: "You are a presenter now. You can share, and say what attendees may do.",
    panelist: "You are a panelist now. You can speak and share.",
    attendee: "You are an attendee now.",
  } satisfies Record<Role, string>,
  maySpeak: "You may speak now. Unmute when you want to.",
  mayNotSpeak: "You may not speak here at the moment.",
  stoppedBy: (name: string, what: string) => `${name} stopped ${what}.`,
  yours: {
    microphone: "your microphone",
    camera: "your camera",
    screen: "what you shared",
    screen_audio: "the sound of what you shared",
  } satisfies Record<Source, string>,
  asked: (name: string) => `${name} asks you to unmute.`,
  unmute: "Unmute",
});
