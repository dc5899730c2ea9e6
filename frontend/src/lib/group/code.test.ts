import { describe, expect, it } from "vitest";
import { codeOf } from "./code";

describe("the code to compare", () => {
  it("reads six groups of five bytes, and a picture from the first six bits of each", () => {
    const bytes = new Uint8Array(32);
    bytes.set([0, 0, 0, 0, 7], 0);
    bytes.set([255, 255, 255, 255, 255], 5);
    bytes.set([4, 0, 1, 134, 160], 10);
    // The last two bytes are of no group.
    bytes.set([9, 9], 30);
    const { code, pictures } = codeOf(bytes);
    const third = ((4n << 32n) + 100_000n) % 100_000n;
    expect(code).toEqual([
      "00007",
      "27775",
      String(third).padStart(5, "0"),
      "00000",
      "00000",
      "00000",
    ]);
    expect(pictures).toEqual([0, 63, 1, 0, 0, 0]);
  });
});
