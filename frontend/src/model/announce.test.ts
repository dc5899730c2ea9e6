import { describe, expect, it } from "vitest";
import type { GroupView, Knocker, Member } from "../lib/group/view";
import type { Participant } from "../lib/wire.gen";
import {
  announce,
  chatClosed,
  happening,
  newRole,
  ownShare,
  stoppedBy,
  stoppedByPolicy,
} from "./announce";
import { nobody, type RoomEvent, type RoomState, reduce } from "./room";
import { arrange, plainChoice } from "./scene";
import { type LocalScreen, noScreen, type Standing } from "./source";

const names: Readonly<Record<string, string>> = { me: "Me", a: "Ada", b: "Bo", c: "Cy", d: "Di" };
const leaf = (id: string) => Object.keys(names).indexOf(id);
const someone = (id: string): Participant => ({
  ...{ id, leaf: leaf(id), role: "attendee", joined: leaf(id), live: [] },
});
const member = (id: string): Member => ({
  ...{ participant: id, leaf: leaf(id), name: names[id] ?? "", org: "Acme" },
  ...{ role: "attendee", guest: true, owner: false, key: id },
});
const knocker = (id: string): Knocker => ({ ...member(id), door: "link" });

function group(ids: readonly string[], knockers: readonly string[] = [], lobby = true): RoomEvent {
  const rules = { locked: false, lobby, membersAdd: false };
  const data: GroupView = {
    ...{ epoch: 1, self: 0, rules, code: [], pictures: [] },
    ...{ members: ids.map(member), knockers: knockers.map(knocker) },
  };
  return { type: "group", data };
}

function joined(id: string): RoomEvent {
  return { type: "participant_joined", data: { participant: someone(id) } };
}

function left(participant: string, reason: "left" | "connection_lost" | "expelled"): RoomEvent {
  return { type: "participant_left", data: { participant, reason } };
}

function welcome(...ids: string[]): RoomEvent {
  const rules = { locked: false, lobby: true, membersAdd: false };
  const told = { self: "me", session: "s", title: "Numbers", started: 1, answer: "", gone: [] };
  return {
    type: "welcome",
    data: { ...told, rules, forbidden: [], participants: ids.map(someone) },
  };
}

/** What is said, event by event. */
function heard(...events: RoomEvent[]): readonly string[] {
  let before: RoomState = nobody;
  return events.map((event) => {
    const after = reduce(before, event);
    const words = announce({ before, event, after });
    before = after;
    return words;
  });
}

const inside = [welcome("me", "a"), group(["me", "a"])] as const;

describe("announcements", () => {
  it("say once that one is in, and with how many", () => {
    expect(heard(...inside)).toEqual(["", "You are in Numbers, 2 people"]);
    expect(heard(group(["me", "a"]), welcome("me", "a"))).toEqual([
      "",
      "You are in Numbers, 2 people",
    ]);
  });

  it("say once that somebody came, when they are here and in the group", () => {
    const members = group(["me", "a", "b"]);
    expect(heard(...inside, joined("b"), members).slice(2)).toEqual(["", "Bo joined"]);
    expect(heard(...inside, members, joined("b"), members).slice(2)).toEqual(["", "Bo joined", ""]);
  });

  it.each([
    [["b"], "Bo joined"],
    [["b", "c"], "Bo and Cy joined"],
    [["b", "c", "d"], "Bo, Cy and Di joined"],
  ])("say %j in one sentence", (ids, words) => {
    const events = [...inside, ...ids.map(joined), group(["me", "a", ...ids])];
    expect(heard(...events).at(-1)).toBe(words);
  });

  it.each([
    ["left", "Ada left"],
    ["connection_lost", "Ada lost the connection"],
    ["expelled", "Ada was expelled"],
  ] as const)("say once that somebody went (%s)", (reason, words) => {
    expect(heard(...inside, left("a", reason), group(["me"])).slice(2)).toEqual([words, ""]);
    expect(heard(...inside, group(["me"]), left("a", reason)).slice(2)).toEqual(["Ada left", ""]);
  });

  it("say who shares what, and stay silent about cameras, speakers and strangers", () => {
    const shares = (participant: string, source: "screen" | "camera"): RoomEvent => ({
      type: "source_changed",
      data: { participant, source, live: true, surface: "window" },
    });
    const events = [
      shares("a", "screen"),
      shares("a", "camera"),
      joined("d"),
      shares("d", "screen"),
    ];
    expect(heard(...inside, ...events).slice(2)).toEqual(["Ada is sharing a window", "", "", ""]);
    const speakers: RoomEvent = { type: "speakers", data: { participants: ["a"] } };
    expect(heard(...inside, speakers).at(-1)).toBe("");
  });

  it("say who knocks, once, and only where somebody has to answer", () => {
    const ids = ["me", "a"];
    const asked = [group(ids, ["b"]), group(ids, ["b"]), group(ids, ["b", "c", "d"])];
    expect(heard(...inside, ...asked).slice(2)).toEqual([
      "Bo waits to come in",
      "",
      "2 more people wait to come in",
    ]);
    expect(heard(...inside, group(ids, ["b"], false)).at(-1)).toBe("");
  });

  it("name who stopped something of mine, but not me", () => {
    const room = inside.reduce<RoomState>(reduce, nobody);
    const muted = { participant: "me", source: "microphone", live: false } as const;
    const by = (id: string) => ({ type: "source_changed", data: { ...muted, by: id } }) as const;
    expect(stoppedBy(room, by("a"))).toEqual({ by: "Ada", source: "microphone" });
    expect(stoppedBy(room, by("me"))).toEqual({ by: "", source: "microphone" });
    expect(stoppedBy(room, { type: "source_changed", data: muted })).toBeNull();
  });

  it("tell of a role that is new, and of no other", () => {
    const room = inside.reduce<RoomState>(reduce, nobody);
    const people = room.people.map((p) => (p.id === "me" ? { ...p, role: "host" as const } : p));
    expect(newRole(room, { ...room, people })).toBe("host");
    expect(newRole(room, room)).toBeNull();
    expect(newRole(nobody, room)).toBeNull();
  });
});

