import { describe, expect, it } from "vitest";
import type { GroupView, Knocker, Member } from "../lib/group/view";
import type { Event, Participant, Source, Surface } from "../lib/wire.gen";
import {
  frozenOf,
  live,
  nobody,
  person,
  type RoomEvent,
  type RoomState,
  reduce,
  shareOf,
  waiting,
} from "./room";

const leaves: Readonly<Record<string, number>> = { a: 0, b: 1, c: 2, h: 3, x: 4, y: 5, z: 6 };

function someone(id: string, joined: number, ...live: Source[]): Participant {
  const sources = live.map((source) => ({ source }));
  return { id, leaf: leaves[id] ?? 9, role: "attendee", joined, live: sources };
}

function member(id: string): Member {
  const role = id === "h" ? "host" : "attendee";
  const leaf = leaves[id] ?? 9;
  return {
    participant: id,
    leaf,
    name: id.toUpperCase(),
    org: "Acme",
    role,
    guest: true,
    owner: false,
    key: id,
  };
}

function view(...members: Member[]): GroupView {
  const rules = { locked: false, lobby: false, membersAdd: false };
  return { epoch: 1, self: 0, members, knockers: [], rules, code: [], pictures: [] };
}

function group(...ids: string[]): RoomEvent {
  return { type: "group", data: view(...ids.map(member)) };
}

function welcome(...participants: Participant[]): Event {
  const rules = { locked: false, lobby: false, membersAdd: false };
  const told = { self: "a", session: "s", title: "T", started: 1, answer: "", gone: [] };
  return { type: "welcome", data: { ...told, rules, forbidden: [], participants } };
}

function changed(participant: string, source: Source, on: boolean, surface?: Surface): Event {
  const data = { participant, source, live: on };
  return { type: "source_changed", data: surface ? { ...data, surface } : data };
}

function replay(...events: RoomEvent[]): RoomState {
  return events.reduce(reduce, nobody);
}

function shown(state: RoomState): readonly string[] {
  return state.people.map((p) => p.id);
}

describe("a recorded meeting", () => {
  const log: RoomEvent[] = [
    { type: "waiting", data: { title: "T", for: "start" } },
    { type: "admitted", data: { group: "g", leaf: 0, epoch: 1 } },
    group("a", "h"),
    welcome(someone("a", 30), someone("h", 10, "microphone", "screen")),
    { type: "knock", data: { participant: "c", keyPackage: "", door: "link" } },
    { type: "committed", data: { by: "h", epoch: 2, commit: "" } },
    { type: "knock_over", data: { participant: "c" } },
    { type: "participant_joined", data: { participant: someone("c", 40) } },
    group("a", "h", "c"),
    { type: "settled", data: { epoch: 2 } },
    changed("c", "microphone", true),
    { type: "speakers", data: { participants: ["c", "h", "gone"] } },
    changed("c", "screen", true, "window"),
    changed("h", "screen", false),
    changed("h", "microphone", false),
    { type: "reply", data: { re: 1, code: "ok" } },
    { type: "participant_left", data: { participant: "h", reason: "left" } },
  ];

  it("ends as the server left it", () => {
    const state = replay(...log);
    expect(shown(state)).toEqual(["a", "c"]);
    expect(state.shares).toEqual(["c"]);
    expect(state.speakers).toEqual(["c"]);
    expect(shareOf(person(state, "c"))).toEqual({ source: "screen", surface: "window" });
    expect(live(person(state, "c"), "microphone")).toBe(true);
  });

  it("gives the same state from the same log, and changes no state it was given", () => {
    const frozen = log.reduce((state, event) => Object.freeze(reduce(state, event)), nobody);
    expect(frozen).toEqual(replay(...log));
  });

  it("keeps nothing of its content once it ended", () => {
    const state = replay(...log, { type: "ended", data: { reason: "ended_by_host", by: "h" } });
    expect(state).toEqual({
      ...nobody,
      self: "a",
      title: "T",
      ended: { reason: "ended_by_host", by: "h" },
    });
  });
});

describe("who is shown", () => {
  const both = [welcome(someone("a", 1), someone("b", 2)), group("a", "b")] as const;

  it("is who is in the roster and in the group, by the credential", () => {
    const liar: Participant = { ...someone("b", 2, "camera"), role: "host" };
    const state = replay(welcome(someone("a", 1), liar), group("a", "b"));
    expect(person(state, "b")).toEqual({
      ...someone("b", 2, "camera"),
      ...{ name: "B", org: "Acme", guest: true, owner: false, key: "b", role: "attendee" },
    });
    expect(state.strangers).toEqual([]);
    expect(state.absent).toEqual([]);
  });

  it("is the same whether the server or the group speaks first", () => {
    const [server, crypto] = both;
    expect(replay(crypto, server)).toEqual(replay(server, crypto));
  });

  it("is nobody before there is a group, and nobody is strange then", () => {
    const state = replay(welcome(someone("a", 1), someone("b", 2)));
    expect(shown(state)).toEqual([]);
    expect(state.strangers).toEqual([]);
  });

  it("is nobody without a leaf", () => {
    const joined = { participant: someone("x", 3, "camera", "screen", "microphone") };
    const state = replay(...both, { type: "participant_joined", data: joined });
    expect(shown(state)).toEqual(["a", "b"]);
    expect(state.strangers).toEqual(["x"]);
    expect(shown(reduce(state, group("a", "b", "x")))).toEqual(["a", "b", "x"]);
  });

  it("is nobody at a leaf of somebody else", () => {
    const elsewhere = { ...someone("b", 2), leaf: leaves["a"] ?? 0 };
    const state = replay(welcome(someone("a", 1), elsewhere), group("a", "b"));
    expect(shown(state)).toEqual(["a"]);
    expect(state.strangers).toEqual(["b"]);
  });

  it("is not who is in the group and not here", () => {
    const left = { participant: "b", reason: "left" } as const;
    const state = replay(...both, { type: "participant_left", data: left });
    expect(shown(state)).toEqual(["a"]);
    expect(state.absent.map((m) => m.participant)).toEqual(["b"]);
    expect(reduce(state, group("a")).absent).toEqual([]);
  });

  it("keeps who they are while what they send changes", () => {
    const state = replay(...both, changed("b", "camera", true));
    expect(person(state, "b")).toMatchObject({ name: "B", live: [{ source: "camera" }] });
  });

  it("is nobody of a group that this browser is not in any more", () => {
    const admitted = { group: "g2", leaf: 0, epoch: 0 };
    const state = replay(...both, { type: "admitted", data: admitted });
    expect(state.group).toBeNull();
    expect(shown(state)).toEqual([]);
  });
});

