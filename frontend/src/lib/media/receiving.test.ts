import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Codec } from "../sframe/frame";
import { contexts } from "../sframe/kid";
import { epochOf, plainOf, type TestFrame } from "./keys.fixture";
import { aWhile, camera, microphone, setUp, until } from "./receiving.fixture";

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("what comes in", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.for<Codec>(["vp8", "vp9", "av1"])("is opened in order, in %s", async (codec) => {
    const { learn, take, remote, passed, line } = setUp();
    learn(epochOf(1));
    const types = ["key", "delta", "delta", "key"];
    const frames: TestFrame[] = [];
    for (const type of types) frames.push(await remote.frame(camera(1), codec, type));
    await take(...frames);
    expect(passed).toEqual(frames);
    expect(passed.map(({ bytes }) => bytes)).toEqual(types.map(plainOf));
    expect(line.counts).toEqual({ opened: 4, held: 0, dropped: {} });
  });

  it("is anybody's sound in a slot for sound, and nothing else", async () => {
    const { learn, take, remote, line } = setUp("audio");
    learn(epochOf(1));
    await take(
      await remote.frame(microphone(1, 1), "opus"),
      await remote.frame({ ...microphone(1, 3), context: contexts.screen_audio }, "opus"),
      await remote.frame(camera(1), "opus"),
      await remote.frame({ ...microphone(1), context: contexts.message }, "opus"),
    );
    expect(line.counts).toMatchObject({ opened: 2, dropped: { unexpected: 2 } });
  });

  it.for([
    ["of another member", camera(1, 2)],
    ["of another source", { ...camera(1), context: contexts.screen }],
  ] as const)("is not a picture %s", async ([, origin]) => {
    const { learn, take, remote, line, passed, log } = setUp();
    learn(epochOf(1));
    await take(await remote.frame(origin, "vp9", "key"));
    expect(passed).toEqual([]);
    expect(line.counts.dropped).toEqual({ unexpected: 1 });
    expect(log.asked).toBe(0);
  });

  it("is nobody's picture while nobody is expected", async () => {
    const { learn, take, remote, line } = setUp();
    learn(epochOf(1));
    line.expect(null, 2);
    await take(await remote.frame(camera(1), "vp9", "key"));
    expect(line.counts.dropped).toEqual({ unexpected: 1 });
  });

  it("is no removed member's, not even in the epoch before", async () => {
    const { learn, take, remote, line } = setUp();
    learn(epochOf(1));
    await take(await remote.frame(camera(1), "vp9", "key"));
    learn(epochOf(2, { leaves: [0, 2], removed: [1] }));
    await take(await remote.frame(camera(1)), await remote.frame(camera(2), "vp9", "key"));
    expect(line.counts).toMatchObject({ opened: 1, dropped: { stranger: 2 } });
  });

  it("is what this browser itself sent, never", async () => {
    const { learn, take, remote, line } = setUp();
    learn(epochOf(1));
    line.expect({ leaf: 0, source: "camera" }, 2);
    await take(await remote.frame(camera(1, 0), "vp9", "key"));
    expect(line.counts.dropped).toEqual({ stranger: 1 });
  });

  it("is of the epoch before for five seconds, and no longer", async () => {
    const { learn, take, remote, line, log } = setUp();
    learn(epochOf(1));
    learn(epochOf(2));
    await later(4_999);
    await take(await remote.frame(camera(1), "vp9", "key"));
    await later(1);
    await take(await remote.frame(camera(1)));
    expect(line.counts).toMatchObject({ opened: 1, dropped: { old: 1 } });
    expect(log.asked).toBe(1);
  });

  it("is dropped at once when it is from before this browser's first epoch", async () => {
    const { learn, take, remote, line } = setUp("audio");
    learn(epochOf(7));
    await take(await remote.frame(microphone(6), "opus"));
    expect(line.counts).toEqual({ opened: 0, held: 0, dropped: { old: 1 } });
  });

  it("is nothing twice, on no line", async () => {
    const { shared, learn, take, remote, line, make } = setUp("audio");
    learn(epochOf(1));
    const frame = await remote.frame(microphone(1), "opus");
    const copies = [frame.copy(), frame.copy()] as const;
    await take(frame, copies[0]);
    expect(line.counts).toMatchObject({ opened: 1, dropped: { replayed: 1 } });
    const other = make("audio");
    other.take(copies[1]);
    await until(() => other.counts.dropped.replayed === 1);
    expect(shared.allowance.take(4_000_000)).toBe(true);
  });

  it.for<[string, Codec, number]>([
    ["the mark of a key frame", "vp8", 0],
    ["the readable part", "vp8", 5],
    ["the header", "vp8", 14],
    ["the ciphertext", "vp8", 18],
    ["the tag", "vp8", -1],
    ["the OBU header", "av1", 0],
    ["the header", "av1", 3],
  ])("is nothing in which %s was changed (%s, byte %i)", async ([, codec, at]) => {
    const { learn, take, remote, line, passed } = setUp();
    learn(epochOf(1));
    const frame = await remote.frame(camera(1), codec, "key");
    const { bytes } = frame;
    const index = at < 0 ? bytes.length + at : at;
    // Of an OBU header, only the type matters: 1 becomes 6.
    bytes[index] = (bytes[index] ?? 0) ^ (codec === "av1" && at === 0 ? 0x38 : 1);
    await take(frame);
    expect(passed).toEqual([]);
    expect(line.counts.opened).toBe(0);
    const genuine = await remote.frame(camera(1), codec, "key");
    await take(genuine);
    expect(passed).toEqual([genuine]);
  });

  it("is nothing that says it is of another codec", async () => {
    const { learn, take, remote, line } = setUp();
    learn(epochOf(1));
    const frame = await remote.frame(camera(1), "vp9", "key");
    frame.getMetadata = () => ({ mimeType: "audio/opus" });
    await take(frame);
    expect(line.counts.dropped).toEqual({ forged: 1 });
  });

  it("is nothing that was not sealed", async () => {
    const { learn, take, remote, line, passed } = setUp();
    learn(epochOf(1));
    for (const codec of ["vp8", "vp9", "av1"] as const) {
      const frame = await remote.frame(camera(1), codec, "key");
      frame.data = plainOf("key").buffer;
      await take(frame);
    }
    expect(passed).toEqual([]);
    expect(line.counts.dropped).toEqual({ malformed: 2, unexpected: 1 });
  });

  it("is nothing when anything throws, and what comes after goes on", async () => {
    const { learn, take, remote, line, log, passed } = setUp("audio");
    learn(epochOf(1));
    const broken = await remote.frame(microphone(1), "opus");
    broken.getMetadata = () => {
      throw new Error("gone");
    };
    await take(broken);
    log.throws = true;
    await take(await remote.frame(microphone(1), "opus"));
    log.throws = false;
    expect(line.counts).toMatchObject({ opened: 0, dropped: { failed: 2 } });
    await take(await remote.frame(microphone(1), "opus"));
    expect(passed).toHaveLength(1);
  });

  it("is nothing for somebody else than was expected when it was opened", async () => {
    const { learn, remote, line, passed, shown } = setUp();
    learn(epochOf(1));
    line.take(await remote.frame(camera(1), "vp9", "key"));
    line.expect({ leaf: 2, source: "camera" }, 2);
    await until(() => line.counts.dropped.unexpected === 1);
    expect(passed).toEqual([]);
    expect(shown).toEqual([]);
  });

  it("is nothing any more once the line is closed", async () => {
    const { shared, learn, remote, line, passed } = setUp("audio");
    line.take(await remote.frame(microphone(1), "opus"));
    learn(epochOf(1));
    line.close();
    line.take(await remote.frame(microphone(1), "opus"));
    await aWhile();
    expect(passed).toEqual([]);
    expect(shared.allowance.take(4_000_000)).toBe(true);
  });
});
