import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Counters } from "../../lib/media/engine";
import type { SlotWish } from "../../lib/wire.gen";
import type { Wanted } from "../../model/slots";
import { Pictures } from "./pictures";

const face = (participant: string, height = 180): Wanted => ({
  participant,
  source: "camera",
  height,
});

function setUp() {
  const told: (readonly SlotWish[])[] = [];
  const refreshed: string[] = [];
  const counters = new Map<string, Counters>();
  const slots = {
    screen: [{ mid: "10", stream: {} as MediaStream }],
    camera: ["12", "13"].map((mid) => ({ mid, stream: {} as MediaStream })),
    audio: [],
  };
  const leaves = new Map(["a", "b", "c"].map((participant, i) => [participant, i + 1]));
  const expected: string[] = [];
  const pictures = new Pictures(
    {
      slots: (pool) => slots[pool],
      counters: async () => new Map(counters),
      expect: (mid, leaf, source) => expected.push(`${mid} ${leaf} ${source}`),
    },
    {
      watch: async (list) => {
        told.push(list);
        return "ok";
      },
      refresh: (mid) => refreshed.push(mid),
      leafOf: (participant) => leaves.get(participant) ?? null,
    },
  );
  const open = (participant: string) => pictures.shown.value.get(`${participant}/camera`)?.open;
  return { pictures, told, refreshed, counters, leaves, expected, open };
}

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("pictures", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("tell the first wish at once and quick changes together", async () => {
    const { pictures, told } = setUp();
    pictures.want([face("a")]);
    expect(told).toHaveLength(1);
    pictures.want([face("a"), face("b")]);
    pictures.want([face("a"), face("b", 360)]);
    await later(200);
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual([
      { mid: "12", ...face("a") },
      { mid: "13", ...face("b", 360) },
    ]);
  });

  it("say nothing when nothing changed", async () => {
    const { pictures, told } = setUp();
    pictures.want([face("a")]);
    pictures.want([face("a")]);
    await later(200);
    expect(told).toHaveLength(1);
  });

  it("stand still while the line has no room, and no longer than in their slot", async () => {
    const { pictures } = setUp();
    const stands = (who: string) => pictures.shown.value.get(`${who}/camera`)?.stands;
    pictures.want([face("a"), face("b")]);
    expect([stands("a"), stands("b")]).toEqual([false, false]);
    pictures.stand(["13"]);
    expect([stands("a"), stands("b")]).toEqual([false, true]);
    pictures.want([face("a"), face("c")]);
    await later(200);
    expect([stands("a"), stands("c")]).toEqual([false, false]);
    pictures.stand(["12"]);
    expect([stands("a"), stands("c")]).toEqual([true, false]);
    pictures.stand([]);
    expect([stands("a"), stands("c")]).toEqual([false, false]);
  });

  it("stay covered until a frame of the person's own came", async () => {
    const { pictures, open } = setUp();
    pictures.want([face("a")]);
    expect(open("a")).toBe(false);
    await later(0);
    pictures.opened("12", 2);
    expect(open("a")).toBe(false);
    pictures.opened("12", 1);
    expect(open("a")).toBe(true);
  });

  it("never show one person's last frame under another's name", async () => {
    const { pictures, open, expected } = setUp();
    pictures.want([face("a"), face("b")]);
    await later(0);
    pictures.opened("12", 1);
    pictures.opened("13", 2);
    pictures.want([face("c"), face("b")]);
    await later(200);
    expect(open("c")).toBe(false);
    expect(open("b")).toBe(true);
    expect(expected).toEqual(["12 1 camera", "13 2 camera", "12 3 camera"]);
    pictures.opened("12", 1);
    expect(open("c")).toBe(false);
    pictures.opened("12", 3);
    expect(open("c")).toBe(true);
  });

  it("let nobody's frames into a slot that is not wanted any more", async () => {
    const { pictures, expected } = setUp();
    pictures.want([face("a")]);
    pictures.want([]);
    await later(200);
    expect(expected.at(-1)).toBe("12 null camera");
  });

  it("stay covered for a person who is not in the group, until they are", async () => {
    const { pictures, open, leaves, expected } = setUp();
    pictures.want([face("d")]);
    await later(0);
    expect(expected).toEqual(["12 null camera"]);
    leaves.set("d", 9);
    pictures.regrouped();
    pictures.regrouped();
    expect(expected).toEqual(["12 null camera", "12 9 camera"]);
    pictures.opened("12", 9);
    expect(open("d")).toBe(true);
    leaves.set("d", 4);
    pictures.regrouped();
    expect(open("d")).toBe(false);
  });

  it("stay open while only their height changes", async () => {
    const { pictures, open } = setUp();
    pictures.want([face("a")]);
    await later(0);
    pictures.opened("12", 1);
    pictures.want([face("a", 720)]);
    await later(200);
    expect(open("a")).toBe(true);
  });

  it("ask for a key frame where packets come and no picture does", async () => {
    const { pictures, refreshed, counters } = setUp();
    pictures.want([face("a")]);
    await later(0);
    pictures.opened("12", 1);
    for (const packets of [10, 20, 30]) {
      counters.set("12", { packets, frames: 5 });
      await later(1_000);
    }
    expect(refreshed).toEqual(["12"]);
    counters.set("12", { packets: 40, frames: 6 });
    await later(1_000);
    expect(refreshed).toEqual(["12"]);
  });

  it("ask again for a picture that does not come at all", async () => {
    const { pictures, refreshed } = setUp();
    pictures.want([face("a")]);
    await later(4_500);
    expect(refreshed).toEqual(["12", "12"]);
    pictures.close();
    await later(10_000);
    expect(refreshed).toHaveLength(2);
  });
});
