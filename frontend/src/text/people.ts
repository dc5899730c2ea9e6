import { catalogue } from "./language";

/** The people of a site, for its administrators. */
export const people = catalogue("people", {
  title: "People",
  lead: "Who has an account here, and what they may do.",
  add: "Add a person",
  search: "Search by name or email",
  searchGo: "Search",
  caption: "People, by email",
  name: "Name",
  email: "Email",
  role: "Role",
  state: "Account",
  lastSignIn: "Last sign-in",
  never: "Never",
  empty: "Nobody is called that here.",
  more: "Show more people",
  edit: "Edit",
  editOf: (name: string) => `Edit ${name}`,

  roleNames: {
    admin: "Administrator",
    host: "Host",
    csr: "Support representative",
    auditor: "Auditor",
  },
  roleHint:
    "Hosts hold meetings. Support representatives also hold support sessions. Administrators manage people and policy. Auditors read everything and change nothing.",
  states: { active: "Active", invited: "Has not chosen a password", disabled: "Disabled" },

  addTitle: "Add a person",
  addLead: "They get a link to choose their own password. It works once, for seven days.",
  addGo: "Add",
  adding: "Adding…",
  nameMissing: "Enter a name.",
  emailMissing: "Enter an email.",

  saving: "Saving…",
  disabled: "Disabled: nobody can sign in with this account",
  disabledHint: "Takes effect at once: every browser and every program of theirs is signed out.",
  account: "Account",
  newLink: "Give a new link",
  delete: "Delete this account",
  deleteTitle: (name: string) => `Delete the account of ${name}?`,
  deleteHelp: "It is gone then. If they held meetings, you can only disable it.",
  deleteYes: "Delete",

  handTitle: "Hand over this link",
  hand: (name: string, until: string) =>
    `It lets ${name} choose a password, once, until ${until}. This server sends no mail: give it to them yourself, where nobody else reads it. It is not shown again.`,
  link: "Link",
  copy: "Copy the link",
  copied: "Copied",
  mailedTitle: "The link is on its way",
  mailed: (email: string, until: string) =>
    `A mail to ${email} brings a link to choose a password. It works once, until ${until}.`,
  done: "Done",

  requests: "Forgot their password",
  requestsLead:
    "Approve only if you know that it was they who asked. They get a link to choose a new password.",
  asked: (when: string) => `Asked ${when}`,
  approve: "Approve",
  approveOf: (name: string) => `Approve for ${name}`,
  deny: "Deny",
  denyOf: (name: string) => `Deny for ${name}`,
});
