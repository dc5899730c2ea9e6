import { describe, expect, it } from "vitest";
import { fromBase64url, toBase64url } from "./base64url";

describe("base64url", () => {
  it("is what Node writes, also of more bytes than a call takes arguments", () => {
    for (const length of [0, 1, 2, 3, 200_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 256);
      const text = Buffer.from(bytes).toString("base64url");
      expect(toBase64url(bytes) === text).toBe(true);
      expect(Buffer.from(fromBase64url(text) ?? "").equals(bytes)).toBe(true);
    }
  });

  it.each([
    ["padding", "AA=="],
    ["another alphabet", "a+b/"],
    ["a blank", "AA AA"],
    ["an impossible length", "A"],
    ["bits left over", "AB"],
  ])("refuses %s", (_, text) => {
    expect(fromBase64url(text)).toBeNull();
  });
});
