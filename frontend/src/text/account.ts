import { catalogue } from "./language";

/** The start page, set-up and sign-in. */
export const account = catalogue("account", {
  homeTitle: "Meetings in your browser",
  homeLead: "Talk, show your screen, see each other. There is nothing to install.",
  homeJoin: "Join a meeting",
  homeHost: "Do you host meetings here?",
  homeLink: "If you were sent a link, open it: it takes you straight to your meeting.",
  openMeetings: "Open meetings",
  joinListed: "Join",
  joinNamed: (title: string) => `Join ${title}`,
  toMeetings: "Your meetings",

  setupTitle: "Set up Conclave",
  setupLead: "You are the first here. This makes your account, the one that administers this site.",
  setupMissing:
    "This page needs the set-up link that the server printed when it started. Open that link again. Nothing was changed.",
  name: "Your name",
  email: "Email",
  password: "Password",
  passwordHint: "Long is better than complicated: a few words that do not belong together.",
  setup: "Set up",
  settingUp: "Setting up…",

  signInTitle: "Sign in",
  signInLead:
    "For people who host meetings. Guests need no account: they open the link they were sent.",
  signingIn: "Signing in…",
  forgotLink: "Forgot your password?",
  registerLink: "Ask for an account",

  welcomeTitle: {
    invite: "Welcome",
    register: "Welcome",
    reset: "Choose a new password",
  },
  welcomeLead: (name: string, email: string) =>
    `${name}, choose the password for your account, ${email}. You are signed in then.`,
  welcomeMissing:
    "This page needs the whole link that you were given. Open that link again. Nothing was changed.",
  newPassword: "New password",
  choosePassword: "Set password and sign in",
  choosing: "Setting it…",
  askAnother: "Ask for another link",

  registerTitle: "Ask for an account",
  registerLead:
    "With an account you host meetings. We send a link to your address; your account is made when you open it.",
  register: "Send me the link",
  registering: "Sending…",
  registerDone: "Look into your mailbox",
  registerDoneHelp:
    "If that address can have an account here, a mail with a link is on its way. The link works for ten minutes.",
  registerClosed: "Nobody makes an account by themselves here",
  registerClosedHelp: "Ask an administrator of this site for one.",

  forgotTitle: "Forgot your password?",
  forgotLead: "Tell us the address of your account. You get a link to choose a new password.",
  forgot: "Ask for a link",
  forgetting: "Asking…",
  forgotDone: "Look into your mailbox",
  forgotDoneHelp:
    "If there is an account with that address, a mail with a link is on its way. The link works for ten minutes.",
  forgotWaits: "An administrator has to agree",
  forgotWaitsHelp:
    "If there is an account with that address, an administrator of this site sees that you asked. You hear from them.",
  backToSignIn: "Back to sign in",

  emailMissing: "Enter your email.",
  passwordMissing: "Enter your password.",
  nameMissing: "Enter your name.",
});
