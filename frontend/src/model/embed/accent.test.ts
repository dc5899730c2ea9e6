import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contrast, isReadable, stronger } from "./accent";

describe("an accent", () => {
  it("has the contrasts that WCAG says", () => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
    expect(contrast("#2457a7", "#2457a7")).toBe(1);
  });

  it.each([
    ["#000000", true],
    ["#2457a7", true],
    ["#8a1c5b", true],
    ["#767676", true],
    ["#777777", false],
    ["#ff0000", false],
    ["#ffcc00", false],
    ["#ffffff", false],
  ])("%s can be written on: %s", (colour, can) => {
    expect(isReadable(colour)).toBe(can);
  });

  it("reads no worse under the pointer", () => {
    expect(stronger("#4f4bd1")).toBe("#4541b6");
    expect(stronger("#000000")).toBe("#000000");
    expect(contrast(stronger("#767676"), "#ffffff")).toBeGreaterThan(
      contrast("#767676", "#ffffff"),
    );
  });

  it("is held against what the styles write on it, in both pages", () => {
    const tokens = readFileSync(join(import.meta.dirname, "../../style/tokens.css"), "utf8");
    expect([...tokens.matchAll(/--on-accent: (.*);/g)].map(([, colour]) => colour)).toEqual([
      "#ffffff", // the dark page has none of its own
    ]);
  });
});
