import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeFrame, FakePage, origin } from "./browser.fixture";
import { Channel } from "./channel";
import { mostPending, patience } from "./protocol";

interface Heard {
  readonly events: (readonly [string, object])[];
  readonly able: (readonly string[])[];
  silent: number;
}

function setUp() {
  const [frame, page] = [new FakeFrame(), new FakePage()];
  const heard: Heard = { events: [], able: [], silent: 0 };
  const channel = new Channel(
    frame as unknown as HTMLIFrameElement,
    origin,
    { displayName: "Grace" },
    {
      able: (commands, events) => heard.able.push(commands, events),
      event: (type, payload) => heard.events.push([type, payload]),
      silent: () => heard.silent++,
    },
    page as unknown as Window,
  );
  const says = (data: unknown) => page.gets(data, frame.contentWindow);
  const answers = () =>
    says({
      v: 1,
      hello: frame.last()["hello"],
      version: "x",
      commands: ["hangup"],
      events: ["readyToClose"],
    });
  return { frame, page, heard, channel, says, answers };
}

/** A channel whose frame has answered. */
function shaken() {
  const all = setUp();
  all.frame.loads();
  all.answers();
  return all;
}

const joined = { v: 1, type: "participantJoined", payload: { id: "p1" } };
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the handshake", () => {
  it("is told the meeting's origin alone, with a nonce that is new each time", () => {
    const nonces = new Set(
      Array.from({ length: 20 }, () => {
        const { frame } = setUp();
        frame.loads();
        expect(frame.sent).toHaveLength(1);
        expect(frame.sent[0]).toMatchObject({
          to: origin,
          message: { v: 1, options: { displayName: "Grace" } },
        });
        return frame.last()["hello"];
      }),
    );
    expect(nonces.size).toBe(20);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  it("says what the frame can", () => {
    expect(shaken().heard.able).toEqual([["hangup"], ["readyToClose"]]);
  });

  it("leaves out of that what is no name", () => {
    const { frame, says, heard } = setUp();
    frame.loads();
    const hello = frame.last()["hello"];
    says({
      v: 1,
      hello,
      commands: ["hangup", "__proto__", "constructor", 5, "<b>"],
      events: "all",
    });
    expect(heard.able).toEqual([["hangup"], []]);
  });

  it("is over after the first answer: a second counts for nothing", () => {
    const { answers, heard, channel } = shaken();
    answers();
    expect(heard.able).toHaveLength(2);
    expect(channel.ignored).toBe(1);
  });

  it("begins anew when the frame is loaded again, and an old nonce is none", () => {
    const { frame, says, heard, channel } = shaken();
    const old = frame.last()["hello"];
    frame.loads();
    expect(frame.last()["hello"]).not.toBe(old);
    says({ v: 1, hello: old, commands: [], events: [] });
    says(joined);
    expect(heard.able).toHaveLength(2);
    expect(heard.events).toEqual([]);
    expect(channel.ignored).toBe(2);
    says({ v: 1, hello: frame.last()["hello"], commands: [], events: [] });
    says(joined);
    expect(heard.events).toHaveLength(1);
  });

  it("cannot be made before the frame has loaded", () => {
    const { says, heard, channel } = setUp();
    for (const hello of ["", undefined, null, 0]) says({ v: 1, hello, commands: [], events: [] });
    expect(heard.able).toEqual([]);
    expect(channel.ignored).toBe(4);
  });

  it("that nobody answers is told, and whoever waits is, too", async () => {
    const { frame, heard, channel } = setUp();
    const waiting = expect(channel.command("hangup")).rejects.toMatchObject({ code: "no_answer" });
    frame.loads();
    await vi.advanceTimersByTimeAsync(patience - 1);
    expect(heard.silent).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard.silent).toBe(1);
    await waiting;
  });

  it("that nobody can answer, because nothing loads, is told as well", async () => {
    const { heard } = setUp();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard.silent).toBe(1);
  });

  it("that nobody has answered is no reason to wait: until somebody does, or it is made anew", async () => {
    const { frame, channel, answers } = setUp();
    const refused = () =>
      expect(channel.command("hangup")).rejects.toMatchObject({ code: "no_answer" });
    frame.loads();
    await vi.advanceTimersByTimeAsync(patience);
    await refused();
    frame.loads();
    const waiting = expect(channel.command("hangup")).rejects.toMatchObject({ code: "no_answer" });
    expect(frame.last()).toHaveProperty("hello");
    await vi.advanceTimersByTimeAsync(patience);
    await waiting;
    await refused();
    answers();
    void channel.command("hangup").catch(() => {});
    expect(frame.last()).toMatchObject({ command: "hangup" });
    channel.close();
  });

  it("that was answered in time is not complained about later", async () => {
    const { heard } = shaken();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(heard.silent).toBe(0);
  });
});

