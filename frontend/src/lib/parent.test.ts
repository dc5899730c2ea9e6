import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isEmbedder } from "./around";

type Heard = (event: { source: unknown; origin: string; data: unknown }) => void;
const origin = "https://www.example.org";
let send: Heard;

beforeEach(() => {
  vi.resetModules();
  send = () => {};
  vi.stubGlobal("addEventListener", (_: string, heard: Heard) => {
    send = heard;
  });
});
afterEach(() => vi.unstubAllGlobals());

/** A page in a frame, which listens, and nobody reads yet. */
async function framed() {
  const parent = {};
  vi.stubGlobal("parent", parent);
  vi.stubGlobal("window", {});
  const module = await import("./parent");
  module.listenToParent();
  return { parent, ...module };
}

describe("a page in a frame", () => {
  it("keeps what comes before anybody reads it, in order, and not too much", async () => {
    const { parent, heedParent } = await framed();
    for (let data = 0; data < 1_000; data++) send({ source: parent, origin, data });
    const read: unknown[] = [];
    heedParent(({ data }) => read.push(data));
    send({ source: parent, origin, data: "later" });
    expect(read).toEqual([...Array(16).keys(), "later"]);
  });

  it("hears nobody but the page around it", async () => {
    const { parent, heedParent } = await framed();
    const read: unknown[] = [];
    heedParent((letter) => read.push(letter));
    for (const source of [{}, null, globalThis]) send({ source, origin, data: "no" });
    send({ source: parent, origin, data: "yes" });
    expect(read).toEqual([{ origin, data: "yes" }]);
  });

  it("is one only where there is a page around it", async () => {
    expect((await framed()).isFramed()).toBe(true);
    const page = {};
    vi.stubGlobal("parent", page);
    vi.stubGlobal("window", page);
    const { isFramed, listenToParent } = await import("./parent");
    expect(isFramed()).toBe(false);
    const before = send;
    listenToParent();
    expect(send).toBe(before);
  });
});

describe("the origin of a page that has a meeting in a frame", () => {
  it.each([
    ["https://www.example.org", true],
    ["https://localhost", true],
    ["http://localhost:3000", true],
    ["http://a.localhost:3000", true],
    ["http://127.0.0.1", true],
    ["http://www.example.org", false],
    ["http://localhost.evil.example", false],
    ["http://127.0.0.1.evil.example", false],
    ["null", false],
    ["", false],
    ["file://", false],
    ["chrome-extension://abc", false],
  ])("%s: %s", (from, may) => {
    expect(isEmbedder(from)).toBe(may);
  });
});