describe("who waits", () => {
  const knocker: Knocker = { ...member("x"), door: "link" };
  const asked = (lobby: boolean): GroupView => ({
    ...view(member("a")),
    knockers: [knocker],
    rules: { locked: false, lobby, membersAdd: false },
  });

  it("waits for a yes only where there is a lobby", () => {
    expect(waiting(asked(true))).toEqual([knocker]);
    expect(waiting(asked(false))).toEqual([]);
    expect(waiting(null)).toEqual([]);
  });
});

describe("one event", () => {
  it("lists people in the order they came", () => {
    const state = replay(
      welcome(someone("z", 3), someone("y", 1), someone("x", 2)),
      group("x", "y", "z"),
    );
    expect(shown(state)).toEqual(["y", "x", "z"]);
  });

  it("replaces somebody who joins again under the same id", () => {
    const again = someone("b", 5, "screen");
    const state = replay(group("a", "b"), welcome(someone("a", 1), someone("b", 2)), {
      type: "participant_joined",
      data: { participant: again },
    });
    expect(state.roster.filter((p) => p.id === "b")).toEqual([again]);
    expect(state.people.filter((p) => p.id === "b")).toMatchObject([again]);
    expect(state.shares).toEqual(["b"]);
  });

  it("ignores the source of somebody who is not here", () => {
    const before = replay(welcome(someone("a", 1)));
    expect(reduce(before, changed("nobody", "screen", true, "monitor"))).toBe(before);
  });

  it("puts the newest share last", () => {
    const state = replay(
      welcome(someone("a", 1), someone("b", 2), someone("c", 3)),
      changed("b", "screen", true, "window"),
      changed("c", "screen", true, "monitor"),
      changed("b", "screen", false),
      changed("b", "screen", true, "browser"),
    );
    expect(state.shares).toEqual(["c", "b"]);
  });

  it("keeps who spoke last for as long as they speak, and never oneself", () => {
    const said = (...participants: string[]): RoomEvent => ({
      type: "speakers",
      data: { participants },
    });
    const mic = (id: string, at: number) => someone(id, at, "microphone");
    const inside = welcome(mic("a", 1), mic("b", 2), mic("c", 3));
    const spoke = (...said: RoomEvent[]) => replay(inside, ...said).spoke;
    expect(spoke(said("a"))).toBe("");
    expect(spoke(said("a", "b", "c"))).toBe("b");
    expect(spoke(said("b"), said("c", "b"))).toBe("b");
    expect(spoke(said("b"), said("c", "b"), said("c"))).toBe("c");
    expect(spoke(said("b"), said())).toBe("b");
  });

  it("lets nobody speak whose microphone is off", () => {
    const state = replay(welcome(someone("a", 1, "microphone"), someone("b", 2)), {
      type: "speakers",
      data: { participants: ["b", "a"] },
    });
    expect(state.speakers).toEqual(["a"]);
    expect(reduce(state, changed("a", "microphone", false)).speakers).toEqual([]);
  });
});

describe("a share that stands still", () => {
  const inside = [welcome(someone("a", 1), someone("b", 2)), group("a", "b")];
  const paused: Event = {
    type: "source_changed",
    data: { participant: "b", source: "screen", live: true, surface: "window", paused: true },
  };
  const says = (from: string, frozen: "no" | "picture" | "blank"): RoomEvent => ({
    type: "notice",
    data: { from, frozen },
  });
  const shared = [...inside, changed("b", "screen", true, "window")];

  it("does so by its sharer's own word, and the server's alone changes nothing", () => {
    expect(frozenOf(replay(...shared, paused), "b")).toBe("no");
    expect(frozenOf(replay(...shared, says("b", "picture")), "b")).toBe("picture");
    expect(frozenOf(replay(...shared, says("b", "picture"), says("b", "no")), "b")).toBe("no");
  });

  it("is over when the server says so: the sharer's word may have been lost", () => {
    const still = [...shared, paused, says("b", "picture")];
    expect(frozenOf(replay(...still, paused), "b")).toBe("picture");
    expect(frozenOf(replay(...still, changed("b", "screen", true, "window")), "b")).toBe("no");
  });

  it("is over with the share, and with its sharer", () => {
    const still = [...shared, says("b", "blank")];
    expect(frozenOf(replay(...still, changed("b", "screen", false)), "b")).toBe("no");
    const left: Event = { type: "participant_left", data: { participant: "b", reason: "left" } };
    expect(frozenOf(replay(...still, left), "b")).toBe("no");
  });

  it("keeps its place among the shares", () => {
    const two = [...shared, changed("a", "screen", true, "window")];
    expect(replay(...two, paused).shares).toEqual(["b", "a"]);
  });

  it("is no news when it is said again", () => {
    const state = replay(...shared, says("b", "picture"));
    expect(reduce(state, says("b", "picture"))).toBe(state);
  });
});
