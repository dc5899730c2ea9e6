import { describe, expect, it } from "vitest";
import type { Event, Participant, Source, Surface } from "../lib/wire.gen";
import { live, nobody, person, type RoomState, reduce, shareOf } from "./room";

function someone(id: string, joined: number, ...live: Source[]): Participant {
  const sources = live.map((source) => ({ source }));
  return { id, name: id.toUpperCase(), role: "attendee", guest: true, joined, live: sources };
}

function welcome(...participants: Participant[]): Event {
  const data = { self: "a", session: "s", title: "T", started: 1, participants, answer: "" };
  return { type: "welcome", data };
}

function changed(participant: string, source: Source, on: boolean, surface?: Surface): Event {
  const data = { participant, source, live: on };
  return { type: "source_changed", data: surface ? { ...data, surface } : data };
}

function replay(...events: Event[]): RoomState {
  return events.reduce(reduce, nobody);
}

describe("a recorded meeting", () => {
  const log: Event[] = [
    { type: "waiting", data: { title: "T", for: "start" } },
    welcome(someone("a", 30), someone("h", 10, "microphone", "screen")),
    { type: "participant_joined", data: { participant: someone("c", 40) } },
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
    expect(state.people.map((p) => p.id)).toEqual(["a", "c"]);
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

describe("one event", () => {
  it("lists people in the order they came", () => {
    const state = replay(welcome(someone("z", 3), someone("y", 1), someone("x", 2)));
    expect(state.people.map((p) => p.id)).toEqual(["y", "x", "z"]);
  });

  it("replaces somebody who joins again under the same id", () => {
    const again = someone("b", 5, "screen");
    const state = replay(welcome(someone("a", 1), someone("b", 2)), {
      type: "participant_joined",
      data: { participant: again },
    });
    expect(state.people.filter((p) => p.id === "b")).toEqual([again]);
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
      changed("b", "screen", true, "browser"),
    );
    expect(state.shares).toEqual(["c", "b"]);
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
