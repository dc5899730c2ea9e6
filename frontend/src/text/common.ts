import { catalogue } from "./language";

/** Words that every page shares. */
export const common = catalogue("common", {
  product: "Conclave",
  titled: (page: string) => `${page} – Conclave`,
  skip: "Skip to the content",
  navigation: "Pages",
  meetings: "Meetings",
  reports: "Reports",
  administration: "Administration",
  administrationPages: [
    ["/admin/people", "People"],
    ["/admin/policy", "Policy"],
    ["/admin/embedding", "Embedding"],
    ["/admin/webhooks", "Webhooks"],
    ["/admin/audit", "Audit log"],
  ] as const,
  profile: "Profile",
  profileOf: (name: string) => (name ? `${name}: your profile` : "Your profile"),
  signIn: "Sign in",
  signOut: "Sign out",
  home: "Start page",
  joinByNumber: "Join by number",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  language: "Language",
  when: (day: string, clock: string) => `${day}, ${clock}`,
  loading: "One moment…",
  tryAgain: "Try again",
  missing: "There is no such page",
  missingHelp: "The address may be incomplete. Nothing was lost.",
  brokenPage: "This page could not be loaded",
  brokenPageHelp:
    "Conclave may have been updated just now, or the connection is down. Load it again.",
  reload: "Load again",
});
