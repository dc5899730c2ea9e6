import { describe, expect, it } from "vitest";
import type { Source } from "../lib/wire.gen";
import { assign, emptySlot, keyOf, type Slot, type Wanted, wishes } from "./slots";

const pools = (screens: number, cameras: number): readonly Slot[] => [
  ...Array.from({ length: screens }, (_, i) => emptySlot(`s${i}`, "screen")),
  ...Array.from({ length: cameras }, (_, i) => emptySlot(`c${i}`, "camera")),
];

const want = (participant: string, source: Source = "camera", height = 180): Wanted => ({
  participant,
  source,
  height,
});

const holder = (slots: readonly Slot[], wanted: Wanted) =>
  slots.filter((slot) => slot.wish && keyOf(slot.wish) === keyOf(wanted)).map((slot) => slot.mid);

/** A small generator with a seed, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function someWanted(next: (below: number) => number): readonly Wanted[] {
  const cameras = Array.from({ length: 12 }, (_, i) => want(`p${i}`, "camera", 90 * (1 + next(8))));
  const screens = Array.from({ length: 3 }, (_, i) => want(`p${i}`, "screen", 720));
  const all = [...cameras, ...screens].filter(() => next(3) > 0);
  return all.sort(() => next(3) - 1);
}

/** The promises of assign, whatever it was given. */
function check(before: readonly Slot[], slots: readonly Slot[], wanted: readonly Wanted[]): void {
  const held = slots.flatMap((slot) => (slot.wish ? [{ ...slot, wish: slot.wish }] : []));
  const keys = held.map(({ wish }) => keyOf(wish));
  expect(new Set(keys).size, "two slots for one picture").toBe(keys.length);
  expect(slots.map((slot) => slot.mid)).toEqual(before.map((slot) => slot.mid));
  for (const { pool, wish } of held) {
    expect(pool === "screen").toBe(wish.source === "screen");
    expect(wanted, "a slot for nobody").toContain(wish);
  }
  for (const picture of wanted) {
    const [had] = holder(before, picture);
    if (had !== undefined) expect(holder(slots, picture), "moved while wanted").toEqual([had]);
  }
  const cameras = wanted.filter((picture) => picture.source === "camera").length;
  const given = held.filter(({ pool }) => pool === "camera").length;
  expect(given, "a free slot was left unused").toBe(Math.min(cameras, 9));
}

describe("assign, whatever is wanted", () => {
  it.each([1, 2, 3, 4, 5])("holds its promises (seed %i)", (seed) => {
    const next = random(seed);
    let slots = pools(2, 9);
    for (let step = 0; step < 500; step++) {
      const before = slots;
      const wanted = someWanted(next);
      slots = assign(before, wanted);
      check(before, slots, wanted);
    }
  });
});

describe("assign", () => {
  it("gives a person the slot they had before", () => {
    const first = assign(pools(0, 3), [want("a"), want("b")]);
    const without = assign(first, [want("b")]);
    const other = assign(without, [want("b"), want("c")]);
    expect(holder(other, want("c"))).toEqual(["c2"]);
    const back = assign(other, [want("b"), want("c"), want("a")]);
    expect(holder(back, want("a"))).toEqual(["c0"]);
  });

  it("takes a used slot when no fresh one is left", () => {
    const full = assign(pools(0, 1), [want("a")]);
    expect(holder(assign(full, [want("b")]), want("b"))).toEqual(["c0"]);
  });

  it("lets a picture's height change where it is", () => {
    const slots = assign(assign(pools(0, 2), [want("a")]), [want("a", "camera", 720)]);
    expect(wishes(slots)).toEqual([{ mid: "c0", participant: "a", source: "camera", height: 720 }]);
  });

  it("shows no more than there are slots", () => {
    const slots = assign(pools(1, 1), [
      want("a"),
      want("b"),
      want("a", "screen"),
      want("b", "screen"),
    ]);
    expect(wishes(slots).map((w) => w.participant)).toEqual(["a", "a"]);
  });
});
