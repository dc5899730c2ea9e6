import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { epochOf } from "./keys.fixture";
import { aWhile, camera, microphone, setUp, until } from "./receiving.fixture";

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("frames whose key is not here yet", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("wait for it, and go on in order, with those behind them", async () => {
    const { learn, remote, line, passed } = setUp("audio");
    learn(epochOf(1));
    const frames = [
      await remote.frame(microphone(1), "opus"),
      await remote.frame(microphone(2), "opus"),
      await remote.frame(microphone(1), "opus"),
      await remote.frame(microphone(2), "opus"),
    ];
    for (const frame of frames) line.take(frame);
    await until(() => line.counts.opened === 1);
    await later(1_900);
    expect(line.counts).toEqual({ opened: 1, held: 3, dropped: {} });
    learn(epochOf(2));
    await until(() => line.counts.opened === 4);
    expect(passed).toEqual(frames);
  });

  it("wait before the very first key, too", async () => {
    const { learn, remote, line } = setUp("audio");
    line.take(await remote.frame(microphone(3), "opus"));
    learn(epochOf(3));
    await until(() => line.counts.opened === 1);
  });

  it("are dropped after two seconds, and then a key frame is asked for", async () => {
    const { learn, remote, line, log, passed, take } = setUp();
    learn(epochOf(1));
    line.take(await remote.frame(camera(2), "vp9", "key"));
    await later(1_500);
    line.take(await remote.frame(camera(2)));
    await later(499);
    await aWhile();
    expect(line.counts).toEqual({ opened: 0, held: 2, dropped: {} });
    await later(1);
    await until(() => line.counts.held === 0);
    expect(line.counts.dropped).toEqual({ expired: 1, broken: 1 });
    expect(log.asked).toBe(1);
    learn(epochOf(2));
    await take(await remote.frame(camera(2)), await remote.frame(camera(2), "vp9", "key"));
    expect(passed.map(({ type }) => type)).toEqual(["key"]);
  });

  it("never are more than may wait, on all lines together", async () => {
    const { shared, remote, line, make, log } = setUp("video", 80);
    const other = make("audio");
    other.take(await remote.frame(microphone(1), "opus"));
    line.take(await remote.frame(camera(1), "vp9", "key"));
    line.take(await remote.frame(camera(1)));
    await aWhile();
    expect(line.counts).toEqual({ opened: 0, held: 1, dropped: { overflow: 1 } });
    expect(other.counts).toEqual({ opened: 0, held: 1, dropped: {} });
    expect(log.asked).toBe(1);
    await later(2_000);
    await until(() => line.counts.held === 0 && other.counts.held === 0);
    expect(shared.allowance.take(80)).toBe(true);
  });
});

describe("a picture with a hole", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("goes on with a key frame, which is asked for until it comes", async () => {
    const { learn, take, remote, passed, log, line } = setUp();
    learn(epochOf(1));
    await take(await remote.frame(camera(1), "vp9", "key"));
    const forged = await remote.frame(camera(1));
    forged.bytes.fill(0, 8);
    await take(forged);
    expect(log.asked).toBe(1);
    for (let i = 0; i < 30; i++) {
      await take(await remote.frame(camera(1)));
      await later(33);
    }
    expect(passed).toHaveLength(1);
    expect(log.asked).toBe(4);
    await take(await remote.frame(camera(1), "vp9", "key"), await remote.frame(camera(1)));
    await later(10_000);
    expect(passed).toHaveLength(3);
    expect(log.asked).toBe(4);
    expect(line.counts.dropped).toEqual({ forged: 1, broken: 30 });
  });

  it("is asked about for a while when nothing comes at all", async () => {
    const { learn, take, remote, log } = setUp();
    learn(epochOf(1));
    await take(await remote.frame(camera(1)));
    await later(60_000);
    expect(log.asked).toBe(10);
  });

  it("has none where a frame came twice", async () => {
    const { learn, take, remote, log, passed } = setUp();
    learn(epochOf(1));
    const key = await remote.frame(camera(1), "vp9", "key");
    const delta = await remote.frame(camera(1));
    const next = await remote.frame(camera(1));
    await take(key, key.copy(), delta, delta.copy(), key.copy(), next);
    expect(passed).toEqual([key, delta, next]);
    expect(log.asked).toBe(0);
  });

  it("has none where there was only padding", async () => {
    const { learn, take, remote, log, passed, line } = setUp();
    learn(epochOf(1));
    const empty = await remote.frame(camera(1));
    empty.data = new ArrayBuffer(0);
    await take(empty, await remote.frame(camera(1), "vp9", "key"), empty);
    expect(passed).toHaveLength(1);
    expect(line.counts.dropped).toEqual({ empty: 2 });
    expect(log.asked).toBe(0);
  });

  it("does not keep sound from going on", async () => {
    const { learn, take, remote, log, line } = setUp("audio");
    learn(epochOf(1));
    const frame = await remote.frame(microphone(1), "opus");
    await take(frame, frame.copy(), await remote.frame(microphone(1), "opus"));
    expect(line.counts).toMatchObject({ opened: 2, dropped: { replayed: 1 } });
    expect(log.asked).toBe(0);
  });
});

describe("a key frame", () => {
  it("is nothing from before the last one, kept back on the way", async () => {
    const { learn, take, remote, passed, line } = setUp();
    learn(epochOf(1));
    learn(epochOf(2));
    const old = await remote.frame(camera(1), "vp9", "key");
    const late = await remote.frame(camera(2), "vp9", "key");
    const last = await remote.frame(camera(2), "vp9", "key");
    await take(last, late, old);
    expect(passed).toEqual([last]);
    expect(line.counts.dropped).toEqual({ backwards: 2 });
  });

  it("of somebody comes first when a slot is given to them, and tells that they are shown", async () => {
    const { learn, take, remote, line, passed, shown } = setUp();
    learn(epochOf(1));
    await take(await remote.frame(camera(1, 1), "vp9", "key"), await remote.frame(camera(1, 1)));
    expect(shown).toEqual(["turn 1: leaf 1"]);
    line.expect({ leaf: 2, source: "camera" }, 2);
    const first = await remote.frame(camera(1, 2), "vp9", "key");
    const second = await remote.frame(camera(1, 2));
    await take(await remote.frame(camera(1, 1)), await remote.frame(camera(1, 2)), first, second);
    expect(passed.slice(2)).toEqual([first, second]);
    expect(shown).toEqual(["turn 1: leaf 1", "turn 2: leaf 2"]);
    expect(line.counts.dropped).toEqual({ unexpected: 1, broken: 1 });
  });
});
