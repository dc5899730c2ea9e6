import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** Ways to sign in, and the page about them. */
export const signin = catalogue("signin", {
  passkey: "Sign in with a passkey",
  provider: (label: string) => `Continue with ${label}`,
  or: "or",
  noPasskey:
    "No passkey was used. If you have one for this site, try again; otherwise sign in with your password.",
  oldBrowser:
    "This browser does not know passkeys. Use a newer one, or sign in with your password.",

  codeTitle: "Your second factor",
  codeLead: "The password is right. Now enter the code that your authenticator app shows.",
  code: "Code",
  codeHint: "Six digits. Without your phone, use one of your recovery codes.",
  codeMissing: "Enter the code.",
  startOver: "Start over",

  title: "Sign-in and security",
  lead: "How you sign in here, and what keeps others out.",
  needed:
    "This site wants a second factor of you before anything else: a passkey, or an authenticator app. Set one up below.",
  again:
    "To change something here, sign in again: these settings open only for a quarter of an hour after you did.",
  againWithFactor:
    "Sign in again with the second factor you have. Without it, nothing here can be changed.",
  signInAgain: "Sign in again",
  done: "Set up. Everything is open to you now.",
  toMeetings: "To your meetings",

  passkeys: "Passkeys",
  passkeysLead:
    "A passkey is a key in your phone, computer or security key. It opens with your finger, face or PIN, replaces the password, and cannot be given away on a wrong page.",
  passkeysNot:
    "Passkeys do not work at this address. They need the site's own name with https. On the computer the server runs on, http://localhost works, too.",
  passkeyName: "Name of the passkey",
  passkeyNameHint: "So that you know it again, for example: My phone.",
  passkeyNameMissing: "Give it a name.",
  addPasskey: "Add a passkey",
  adding: "Waiting for your device…",
  noneMade: "No passkey was made. Nothing was changed.",
  added: (day: string) => `Added ${day}`,
  used: (day: string) => `last used ${day}`,
  unused: "not used yet",
  worksAt: (host: string) => `works at ${host}`,
  delete: "Delete",
  deletePasskeyNamed: (name: string) => `Delete ${name}`,
  deletePasskey: "Delete the passkey?",
  deletePasskeyText: (name: string) =>
    `“${name}” will not sign you in here any more. Your device may go on offering it; delete it there, too.`,

  app: "Authenticator app",
  appOff:
    "An app on your phone shows a new code every half minute. You enter it after your password.",
  appOn: "The app is set up: after your password you are asked for its code.",
  codesLeft: (n: number) =>
    plural(n, { one: "# recovery code is left.", other: "# recovery codes are left." }),
  setUpApp: "Set up the app",
  scan: "Scan this picture with the app, or type the key. Then enter the code it shows.",
  picture: "QR code for the authenticator app",
  key: "Key:",
  turnOn: "Turn on",
  turningOn: "One moment…",
  newCodes: "New recovery codes",
  turnOff: "Turn off",
  turnOffTitle: "Turn the app off?",
  turnOffText: "Your password alone signs you in then, and the recovery codes stop working.",

  codesTitle: "Your recovery codes",
  codesLead:
    "Each stands in for the app once, when you do not have your phone. They are shown now and never again: keep them where you keep important papers.",
  copy: "Copy",
  copied: "Copied",
  kept: "I have kept them",

  linked: (label: string) => `Sign-in with ${label}`,
  linkedAs: (email: string) => `Linked with ${email}.`,
  notLinked: (label: string) => `You can sign in with your account at ${label}.`,
  link: (label: string) => `Link with ${label}`,
  unlink: "Unlink",
  unlinkTitle: "Unlink?",
  unlinkText: (label: string) => `Your account at ${label} will not sign you in here any more.`,
});