describe("what is not from the frame, or makes no sense,", () => {
  const foreign: readonly [string, (all: ReturnType<typeof shaken>) => void][] = [
    [
      "another origin in the frame",
      ({ page, frame }) => page.gets(joined, frame.contentWindow, "https://evil.example"),
    ],
    [
      "a longer origin",
      ({ page, frame }) => page.gets(joined, frame.contentWindow, `${origin}.evil.example`),
    ],
    ["a sandbox", ({ page, frame }) => page.gets(joined, frame.contentWindow, "null")],
    ["another window of the right origin", ({ page }) => page.gets(joined, {})],
    ["no window", ({ page }) => page.gets(joined, null)],
    [
      "no window, and the frame has none either",
      ({ page, frame }) => {
        frame.contentWindow = null;
        page.gets(joined, null);
      },
    ],
    ["a later version", ({ says }) => says({ ...joined, v: 2 })],
    ["no version", ({ says }) => says({ type: "participantJoined", payload: {} })],
    ["a version as text", ({ says }) => says({ ...joined, v: "1" })],
    ["text", ({ says }) => says(JSON.stringify(joined))],
    ["nothing", ({ says }) => says(null)],
    ["a list", ({ says }) => says([joined])],
    ["no name of an event", ({ says }) => says({ v: 1, type: "<img>", payload: {} })],
    [
      "a name that every object has",
      ({ says }) => says({ v: 1, type: "constructor", payload: {} }),
    ],
    ["an answer that nobody asked for", ({ says }) => says({ v: 1, reply: 77, ok: true })],
    ["an answer to no number", ({ says }) => says({ v: 1, reply: "1", ok: true })],
    [
      "a nonce that was made up",
      ({ says }) => says({ v: 1, hello: "0".repeat(32), commands: [], events: [] }),
    ],
  ];

  it.each(foreign)("%s: is counted, and nothing else", (_, send) => {
    const all = shaken();
    send(all);
    expect(all.heard.events).toEqual([]);
    expect(all.heard.able).toHaveLength(2);
    expect(all.channel.ignored).toBe(1);
  });

  it("would be heard otherwise", () => {
    const { says, heard, channel } = shaken();
    says(joined);
    expect(heard.events).toEqual([["participantJoined", { id: "p1" }]]);
    expect(channel.ignored).toBe(0);
  });

  it("is not believed because of what somebody did to all objects", () => {
    const { page, frame, heard, channel } = shaken();
    try {
      Object.assign(Object.prototype, { v: 1, type: "readyToClose", reply: 1, ok: true });
      page.gets({}, frame.contentWindow);
      page.gets({ type: "readyToClose" }, frame.contentWindow);
    } finally {
      for (const key of ["v", "type", "reply", "ok"]) Reflect.deleteProperty(Object.prototype, key);
    }
    expect(heard.events).toEqual([]);
    expect(channel.ignored).toBe(2);
  });
});

describe("a command", () => {
  it("is numbered, and gets its own answer", async () => {
    const { frame, says, channel } = shaken();
    const one = channel.command("isAudioMuted");
    const two = channel.command("setTileView", { enabled: true });
    expect(frame.sent.slice(1).map(({ message }) => message)).toEqual([
      { v: 1, id: 1, command: "isAudioMuted" },
      { v: 1, id: 2, command: "setTileView", args: { enabled: true } },
    ]);
    expect(frame.sent.every(({ to }) => to === origin)).toBe(true);
    says({ v: 1, reply: 2, ok: false, error: "not_allowed" });
    says({ v: 1, reply: 1, ok: true, result: true });
    expect(await one).toBe(true);
    await expect(two).rejects.toMatchObject({ name: "MeetingError", code: "not_allowed" });
  });

  it("is answered once", async () => {
    const { says, channel } = shaken();
    const one = channel.command("isAudioMuted");
    says({ v: 1, reply: 1, ok: true, result: 1 });
    says({ v: 1, reply: 1, ok: false, error: "not_allowed" });
    expect(await one).toBe(1);
    expect(channel.ignored).toBe(1);
  });

  it("waits for the handshake", async () => {
    const { frame, answers, says, channel } = setUp();
    const one = channel.command("hangup");
    frame.loads();
    expect(frame.sent).toHaveLength(1);
    answers();
    expect(frame.last()).toEqual({ v: 1, id: 1, command: "hangup" });
    says({ v: 1, reply: 1, ok: true });
    expect(await one).toBeUndefined();
  });

  it("of the frame before is not answered by the one after", async () => {
    const { frame, answers, says, channel } = shaken();
    const one = expect(channel.command("hangup")).rejects.toMatchObject({ code: "frame_gone" });
    frame.loads();
    answers();
    says({ v: 1, reply: 1, ok: true });
    await one;
    expect(channel.ignored).toBe(1);
  });

  it("that nobody answers fails after a while, and leaves room for others", async () => {
    const { channel } = shaken();
    const all = Array.from({ length: mostPending }, () =>
      expect(channel.command("hangup")).rejects.toMatchObject({ code: "no_answer" }),
    );
    await expect(channel.command("hangup")).rejects.toMatchObject({ code: "too_many_messages" });
    await vi.advanceTimersByTimeAsync(patience);
    await Promise.all(all);
    void channel.command("hangup").catch(() => {});
  });

  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  it.each([
    ["is too long", { password: "x".repeat(4096) }],
    ["is too long in bytes", { password: "ü".repeat(2040) }],
    ["goes round in circles", cyclic],
    ["is more than JSON", { n: 1n }],
  ])("%s: it is not sent", async (_, args) => {
    const { frame, channel } = shaken();
    await expect(channel.command("password", args)).rejects.toMatchObject({
      code: "bad_arguments",
    });
    expect(frame.sent).toHaveLength(1);
  });

  it("carries no functions: what is sent is a copy", () => {
    const { frame, channel } = shaken();
    void channel.command("password", { password: "x", also: () => 1 }).catch(() => {});
    expect(frame.last()).toMatchObject({ args: { password: "x" } });
    channel.close();
  });
});

describe("closing", () => {
  it("leaves nothing behind", async () => {
    const { frame, page, heard, channel, says } = shaken();
    expect([page.heard, frame.heard]).toEqual([["message"], ["load"]]);
    const one = expect(channel.command("hangup")).rejects.toMatchObject({ code: "frame_gone" });
    channel.close();
    await one;
    expect([page.heard, frame.heard]).toEqual([[], []]);
    says(joined);
    frame.loads();
    await settle();
    expect(heard.events).toEqual([]);
    expect(frame.sent).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
    await expect(channel.command("hangup")).rejects.toMatchObject({ code: "frame_gone" });
  });
});
