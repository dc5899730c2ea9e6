import { catalogue } from "./language";

/** Words of the page that shows a developer what an embedded meeting looks like. */
export const demo = catalogue("demo", {
  title: "A meeting in your page",
  lead: "This page stands for one of yours. It is here only while the site is served without TLS.",
  first: (origin: string) =>
    `First allow this page to show meetings: under Policy, Embedding, add ${origin}.`,
  toPolicy: "Policy",
  link: "Invite link",
  linkHint: "It ends with # and letters. Only the frame is told those.",
  linkMissing: "Paste the link of an invitation.",
  linkWrong: "This is not the link of an invitation to a meeting of this site.",
  name: "Name to join with",
  show: "Show the meeting",
  showing: "One moment…",
  remove: "Take it out of the page",
  said: "What the frame told this page",
  nothing: "Nothing yet.",
  yours: "In your page",
});