describe("a line without room", () => {
  const told = (...slots: string[]): RoomEvent => ({ type: "no_room", data: { slots } });

  it("is spoken of when pictures stand still, and when all move again", () => {
    expect(heard(...inside, told("12"), told("12", "13"), told()).slice(2)).toEqual([
      "Some pictures stand still, as your line is slow",
      "Some pictures stand still, as your line is slow",
      "All pictures move again",
    ]);
  });
});

describe("what the bar says", () => {
  it("names nobody the group does not know", () => {
    const live = [{ source: "microphone" }, { source: "screen" }] as const;
    const d: RoomEvent = {
      type: "participant_joined",
      data: { participant: { ...someone("d"), live } },
    };
    const speakers: RoomEvent = { type: "speakers", data: { participants: ["d"] } };
    const room = [...inside, d, speakers].reduce<RoomState>(reduce, nobody);
    const screen = { width: 800, height: 600, pixelRatio: 1, phone: false };
    const scene = arrange(room, screen, plainChoice);
    expect(room.strangers).toEqual(["d"]);
    expect(scene.heroes).toEqual([]);
    expect(happening(room, scene)).toEqual([]);
  });
});

describe("what the site takes away", () => {
  const stop = (participant: string, source: "screen" | "microphone", byPolicy?: boolean) =>
    ({
      type: "source_changed",
      data: { participant, source, live: false, ...(byPolicy ? { byPolicy } : {}) },
    }) as const;
  const forbid = (...forbidden: ("send_chat" | "share_desktop")[]) =>
    ({ type: "policy_changed", data: { forbidden } }) as const;
  const room = { ...nobody, self: "me" };

  it("is said of one's own screen, and of nothing else", () => {
    expect(stoppedByPolicy(room, stop("me", "screen", true))).toBe(true);
    expect(stoppedByPolicy(room, stop("me", "screen"))).toBe(false);
    expect(stoppedByPolicy(room, stop("me", "microphone", true))).toBe(false);
    expect(stoppedByPolicy(room, stop("a", "screen", true))).toBe(false);
  });

  it("is said of the chat once", () => {
    expect(chatClosed(room, forbid("send_chat"))).toBe(true);
    expect(chatClosed(room, forbid("share_desktop"))).toBe(false);
    expect(chatClosed({ ...room, forbidden: ["send_chat"] }, forbid("send_chat"))).toBe(false);
  });
});

describe("a pause", () => {
  const share: RoomEvent = {
    type: "source_changed",
    data: { participant: "a", source: "screen", live: true, surface: "window" },
  };
  const says = (frozen: "no" | "picture" | "blank"): RoomEvent => ({
    type: "notice",
    data: { from: "a", frozen },
  });

  it("is said once, and that it is over", () => {
    const said = heard(
      ...inside,
      share,
      share,
      says("picture"),
      says("picture"),
      says("blank"),
      says("no"),
    );
    expect(said.slice(2)).toEqual([
      "Ada is sharing a window",
      "",
      "Ada has paused sharing",
      "",
      "Ada has paused sharing and shows a blank picture",
      "Ada has resumed sharing",
    ]);
  });

  it("is over when the server says so first, and that is said once", () => {
    const said = heard(...inside, share, says("picture"), share, says("no"));
    expect(said.slice(-2)).toEqual(["Ada has resumed sharing", ""]);
  });

  it("of what is not shared is not said", () => {
    expect(heard(...inside, says("picture")).at(-1)).toBe("");
  });
});

describe("one's own share", () => {
  it("is said to stand still once nothing new goes out, and not with every byte", () => {
    const on: LocalScreen = { ...noScreen, state: "on", surface: "window" };
    const still: LocalScreen = { ...on, frozen: "picture" };
    const at = (bytes: number): Standing => ({ bytes, repeats: 0 });
    const said = [
      ownShare(on, null),
      ownShare(still, null),
      ownShare(still, at(1)),
      ownShare(still, at(2)),
      ownShare({ ...on, frozen: "blank" }, at(2)),
      ownShare(on, null),
    ];
    expect(said).toEqual([
      "You are sharing a window",
      "Pausing…",
      "FROZEN. Everybody sees this picture, and nothing of what you do now.",
      "FROZEN. Everybody sees this picture, and nothing of what you do now.",
      "BLANK. Everybody sees a blank picture, and nothing of what you do now.",
      "You are sharing a window",
    ]);
  });
});
