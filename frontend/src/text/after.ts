import { catalogue } from "./language";

/** What comes after a meeting, or in place of one. */
export const after = catalogue("after", {
  left: "You left the meeting",
  leftHelp: "Thank you for coming. The meeting goes on without you.",
  offNow:
    "Your camera, your microphone and your share are off. Nothing that was said, shown or written is kept here.",
  ended: "The meeting has ended",
  endedByHost: "The host ended it for everyone.",
  endedEmpty: "Everybody had left.",
  endedShutdown: "The server was shut down.",
  turnedAway: {
    denied: {
      title: "The host did not let you in",
      text: "Nobody in the meeting saw or heard you. If this is a mistake, ask the host some other way, then try again.",
    },
    locked: {
      title: "The meeting is locked",
      text: "Nobody else can come in until the host unlocks it. Nobody in the meeting saw or heard you.",
    },
    expelled: {
      title: "You were taken out of the meeting",
      text: "A host expelled you. Your camera, your microphone and your share are off, and you cannot come back to this session with this browser.",
    },
    wrong_key: {
      title: "Your link does not open this meeting's encryption",
      text: "It may have been replaced by a newer one, or copied without its end. Nothing was sent. Ask the host for the link of the meeting as it is now.",
    },
    wrong_password: {
      title: "Your password does not open this meeting's encryption",
      text: "It may have been changed. Nothing was sent. Ask the host for the password as it is now, or for the link.",
    },
  },
  rejoin: "Rejoin",
  seeReports: "See the record in Reports",
});
