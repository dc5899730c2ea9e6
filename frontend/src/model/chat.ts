import type { Message, To } from "../lib/group/view";
import { chat as words } from "../text/chat";
import { person, type RoomState } from "./room";

/** Addressee is who a message is for, by the name they have when it is written. */
export type Addressee =
  | { readonly to: "everyone" }
  | { readonly to: "hosts" }
  | { readonly to: "presenters" }
  | { readonly to: "one"; readonly participant: string; readonly name: string };

/** Line is one message as it was when it came. Who leaves keeps their name in it. */
export interface Line {
  /** counts the lines of this page */
  readonly id: number;
  readonly from: string;
  readonly name: string;
  readonly to: Addressee;
  readonly text: string;
  /** Unix time in milliseconds */
  readonly time: number;
  readonly own: boolean;
}

/** Chat is what was said in writing since one came in. It is kept in this page's memory, and nowhere else. */
export interface Chat {
  readonly lines: readonly Line[];
  readonly unread: number;
  /** how many lines there ever were */
  readonly count: number;
}

/** Draft is a message that is being written. */
export interface Draft {
  /** null until the person chose, or began to write */
  readonly to: Addressee | null;
  readonly text: string;
}

/** Part is a piece of a text: words, or an address of the web. */
export interface Part {
  readonly text: string;
  /** the whole address, written so that no letter can pass for another; "" for words */
  readonly address: string;
}

export const nothingSaid: Chat = { lines: [], unread: 0, count: 0 };
export const emptyDraft: Draft = { to: null, text: "" };

/** The longest message, in characters as a text field counts them. */
export const longest = 2_000;
const mostLines = 500;
const nearEnd = 200;

/** said adds a message, and drops the oldest one where there are too many. */
export function said(chat: Chat, room: RoomState, message: Message, at: Moment): Chat {
  const own = message.from === room.self;
  const line: Line = {
    id: chat.count,
    from: message.from,
    name: nameOf(room, message.from),
    to: addressee(room, message.to),
    text: message.text,
    time: at.time,
    own,
  };
  return {
    lines: [...chat.lines, line].slice(-mostLines),
    unread: own || at.open ? chat.unread : chat.unread + 1,
    count: chat.count + 1,
  };
}

/** Moment is when a message came, and whether the chat was open then. */
export interface Moment {
  /** Unix time in milliseconds */
  readonly time: number;
  readonly open: boolean;
}

/** read: the person looks at the chat. */
export function read(chat: Chat): Chat {
  return chat.unread === 0 ? chat : { ...chat, unread: 0 };
}

/** toWords says who else can read a line; "" when everybody can. */
export function toWords({ to, own }: Pick<Line, "to" | "own">): string {
  switch (to.to) {
    case "everyone":
      return "";
    case "hosts":
      return words.toHosts;
    case "presenters":
      return words.toPresenters;
    case "one":
      return own ? words.onlyTo(to.name) : words.onlyToYou;
  }
}

/** heard says a line, for those who listen while the chat is closed; "" for one's own. */
export function heard(line: Line | undefined): string {
  return !line || line.own ? "" : words.heard(line.name, toWords(line), line.text);
}

/** keyOfAddressee tells addressees apart. */
export function keyOfAddressee(to: Addressee): string {
  return to.to === "one" ? `one ${to.participant}` : to.to;
}

/** Addressees are whom this person may write to, of those who are here. */
export type Addressees = readonly Addressee[];

/** addresseeOf is whom a draft is for: the first there is, until somebody is chosen. */
export function addresseeOf({ to }: Draft, all: Addressees): Addressee | null {
  return to ?? all[0] ?? null;
}

/** Reach is whether a draft gets to whom it is for. */
export type Reach = "there" | "gone" | "forbidden";

/** reach tells whether whom a draft is for is here, and may be written to. It is never sent to somebody else instead. */
export function reach(draft: Draft, room: RoomState, all: Addressees): Reach {
  const to = addresseeOf(draft, all);
  if (!to) return "forbidden";
  const key = keyOfAddressee(to);
  if (all.some((one) => keyOfAddressee(one) === key)) return "there";
  return isHere(to, room) ? "forbidden" : "gone";
}

function isHere(to: Addressee, { people, self }: RoomState): boolean {
  switch (to.to) {
    case "everyone":
      return true;
    case "hosts":
      return people.some(({ id, role }) => id !== self && role === "host");
    case "presenters":
      return people.some(({ id, role }) => id !== self && role === "presenter");
    case "one":
      return people.some(({ id }) => id === to.participant);
  }
}

/** sendable tells whether a draft may be sent as it is. */
export function sendable(draft: Draft, room: RoomState, all: Addressees): boolean {
  const { text } = draft;
  return text.trim() !== "" && text.length <= longest && reach(draft, room, all) === "there";
}

/** restWords says how much more fits, near the end of what does. */
export function restWords(text: string): string {
  const rest = longest - text.length;
  if (rest < 0) return words.tooLong(-rest);
  return rest <= nearEnd ? words.rest(rest) : "";
}

/** messageTo is a draft's addressee as the group knows it. */
export function messageTo(to: Addressee): To {
  return to.to === "one" ? { to: "one", participant: to.participant } : to;
}

/** partsOf finds the web addresses in a text. Nothing else in it means anything. */
export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"`]+/gi)) {
    const link = withoutEnd(match[0]);
    const address = addressOf(link);
    if (!address) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), address: "" });
    parts.push({ text: link, address });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), address: "" });
  return parts;
}

/** siteOf is where an address leads, whatever else is written in it. */
export function siteOf(address: string): string {
  return new URL(address).host;
}

/** What ends a sentence does not belong to an address; a bracket does when it was opened in it. */
function withoutEnd(link: string): string {
  const trimmed = link.replace(/[.,;:!?'*_…]+$/, "");
  const last = trimmed.at(-1) ?? "";
  const opening = brackets[last];
  const unopened = opening && count(trimmed, last) > count(trimmed, opening);
  return unopened ? withoutEnd(trimmed.slice(0, -1)) : trimmed;
}

const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function addressOf(link: string): string {
  if (!URL.canParse(link)) return "";
  const { protocol, href } = new URL(link);
  return protocol === "http:" || protocol === "https:" ? href : "";
}

function addressee(room: RoomState, to: To): Addressee {
  return to.to === "one" ? { ...to, name: nameOf(room, to.participant) } : to;
}

/** A message was verified by the group: who sent it may have left the room a moment ago. */
function nameOf(room: RoomState, id: string): string {
  const member = room.group?.members.find((m) => m.participant === id);
  return person(room, id)?.name ?? member?.name ?? words.somebody;
}
