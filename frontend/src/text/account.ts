/** The start page, set-up and sign-in. */
export const account = {
  homeTitle: "Meetings in your browser",
  homeLead: "Talk, show your screen, see each other. There is nothing to install.",
  homeJoin: "Join a meeting",
  homeHost: "Do you host meetings here?",
  homeLink: "If you were sent a link, open it: it takes you straight to your meeting.",
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
  emailMissing: "Enter your email.",
  passwordMissing: "Enter your password.",
  nameMissing: "Enter your name.",
};
