import { catalogue } from "./language";

/** The site's policy, in words for who has to decide. */
export const policy = catalogue("policy", {
  title: "Policy",
  lead: "What holds for everybody at this site. A meeting can be stricter than this, never less. Running meetings follow within two seconds.",
  readOnly: "You can read the policy. Only an administrator can change it.",
  save: "Save the policy",
  saving: "Saving…",
  saved: "Saved. It holds from now on.",
  unsaved: "There are changes that are not saved yet.",
  stale:
    "Somebody else changed the policy while you did. Nothing was saved yet. This is what they changed:",
  staleHelp:
    "Their changes are in the form now, except where you changed the same thing. Look it over, then save again.",
  wasNow: (label: string, before: string, now: string) => `${label}: ${before} → ${now}`,
  on: "on",
  off: "off",
  nothing: "nothing",
  changedText: "changed",

  groups: {
    meetings: "Meetings",
    joining: "Joining",
    inside: "In the meeting",
    accounts: "Accounts and passwords",
    records: "Privacy and records",
    embedding: "Embedding",
  },

  /** a label, and what it means for people */
  switches: {
    unlistAllMeetings: [
      "Keep every meeting unlisted",
      "No page shows that a meeting exists. People come by the link, or by number and password.",
    ],
    requireMeetingPassword: [
      "Every meeting needs a password",
      "Meetings without one cannot be scheduled, started or joined until they get one.",
    ],
    requireLoginBeforeAccess: [
      "Sign in before anything else",
      "Only people with an account here see any page or join any meeting, also with a link.",
    ],
    requireEmail: [
      "Ask for an email address",
      "Guests type it before they come in. It is kept in the records.",
    ],
    requireStrongPassword: [
      "Strong passwords for accounts and meetings",
      "Passwords that are easy to guess are refused. Meetings with a weak one need a new one before they start.",
    ],
    requireSecondFactor: [
      "A second factor for administrators and auditors",
      "They confirm each sign-in with a passkey or an app.",
    ],
    allowSelfRegistration: [
      "People may make their own account",
      "Without this, an administrator invites them.",
    ],
    approveForgotPassword: [
      "An administrator approves each forgotten password",
      "No link to choose a new one leaves before that.",
    ],
    disableEmailInvitations: [
      "Send invitations by email",
      "Without this, hosts copy the invitation and send it themselves.",
    ],
    disableChat: ["Chat", "Messages among the people in a meeting."],
    disableShareDesktop: [
      "Share the entire screen",
      "Everything on it is seen, also what pops up.",
    ],
    disableShareApplication: ["Share a window or a browser tab", "Only that is seen."],
    disableFileTransfer: ["Send files", "From one participant to the others."],
    disableRemoteControl: [
      "Remote control",
      "A participant lets another use their mouse and keyboard.",
    ],
    disableRecording: ["Record", "The host keeps sound and picture of the meeting."],
  },
  allowed: "What people may do. Turn off what nobody at this site should.",

  criteria: "How strong a password must be",
  minLength: "Characters, at least",
  minLengthHint: "0 asks for 8, which is the least anywhere.",
  minStrength: "Hard to guess",
  strengths: [
    ["0", "Usual: for years of guessing at a login"],
    ["1", "A little"],
    ["2", "Somewhat"],
    ["3", "Well"],
    ["4", "Very well"],
  ],
  blockedWords: "Words that no password may contain",
  blockedWordsHint:
    "One a line, for example the names of products. Names and titles are refused in any case.",
  requireMixedCase: "Small and capital letters",
  requireDigit: "A digit",
  requireSymbol: "A character that is neither",
  composition: "Also ask for (this makes passwords harder to remember, and hardly harder to guess)",

  questions: "Questions before people come in",
  questionsHelp: "Guests answer them once, at the door. The answers are kept in the records.",
  question: (n: number) => `Question ${n}`,
  label: "What is asked",
  required: "Must be answered",
  choices: "Answers to choose from",
  choicesHint: "One a line. Without any, people type what they like.",
  addQuestion: "Add a question",
  removeQuestion: (n: number) => `Remove question ${n}`,

  disclaimer: "Text that people agree to before they come in",
  disclaimerHint:
    "Leave it empty for none. Who joins ticks a box, and the records keep which text it was.",

  retention: "Days that records are kept",
  retentionHint: "0 keeps them for ever.",
  addresses: "Network addresses in the records",
  addressChoices: [
    ["", "Keep the whole address"],
    ["truncated", "Keep only the network (the first parts of the address)"],
    ["none", "Keep none"],
  ],

  origins: "Web sites that may show meetings inside their pages",
  originsHint: "One a line, like https://www.example.org. Without any, no page may.",
});
