import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** One's own account. */
export const profile = catalogue("profile", {
  title: "Your profile",
  about: "About you",
  name: "Your name",
  nameHint: "As people in your meetings see it.",
  nameMissing: "Enter your name.",
  timeZone: "Time zone",
  browsersZone: (zone: string) => `As my browser says (${zone})`,
  language: "Language",
  languageHint: "Of these pages, and of the mails to you where they have been translated.",
  browsersLanguage: "As my browser says",
  minutes: "New meetings take",
  minutesOf: (n: number) =>
    n % 60 === 0
      ? plural(n / 60, { one: "# hour", other: "# hours" })
      : plural(n, { one: "# minute", other: "# minutes" }),
  saving: "Saving…",
  saved: "Saved",

  factors: "Sign-in and security",
  factorsHelp: "Passkeys, an authenticator app and its recovery codes.",
  toFactors: "Open sign-in and security",

  password: "Password",
  current: "Current password",
  currentMissing: "Enter your current password.",
  new: "New password",
  newMissing: "Enter a new password.",
  change: "Change password",
  changing: "Changing…",
  changed: "Changed. Every other browser was signed out, and your API tokens are gone.",
  passwordHelp:
    "Every other browser you are signed in with is signed out, and your API tokens stop working.",

  logins: "Where you are signed in",
  thisOne: "This browser",
  unknown: "A browser that was not used yet",
  device: (browser: string, system: string) => `${browser} on ${system}`,
  lastSeen: (when: string, where: string) => `Last used ${when}${where ? ` from ${where}` : ""}`,
  signOut: "Sign out",
  signOutOf: (device: string) => `Sign out ${device}`,
  everywhere: "Sign out everywhere",
  everywhereHelp: "Here too. Your API tokens stop working.",

  tokens: "API tokens",
  tokensHelp:
    "A token lets a program of yours in without your password. Give each program its own, with no more than it needs.",
  noTokens: "You have none.",
  tokenNever: "Never used",
  tokenUsed: (when: string) => `Last used ${when}`,
  tokenExpires: (when: string) => `Works until ${when}`,
  tokenDelete: "Delete",
  tokenDeleteOf: (name: string) => `Delete the token ${name}`,
  tokenMake: "Make a token",
  tokenName: "Name of the program",
  tokenNameMissing: "Enter a name, so that you know the token again.",
  tokenMay: "What it may do",
  tokenNothing: "Choose what the program may do.",
  tokenDays: "Works for",
  tokenDaysOf: (n: number) => plural(n, { one: "# day", other: "# days" }),
  tokenMaking: "Making it…",
  tokenMade: "Your new token",
  tokenMadeHelp:
    "Copy it now: it is not shown again. Whoever has it can do with your account what you chose.",
  token: "Token",
  copy: "Copy the token",
  copied: "Copied",
  done: "Done",
  scopes: {
    read: "See what I see, my meetings' passwords included",
    meetings: "Schedule, start and end my meetings",
    users: "Manage the people of this site",
    joinKeys: "Register and revoke keys of join tokens",
  },
});
