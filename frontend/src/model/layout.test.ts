import { describe, expect, it } from "vitest";
import { fitShare, gap, grid, gridCapacity, pageOf, stripCapacity } from "./layout";

describe("grid", () => {
  const boxes = [
    { width: 1248, height: 680 },
    { width: 374, height: 640 },
    { width: 2528, height: 1300 },
  ];

  it.each(boxes)("fits any number of tiles into $width×$height", (box) => {
    for (let count = 1; count <= 25; count++) {
      const { columns, tile } = grid(count, box);
      const rows = Math.ceil(count / columns);
      expect(columns * tile.width + (columns - 1) * gap).toBeLessThanOrEqual(box.width);
      expect(rows * tile.height + (rows - 1) * gap).toBeLessThanOrEqual(box.height);
      const shape = tile.width / tile.height;
      expect(shape).toBeGreaterThan(1.3);
      expect(shape).toBeLessThan(1.8);
    }
  });

  it("gives one person all there is", () => {
    expect(grid(1, { width: 1600, height: 900 }).tile).toEqual({ width: 1600, height: 900 });
  });

  it("stacks two on a phone and puts them side by side on a desk", () => {
    expect(grid(2, { width: 374, height: 640 }).columns).toBe(1);
    expect(grid(2, { width: 1248, height: 680 }).columns).toBe(2);
  });

  it("holds fewer where a face would become too narrow", () => {
    expect(gridCapacity({ width: 1248, height: 680 }, 25, 128)).toBe(25);
    expect(gridCapacity({ width: 300, height: 640 }, 25, 112)).toBeLessThan(25);
  });
});

describe("a share on the stage", () => {
  const stage = { width: 1280, height: 720 };

  it("keeps its own pixels when it fits", () => {
    expect(fitShare({ width: 801, height: 601 }, stage, 1)).toEqual({
      ...{ left: 239, top: 59, width: 801, height: 601 },
    });
  });

  it("is never enlarged on an ordinary screen", () => {
    const { width, height } = fitShare({ width: 320, height: 200 }, stage, 1);
    expect([width, height]).toEqual([320, 200]);
  });

  it("is made smaller as a whole when it does not fit", () => {
    expect(fitShare({ width: 1920, height: 1080 }, stage, 1)).toEqual({
      ...{ left: 0, top: 0, width: 1280, height: 720 },
    });
  });

  it.each([1, 1.25, 1.5, 2, 3])("covers whole screen pixels at a ratio of %d", (ratio) => {
    for (const picture of [
      { width: 401, height: 299 },
      { width: 640, height: 480 },
    ]) {
      const box = fitShare(picture, stage, ratio);
      const scale = (box.width * ratio) / picture.width;
      expect(scale).toBeCloseTo(Math.round(scale), 9);
      expect(box.left * ratio).toBeCloseTo(Math.round(box.left * ratio), 9);
    }
  });

  it("is nowhere before its first frame", () => {
    expect(fitShare({ width: 0, height: 0 }, stage, 1).width).toBe(0);
  });
});

describe("pages", () => {
  it("cuts a list", () => {
    expect(pageOf([1, 2, 3, 4, 5], 1, 2)).toEqual({ page: 1, pages: 3, items: [3, 4] });
  });

  it("falls back to the last page when people leave", () => {
    expect(pageOf([1, 2], 4, 2)).toEqual({ page: 0, pages: 1, items: [1, 2] });
  });

  it("has at least one tile in a strip", () => {
    expect(stripCapacity(10, 100)).toBe(1);
    expect(stripCapacity(324, 100)).toBe(3);
  });
});
