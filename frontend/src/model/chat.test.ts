import { describe, expect, it } from "vitest";
import type { Message, To } from "../lib/group/view";
import type { Role } from "../lib/wire.gen";
import {
  type Addressees,
  addresseeOf,
  type Chat,
  type Draft,
  emptyDraft,
  heard,
  longest,
  messageTo,
  nothingSaid,
  partsOf,
  reach,
  read,
  restWords,
  said,
  sendable,
  siteOf,
  toWords,
} from "./chat";
import { nobody, type Person, type RoomState } from "./room";

function someone(id: string, name: string, role: Role = "attendee"): Person {
  return {
    id,
    name,
    role,
    org: "Acme",
    guest: true,
    owner: false,
    key: id,
    leaf: 0,
    joined: 0,
    live: [],
  };
}

const room: RoomState = {
  ...nobody,
  self: "me",
  people: [someone("me", "Me", "host"), someone("a", "Ada", "host"), someone("b", "Bo")],
};
const alone: RoomState = { ...room, people: room.people.slice(0, 1) };

const everyone: To = { to: "everyone" };
const message = (from: string, text: string, to: To = everyone): Message => ({ from, to, text });
const add = (chat: Chat, what: Message, open = false) => said(chat, room, what, { time: 7, open });

describe("a chat", () => {
  it("keeps who said what to whom by the names of the time", () => {
    const [line] = add(nothingSaid, message("a", "hi", { to: "one", participant: "b" })).lines;
    expect(line).toEqual({
      ...{ id: 0, from: "a", name: "Ada", text: "hi", time: 7, own: false },
      to: { to: "one", participant: "b", name: "Bo" },
    });
  });

  it("counts what the others wrote while it was closed, until it is read", () => {
    const chat = add(
      add(add(nothingSaid, message("a", "1")), message("me", "2")),
      message("b", "3"),
    );
    expect(chat.unread).toBe(2);
    expect(add(chat, message("a", "4"), true).unread).toBe(2);
    expect(read(chat).unread).toBe(0);
    expect(read(read(chat))).toEqual(read(chat));
  });

  it("holds the last 500 lines and still tells all apart", () => {
    let chat = nothingSaid;
    for (let i = 0; i < 620; i++) chat = add(chat, message("a", `${i}`));
    expect(chat.lines).toHaveLength(500);
    expect(chat.lines[0]?.text).toBe("120");
    expect(new Set(chat.lines.map((line) => line.id)).size).toBe(500);
  });

  it.each([
    ["a", everyone, "", "Ada: hi"],
    ["a", { to: "hosts" }, "to hosts", "Ada, to hosts: hi"],
    ["a", { to: "presenters" }, "to presenters", "Ada, to presenters: hi"],
    ["a", { to: "one", participant: "me" }, "only to you", "Ada, only to you: hi"],
    ["me", { to: "one", participant: "a" }, "only to Ada", ""],
  ] as const)("says who else reads what %s wrote (%j)", (from, to, words, spoken) => {
    const [line] = add(nothingSaid, message(from, "hi", to)).lines;
    expect(line && toWords(line)).toBe(words);
    expect(heard(line)).toBe(spoken);
  });

  it("names nobody the group does not know", () => {
    expect(add(nothingSaid, message("x", "hi")).lines[0]?.name).toBe("Somebody who left");
  });
});

describe("a draft", () => {
  const named = (participant: string, name: string) => ({ to: "one", participant, name }) as const;
  const to = (participant: string, name: string): Draft => ({
    to: named(participant, name),
    text: "hi",
  });

  const everybody: Addressees = [
    { to: "everyone" },
    { to: "hosts" },
    named("a", "Ada"),
    named("b", "Bo"),
  ];
  const few: Addressees = [{ to: "hosts" }, named("a", "Ada")];

  it("goes to nobody else when whom it is for has left, or may not be written to any more", () => {
    expect(sendable(to("b", "Bo"), room, everybody)).toBe(true);
    expect(reach(to("b", "Bo"), alone, few)).toBe("gone");
    expect(reach(to("b", "Bo"), room, few)).toBe("forbidden");
    expect(sendable(to("b", "Bo"), room, few)).toBe(false);
    expect(reach({ to: { to: "everyone" }, text: "hi" }, room, few)).toBe("forbidden");
    expect(reach({ to: { to: "hosts" }, text: "hi" }, alone, [{ to: "everyone" }])).toBe("gone");
    expect(reach({ to: { to: "presenters" }, text: "hi" }, room, everybody)).toBe("gone");
  });

  it("is for the first there is until somebody is chosen, and for nobody where there is none", () => {
    expect(addresseeOf(emptyDraft, everybody)).toEqual({ to: "everyone" });
    expect(addresseeOf(emptyDraft, few)).toEqual({ to: "hosts" });
    expect(addresseeOf(to("b", "Bo"), few)).toEqual(named("b", "Bo"));
    expect(addresseeOf(emptyDraft, [])).toBeNull();
    expect(sendable({ ...emptyDraft, text: "hi" }, room, [])).toBe(false);
  });

  it.each([
    ["", false, ""],
    [" \n ", false, ""],
    ["hi", true, ""],
    ["x".repeat(longest - 201), true, ""],
    ["x".repeat(longest - 1), true, "1 character left"],
    ["x".repeat(longest), true, "0 characters left"],
    ["x".repeat(longest + 1), false, "1 character too long to be sent"],
  ])("is sent when it says something and fits (case %#)", (text, fits, rest) => {
    expect(sendable({ ...emptyDraft, text }, room, everybody)).toBe(fits);
    expect(restWords(text)).toBe(rest);
  });

  it("leaves names behind when it is sent", () => {
    expect(messageTo(named("b", "Bo"))).toEqual({ to: "one", participant: "b" });
    expect(messageTo({ to: "hosts" })).toEqual({ to: "hosts" });
  });
});

describe("a text", () => {
  it.each([
    ["no link here", []],
    ["see https://meet.example/a?b=1#c.", ["https://meet.example/a?b=1#c"]],
    ["(http://meet.example/a_(b))", ["http://meet.example/a_(b)"]],
    [
      "HTTPS://Meet.example, then http://two.example!",
      ["https://meet.example/", "http://two.example/"],
    ],
    ["javascript:alert(1) data:text/html,x file:///etc/passwd", []],
    ["www.meet.example mailto:a@b.example", []],
    ["https:// http://", []],
    ["<b>https://meet.example/</b>", ["https://meet.example/"]],
    ["https://xn--80ak6aa92e.example", ["https://xn--80ak6aa92e.example/"]],
    ["https://аррle.example/", ["https://xn--le-6kc8da.example/"]],
    ["https://bank.example@evil.example/", ["https://bank.example@evil.example/"]],
  ])("has the links of %j and loses no letter", (text, links) => {
    const parts = partsOf(text);
    expect(parts.map((p) => p.text).join("")).toBe(text);
    expect(parts.flatMap((p) => (p.address ? [p.address] : []))).toEqual(links);
  });

  it("never hides a letter of an address behind another one", () => {
    const [, part] = partsOf("x https://a.example/\u202egpj.exe");
    expect(part?.address).toBe("https://a.example/%E2%80%AEgpj.exe");
  });

  it("tells where an address leads, whatever else it says", () => {
    expect(siteOf("https://bank.example@evil.example:8443/x")).toBe("evil.example:8443");
  });
});
