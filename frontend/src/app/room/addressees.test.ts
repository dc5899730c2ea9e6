import { describe, expect, it } from "vitest";
import type { Right } from "../../lib/policy.gen";
import type { Role } from "../../lib/wire.gen";
import { keyOfAddressee } from "../../model/chat";
import { nobody, type Person, type RoomState } from "../../model/room";
import { addressees } from "./addressees";

const person = (id: string, role: Role): Person => ({
  ...{ id, name: id, role, org: "Acme", guest: true, owner: false, key: id },
  ...{ leaf: 0, joined: 0, live: [] },
});
const roles = {
  me: "attendee",
  host: "host",
  pia: "presenter",
  pan: "panelist",
  bob: "attendee",
} as const;

function room(rights: readonly Right[], own: Role = "attendee"): RoomState {
  const rules = { locked: false, lobby: false, membersAdd: false, rights };
  const group = { epoch: 1, self: 0, members: [], knockers: [], rules, code: [], pictures: [] };
  const all = Object.entries({ ...roles, me: own });
  return { ...nobody, self: "me", group, people: all.map(([id, role]) => person(id, role)) };
}

const names = (state: RoomState) => addressees(state).map(keyOfAddressee);

describe("who may be written to", () => {
  const all = ["everyone", "hosts", "presenters", "one host", "one pia", "one pan", "one bob"];

  it.each([
    [
      ["chat_everyone", "see_participants"],
      ["everyone", "one bob"],
    ],
    [
      ["chat_presenters", "see_participants"],
      ["presenters", "one pia", "one pan"],
    ],
    [
      ["chat_hosts", "see_participants"],
      ["hosts", "one host"],
    ],
    [["see_participants"], []],
    [
      ["chat_everyone", "chat_hosts"],
      ["everyone", "hosts", "one host"],
    ],
  ] as const)("with the rights %j", (rights, offered) => {
    expect(names(room(rights))).toEqual(offered);
  });

  it.each(["host", "presenter", "panelist"] as const)("for a %s is everybody", (role) => {
    expect(names(room([], role))).toEqual(all);
  });

  it("is nobody who is not here, and nobody where the site has no chat", () => {
    const alone = { ...room(["chat_everyone", "chat_hosts"]), people: [person("me", "attendee")] };
    expect(names(alone)).toEqual(["everyone"]);
    const forbidden = ["send_chat", "chat_everyone", "chat_presenters", "chat_hosts"] as const;
    expect(names({ ...room([], "host"), forbidden })).toEqual([]);
  });
});
