import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Embedding } from "./embedding";

const origin = "https://www.example.org";
const nonce = "0123456789abcdef0123456789abcdef";
const hello = { v: 1, hello: nonce, options: { displayName: "Ada", lang: "de" } };
const { letters, sent, painted } = vi.hoisted(() => ({
  letters: { read: (_: { origin: string; data: unknown }) => {} },
  sent: [] as (readonly [string, Record<string, unknown>])[],
  painted: [] as (readonly [string, string])[],
}));

vi.mock("../../lib/parent", () => ({
  heedParent: (reader: typeof letters.read) => {
    letters.read = reader;
  },
}));
vi.mock("../../lib/around", async (actual) => ({
  ...(await actual<object>()),
  markFramed: () => {},
  onceLoaded: () => new Promise(() => {}),
  paint: (name: string, colour: string) => painted.push([name, colour]),
  parentOrigin: () => "https://guessed.example",
  tellParent: (to: string, message: object) => sent.push([to, structuredClone(message) as never]),
}));

const comes = (data: unknown, from = origin) => letters.read({ origin: from, data });
const replies = () => sent.map(([, message]) => message).filter((m) => "reply" in m);

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  painted.length = 0;
});
afterEach(() => vi.useRealTimers());

/** An embedding that has shaken hands. */
function shaken() {
  const embedding = new Embedding();
  comes(hello);
  return embedding;
}

describe("the handshake", () => {
  it("is answered to where it came from, with the same nonce, and pins that", async () => {
    const embedding = new Embedding();
    expect(embedding.origin.value).toBe("https://guessed.example");
    comes(hello);
    await embedding.greet();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject([origin, { v: 1, hello: nonce, version: expect.any(String) }]);
    expect(sent[0]?.[1]["commands"]).toContain("hangup");
    expect(sent[0]?.[1]["events"]).toContain("readyToClose");
    expect(embedding.origin.value).toBe(origin);
    expect(embedding.wishes.value.displayName).toBe("Ada");
  });

  it("happens once: a second one changes nothing and is counted, from wherever it comes", () => {
    const embedding = shaken();
    comes({ ...hello, options: { displayName: "Eve" } });
    comes({ ...hello, options: { displayName: "Eve" } }, "https://evil.example");
    expect(sent).toHaveLength(1);
    expect(embedding.ignored).toBe(2);
    expect(embedding.wishes.value.displayName).toBe("Ada");
  });

  it.each(["http://www.example.org", "null", "file://"])("is none with %s", (from) => {
    const embedding = new Embedding();
    comes(hello, from);
    expect(sent).toEqual([]);
    expect(embedding.ignored).toBe(1);
  });

  it("comes first: what there was to tell waits for it, and commands before it are ignored", () => {
    const embedding = new Embedding();
    for (let i = 0; i < 200; i++)
      embedding.tell({ type: "participantsCountChanged", payload: { count: i } });
    comes({ v: 1, id: 1, command: "hangup" });
    expect(sent).toEqual([]);
    comes(hello);
    expect(sent).toHaveLength(51);
    expect(sent.at(-1)).toMatchObject([origin, { payload: { count: 199 } }]);
    expect(embedding.ignored).toBe(1);
  });

  it("may bring a colour that can be read", () => {
    new Embedding();
    comes({ ...hello, options: { theme: { accent: "#8a1c5b" } } });
    expect(painted).toEqual([
      ["--accent", "#8a1c5b"],
      ["--accent-strong", "#78184f"],
    ]);
    painted.length = 0;
    new Embedding();
    comes({ ...hello, options: { theme: { accent: "#ffcc00" } } });
    expect(painted).toEqual([]);
  });
});

describe("a command", () => {
  it("is answered with what came of it", () => {
    const embedding = shaken();
    embedding.oncommand = (wish) => (wish.do === "hangup" ? {} : { result: { asked: true } });
    comes({ v: 1, id: 7, command: "hangup" });
    comes({ v: 1, id: 8, command: "toggleAudio", args: {} });
    comes({ v: 1, id: 9, command: "unmuteEverybody" });
    comes({ v: 1, id: 10, command: "setTileView", args: {} });
    expect(replies()).toEqual([
      { v: 1, reply: 7, ok: true },
      { v: 1, reply: 8, ok: true, result: { asked: true } },
      { v: 1, reply: 9, ok: false, error: "unknown_command" },
      { v: 1, reply: 10, ok: false, error: "bad_arguments" },
    ]);
  });

  it("from another origin, of another version, or none is counted and does nothing", () => {
    const embedding = shaken();
    const done = vi.fn(() => ({}));
    embedding.oncommand = done;
    comes({ v: 1, id: 1, command: "hangup" }, `${origin}.evil.example`);
    comes({ v: 1, id: 1, command: "hangup" }, "null");
    comes({ v: 2, id: 1, command: "hangup" });
    comes("hangup");
    expect([done.mock.calls.length, replies().length, embedding.ignored]).toEqual([0, 0, 4]);
  });

  it("too many of them are dropped, which is told once in ten seconds", () => {
    const embedding = shaken();
    const done = vi.fn(() => ({}));
    embedding.oncommand = done;
    for (let id = 0; id < 10_000; id++) comes({ v: 1, id, command: "toggleChat" });
    expect(done.mock.calls.length).toBeGreaterThanOrEqual(39);
    expect(done.mock.calls.length).toBeLessThan(60);
    const errors = sent.filter(([, m]) => m["type"] === "errorOccurred");
    expect(errors.map(([to, m]) => [to, m["payload"]])).toEqual([
      [origin, { error: "too_many_messages" }],
    ]);
  });
});
