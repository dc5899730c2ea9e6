import { describe, expect, it } from "vitest";
import type { HandChanged } from "../lib/wire.gen";
import { announce } from "./announce";
import { isUp, lowered, queue } from "./hands";
import { nobody, type Person, person, type RoomState, reduce } from "./room";

const leaves = { me: 0, ada: 1, bo: 2 } as const;
const members = Object.entries(leaves).map(([participant, leaf]) => ({
  ...{ participant, leaf, name: `${participant}'s name`, org: "Acme", key: participant },
  ...({ role: "attendee", guest: true, owner: false } as const),
}));
const rules = { locked: false, lobby: false, membersAdd: false };
const group = { epoch: 1, self: 0, members, knockers: [], rules, code: [], pictures: [] };

/** room is where some hands are up from the start. */
function room(hands: Readonly<Record<string, number>> = {}): RoomState {
  const participants = Object.entries(leaves).map(([id, leaf]) => ({
    ...{ id, leaf, joined: leaf, live: [] },
    ...({ role: "attendee" } as const),
    ...(hands[id] !== undefined && { hand: hands[id] }),
  }));
  const told = { self: "me", session: "s", title: "t", started: 1, gone: [], answer: "" };
  const data = { ...told, participants, rules, forbidden: [] };
  const inside = reduce(nobody, { type: "group", data: group });
  return reduce(inside, { type: "welcome", data });
}

const turn = (state: RoomState, data: HandChanged) => reduce(state, { type: "hand_changed", data });

function heard(before: RoomState, data: HandChanged): string {
  const event = { type: "hand_changed", data } as const;
  return announce({ before, event, after: reduce(before, event) });
}

const ids = (people: readonly Person[]) => people.map(({ id }) => id);

describe("the speaking queue", () => {
  it("is in the order the hands went up, for who comes late too", () => {
    expect(ids(queue(room({ bo: 5, ada: 7 })))).toEqual(["bo", "ada"]);
    let state = turn(room(), { participant: "bo", hand: 5 });
    state = turn(state, { participant: "ada", hand: 7 });
    state = turn(state, { participant: "me", hand: 9 });
    expect(ids(queue(state))).toEqual(["bo", "ada", "me"]);
    state = turn(state, { participant: "bo", hand: 0, by: "ada" });
    expect(ids(queue(state))).toEqual(["ada", "me"]);
    expect(isUp(person(state, "bo"))).toBe(false);
    state = turn(state, { participant: "bo", hand: 11 });
    expect(ids(queue(state))).toEqual(["ada", "me", "bo"]);
  });

  it("has nobody who is not here, or has gone", () => {
    expect(queue(turn(room(), { participant: "nobody", hand: 5 }))).toEqual([]);
    const gone = {
      type: "participant_left",
      data: { participant: "ada", reason: "left" },
    } as const;
    expect(queue(reduce(room({ ada: 5 }), gone))).toEqual([]);
  });
});

describe("a hand", () => {
  it("is announced when it goes up, and one's own in both directions", () => {
    expect(heard(room(), { participant: "ada", hand: 5 })).toBe("ada's name raised a hand");
    expect(heard(room({ ada: 5 }), { participant: "ada", hand: 0 })).toBe("");
    expect(heard(room(), { participant: "me", hand: 5 })).toBe("Your hand is up. You are next.");
    expect(heard(room({ ada: 4 }), { participant: "me", hand: 5 })).toBe(
      "Your hand is up. You are number 2.",
    );
    expect(heard(room({ me: 5 }), { participant: "me", hand: 0 })).toBe("Your hand is down.");
    expect(heard(room(), { participant: "nobody", hand: 5 })).toBe("");
  });

  it("that somebody else lowered is told its owner in a notice, and said once", () => {
    const event = (data: HandChanged) => ({ type: "hand_changed", data }) as const;
    const state = room({ me: 5, ada: 6 });
    const data = { participant: "me", hand: 0, by: "ada" };
    expect(lowered(state, event(data))).toBe("ada's name lowered your hand.");
    expect(heard(state, data)).toBe("");
    expect(lowered(state, event({ participant: "me", hand: 0 }))).toBe("");
    expect(lowered(state, event({ participant: "ada", hand: 0, by: "bo" }))).toBe("");
    expect(lowered(state, event({ ...data, by: "gone" }))).toBe("Somebody lowered your hand.");
  });
});
