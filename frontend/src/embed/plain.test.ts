import { describe, expect, it } from "vitest";
import { plain, record, words } from "./plain";

describe("what the other end sent", () => {
  it("cannot change what all objects have", () => {
    const sent: unknown = JSON.parse(
      '{"id":"p1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}',
    );
    const kept = record(sent);
    expect(Object.keys(kept)).toEqual(["id"]);
    // What embedders do with a payload.
    const merged: Record<string, unknown> = Object.assign({}, kept);
    expect([merged["polluted"], Object.getPrototypeOf(merged)]).toEqual([
      undefined,
      Object.prototype,
    ]);
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    // The same, believed, does change the object that it is put into.
    expect(Reflect.get(Object.assign({}, sent), "polluted")).toBe(1);
  });

  it.each([
    ["markup stays text", "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["control characters go", "a\u0000b\u001b[31m\u009fc\n", "ab[31mc"],
    ["so do those that turn the line around", "a\u202egnp.exe\u2069", "agnp.exe"],
    [
      "other writing stays",
      "Ada \u200f\u0622\u062f\u0627 👩‍💻",
      "Ada \u200f\u0622\u062f\u0627 👩‍💻",
    ],
    ["it is cut", "x".repeat(100_000), "x".repeat(500)],
  ])("%s", (_, text, kept) => {
    expect(plain(text)).toBe(kept);
  });

  it.each([
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["more than a number", Number.POSITIVE_INFINITY],
    ["nothing at all", undefined],
    ["a big number", 1n],
  ])("%s is left out", (_, value) => {
    expect(plain(value)).toBeUndefined();
    expect(record({ value })).toEqual({});
  });

  it("is no deeper, longer or wider than a message is", () => {
    expect(plain([[[[["deep"]]]]])).toEqual([[[]]]);
    expect(plain(Array.from({ length: 10_000 }, () => 1))).toHaveLength(2000);
    const wide = Object.fromEntries(
      Array.from({ length: 26 * 26 }, (_, i) => [
        `k${String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26))}`,
        i,
      ]),
    );
    expect(Object.keys(record(wide))).toHaveLength(20);
    expect(record("text")).toEqual({});
    expect(record([1])).toEqual({});
  });

  it("may be a list of names", () => {
    expect(words(["hangup", "a b", "", "x".repeat(60), null])).toEqual(["hangup"]);
    expect(words({ length: 1, 0: "hangup" })).toEqual([]);
  });
});
