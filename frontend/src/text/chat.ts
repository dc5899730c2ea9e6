import { catalogue, grammar } from "./language";

const { plural } = grammar("en");

/** The chat beside the stage. */
export const chat = catalogue("chat", {
  title: "Chat",
  close: "Close chat",
  lead: "End-to-end encrypted, and gone when the meeting ends. Who comes later does not see it.",
  empty: "Nothing has been written yet.",
  messages: "Messages",
  newer: "New messages",
  unread: (n: number) => plural(n, { one: "# new message", other: "# new messages" }),

  you: "You",
  somebody: "Somebody who left",
  toHosts: "to hosts",
  toPresenters: "to presenters",
  onlyToYou: "only to you",
  onlyTo: (name: string) => `only to ${name}`,
  heard: (name: string, to: string, text: string) =>
    to ? `${name}, ${to}: ${text}` : `${name}: ${text}`,

  to: "To",
  everyone: "Everyone",
  hosts: "Hosts",
  presenters: "Presenters",
  gone: (name: string) => `${name} (not here)`,
  forbidden: (name: string) => `${name} (not allowed)`,
  forbiddenHelp: "You may not write to them here. Choose somebody else; nothing was sent.",
  goneHelp: "Whom this is for is not here any more. Choose somebody else; nothing was sent.",
  message: "Message",
  placeholder: "Enter sends, Shift+Enter begins a line",
  send: "Send",
  rest: (n: number) => plural(n, { one: "# character left", other: "# characters left" }),
  tooLong: (n: number) =>
    plural(n, {
      one: "# character too long to be sent",
      other: "# characters too long to be sent",
    }),
  notSent: "That was not sent. The connection may be interrupted; your words are still here.",
  notAllowed: "You cannot write here. You can read.",

  linkTitle: "Open this address?",
  linkHelp: (site: string) =>
    `It was sent in the chat and leads to ${site}. It opens in a new tab; the meeting goes on.`,
  open: "Open",
});
