import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** What protects a meeting, whom from, and how to be sure. */
export const security = catalogue("security", {
  title: "Security",
  close: "Close security",
  show: "Show the security code",

  state: {
    encrypted: "End-to-end encrypted",
    joining: "Getting the keys…",
    stopped: "Nothing is sent",
  },
  details: {
    encrypted: [
      "Only the people named or counted here can read what is said, shown and written. The server passes it on and has no key to it.",
    ],
    joining: [
      "This browser has no key of the meeting yet. Until it has, it sends nothing and can read nothing.",
    ],
    stopped: [
      "This browser does not trust the meeting's encryption as it is now, so it has stopped sending your sound, your picture and your messages.",
    ],
  },

  code: "Security code",
  pictures: "The same code in pictures",
  compare: "Compare it",
  compareHelp: [
    "Read the numbers aloud, or the pictures for a first look. Everybody must see the same.",
    "If somebody sees something else, another person may be listening in between: stop, leave, and tell the host some other way.",
    "The code changes whenever somebody comes or goes. So compare it when everybody is here.",
  ],

  readers: "Who can read",
  host: "Host",
  guest: "Guest: the name is as they typed it",
  signedInAt: (org: string) => `Signed in at ${org}`,
  met: {
    met: "Met before on this device",
    new: "New to this device",
    changed: "This name was here before with another key. Ask them something only they know.",
  },
  absent: "In the group, not in the room",
  byPassword: "Came by number and password",
  byPasswordHelp:
    "Who comes by number and password is let in by a password the server knows. Compare the code with them.",

  server: "What the server sees",
  serverHelp:
    "Who is here, when they come and go, how much each of them sends, and who is speaking. Not what they say, show or write.",

  strangers: (n: number) =>
    plural(n, {
      one: "Somebody is connected who is not in the encrypted group",
      other: "# connections are not in the encrypted group",
    }),
  strangersHelp:
    "They cannot read or hear anything of this meeting. But they should not be there: if this stays, leave, and tell the host some other way.",
  refusal: {
    policy: {
      title: "Nothing is sent: somebody changed the group against its rules",
      text: "Your microphone, your camera, your share and your messages have stopped, so that nobody can read them who should not. Rejoin to start with new keys, then compare the security code. If this comes again, leave and tell the host some other way.",
    },
    broken: {
      title: "Nothing is sent: this browser lost track of the keys",
      text: "Your microphone, your camera, your share and your messages have stopped. Nothing was sent without encryption. Rejoin to get new keys.",
    },
    wrong_key: {
      title: "Nothing is sent: your link or password does not open this meeting",
      text: "The keys of this meeting cannot be opened with what you have. Nothing was sent. Ask the host for the newest link, then rejoin.",
    },
  },
});
