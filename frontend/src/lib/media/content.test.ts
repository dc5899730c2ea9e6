import { describe, expect, it } from "vitest";
import { type Content, innocent, judge, type Movement, pace, type Verdict } from "./content";

type Second = Omit<Movement, "ms">;

/** Seconds of a share, in half seconds, each alike. */
function seconds(n: number, { frames, bytes, ...line }: Second): Movement[] {
  const half = { ms: 500, frames: frames / 2, bytes: bytes / 2, ...line };
  return Array.from({ length: n * 2 }, () => half);
}

const found = (seen: readonly Movement[], from: Verdict = innocent): Content =>
  seen.reduce(judge, from).content;

/** As measured with pages/code.html of the end-to-end tests. */
const wide = { pace: 20, target: 3_500_000 };
const thin = { pace: 3, target: 450_000 };
const unknown = { pace: 30, target: null };

const still = { frames: 1, bytes: 5_000 };
const pointer = { frames: 30, bytes: 30 * 120 };
const typing = { frames: 8, bytes: 20_000 };
const scroll = { frames: 20, bytes: 150_000 };
const slowScroll = { frames: 3, bytes: 50_000 };
const film = { frames: 18, bytes: 225_000 };
const slowFilm = { frames: 3, bytes: 40_000 };
const moving: Verdict = { content: "motion", doubt: 0 };

describe("a share is sent as text", () => {
  it.each([
    ["while it stands still", seconds(60, { ...still, ...wide })],
    ["while it stands still, on a thin line", seconds(60, { ...still, ...thin })],
    ["while it stands still, where the browser says little", seconds(60, { ...still, ...unknown })],
    ["while a pointer moves over it", seconds(60, { ...pointer, ...unknown })],
    ["while somebody types", seconds(60, { ...typing, ...wide })],
    ["while somebody types, on a thin line", seconds(60, { ...thin, frames: 3, bytes: 8_000 })],
    ["while it is scrolled, on a line that has room", seconds(60, { ...scroll, ...wide })],
    ["while it is scrolled, on a thin line", seconds(3, { ...slowScroll, ...thin })],
    [
      "while it is scrolled again and again there",
      Array.from({ length: 10 }, () => [
        ...seconds(3, { ...slowScroll, ...thin }),
        ...seconds(1, { ...still, ...thin }),
      ]).flat(),
    ],
    ["in the first seconds of a film", seconds(3.5, { ...film, ...wide })],
  ])("%s", (_, seen) => {
    expect(found(seen)).toBe("text");
  });

  it.each([
    ["a second after a film has stopped", seconds(1, { ...still, ...wide })],
    [
      "a second after one was closed, whatever the pointer does",
      seconds(1, { ...pointer, ...wide }),
    ],
  ])("%s", (_, seen) => {
    expect(found(seen, moving)).toBe("text");
  });
});

describe("a share is sent as motion", () => {
  it.each([
    ["when a film runs for four seconds", seconds(4, { ...film, ...wide })],
    ["when one runs on a thin line", seconds(4, { ...slowFilm, ...thin })],
    ["when one runs where the browser says little", seconds(4, { ...film, ...unknown })],
  ])("%s", (_, seen) => {
    expect(found(seen)).toBe("motion");
  });

  it("through a moment in which a film stands still", () => {
    const pause = [...seconds(0.5, { ...still, ...wide }), ...seconds(1, { ...film, ...wide })];
    expect(found(pause, moving)).toBe("motion");
  });

  it("however seldom one looks, as in a page that is hidden", () => {
    const whole = { ms: 1_000, ...film, ...wide };
    expect(found([whole, whole, whole, whole])).toBe("motion");
  });
});

describe("the pace of text", () => {
  it.each([
    [5_000_000, 30],
    [3_500_000, 20],
    [1_500_000, 10],
    [1_100_000, 7],
    [450_000, 3],
    [0, 2],
  ])("of %d bits a second is %d", (bits, rate) => {
    expect(pace(bits)).toBe(rate);
  });
});
