import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Codec, unwrap } from "../sframe/frame";
import { decodeHeader } from "../sframe/header";
import { contexts, originOf } from "../sframe/kid";
import { KeyRing } from "./keyring";
import { epochOf, mimeTypes, plainOf, TestFrame } from "./keys.fixture";
import { Sealing } from "./sealing";
import { Sending } from "./sending";

function setUp() {
  const sealing = new Sealing();
  return { sealing, line: new Sending("camera", sealing) };
}

const frameOf = (codec: Codec = "vp8", type = "delta") =>
  new TestFrame(plainOf(type), mimeTypes[codec], type);

/** sent gives the header of the next frame that the line seals, and null when it seals none. */
async function sent(line: Sending) {
  const frame = frameOf();
  const plain = frame.bytes.slice();
  if (!(await line.seal(frame))) {
    expect(frame.bytes).toEqual(plain);
    return null;
  }
  const header = decodeHeader(unwrap("vp8", frame.bytes)?.sframe ?? new Uint8Array());
  return header && { ...originOf(header.kid), counter: Number(header.counter) };
}

const epochSent = async (line: Sending) => (await sent(line))?.epoch;
const later = (ms: number) => vi.advanceTimersByTime(ms);

describe("what is sent", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.for<[Codec, string]>([
    ["opus", "delta"],
    ["vp8", "key"],
    ["vp8", "delta"],
    ["vp9", "key"],
    ["av1", "key"],
    ["av1", "delta"],
  ])("is %s sealed, and a member opens it (%s)", async ([codec, type]) => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1, { self: 2 }));
    const frame = frameOf(codec, type);
    expect(await line.seal(frame)).toBe(true);
    const unwrapped = unwrap(codec, frame.bytes);
    const header = unwrapped && decodeHeader(unwrapped.sframe);
    const origin = header && originOf(header.kid);
    expect(origin).toEqual({ context: contexts.camera, leaf: 2, epoch: 1 });
    if (!origin) return;
    const ring = new KeyRing();
    ring.add(epochOf(1));
    const found = ring.find(origin);
    if (typeof found === "string") return expect.fail(found);
    const plain = await (await found.opener).open(header, unwrapped.sframe, unwrapped.metadata);
    const whole = typeof plain === "string" ? plain : [...unwrapped.clear, ...plain];
    expect(whole).toEqual([...plainOf(type)]);
    expect(line.counts).toEqual({ sealed: 1, dropped: 0, failed: 0 });
  });

  it("is nothing without a key", async () => {
    const { line } = setUp();
    expect(await sent(line)).toBeNull();
    expect(line.counts).toEqual({ sealed: 0, dropped: 1, failed: 0 });
  });

  it("is nothing of a codec that cannot be sealed, or of no codec", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    expect(await line.seal(new TestFrame(plainOf("key"), "video/H264"))).toBe(false);
    expect(await line.seal(new TestFrame(new Uint8Array(2), "video/VP8"))).toBe(false);
    expect(line.counts).toEqual({ sealed: 0, dropped: 2, failed: 2 });
  });

  it("is nothing of an empty frame, with which a voice says that it is silent", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    const soundOf = (bytes: number) => new TestFrame(new Uint8Array(bytes), mimeTypes.opus, "");
    expect(await line.seal(soundOf(0))).toBe(false);
    expect(line.counts).toEqual({ sealed: 0, dropped: 0, failed: 0 });
    expect(await line.seal(soundOf(1))).toBe(true);
    // Of pictures browsers count every frame.
    expect(await line.seal(new TestFrame(new Uint8Array(), mimeTypes.vp8))).toBe(false);
    expect(line.counts).toEqual({ sealed: 1, dropped: 1, failed: 1 });
  });

  it("is nothing when anything throws", async () => {
    const { sealing, line } = setUp();
    sealing.add({ ...epochOf(1), base: Promise.reject(new Error("no key")) });
    expect(await sent(line)).toBeNull();
    const broken = frameOf();
    broken.getMetadata = () => {
      throw new Error("gone");
    };
    expect(await line.seal(broken)).toBe(false);
    expect(line.counts).toEqual({ sealed: 0, dropped: 2, failed: 2 });
  });

  it("is nothing when encrypting throws", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    const encrypt = vi.spyOn(crypto.subtle, "encrypt").mockRejectedValue(new Error("broken"));
    expect(await sent(line)).toBeNull();
    encrypt.mockRestore();
    expect((await sent(line))?.counter).toBe(1);
  });

  it("is nothing once this browser follows the group no further", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    expect(await epochSent(line)).toBe(1);
    sealing.add(epochOf(2));
    sealing.stop();
    later(1_000);
    expect(await sent(line)).toBeNull();
    sealing.add(epochOf(3, { urgent: true }));
    expect(await sent(line)).toBeNull();
  });
});

describe("the epoch that is sent in", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is the first at once, and a later one after 500 ms", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    expect(await epochSent(line)).toBe(1);
    sealing.add(epochOf(2));
    later(499);
    expect(await epochSent(line)).toBe(1);
    later(1);
    expect(await epochSent(line)).toBe(2);
  });

  it("is one at once when somebody was removed, and never goes back to one that waited", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    sealing.add(epochOf(2));
    sealing.add(epochOf(3, { removed: [1], urgent: true }));
    expect(await epochSent(line)).toBe(3);
    later(1_000);
    expect(await epochSent(line)).toBe(3);
  });

  it("is one as soon as all have reached it, and not what comes after it", async () => {
    const { sealing, line } = setUp();
    for (const epoch of [1, 2, 3]) sealing.add(epochOf(epoch));
    sealing.settled(1);
    expect(await epochSent(line)).toBe(1);
    sealing.settled(2);
    expect(await epochSent(line)).toBe(2);
    later(500);
    expect(await epochSent(line)).toBe(3);
  });

  it("is one at once when all were there before this browser", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(1));
    sealing.settled(2);
    sealing.add(epochOf(2));
    expect(await epochSent(line)).toBe(2);
    sealing.settled(1);
    expect(await epochSent(line)).toBe(2);
  });

  it("moves on, too, when commits come faster than they settle", async () => {
    const { sealing, line } = setUp();
    for (let epoch = 1; epoch <= 20; epoch++) {
      sealing.add(epochOf(epoch));
      later(20);
    }
    expect(await epochSent(line)).toBe(16);
    later(500);
    expect(await epochSent(line)).toBe(20);
  });

  it("never is one gone by", async () => {
    const { sealing, line } = setUp();
    sealing.add(epochOf(5));
    sealing.add(epochOf(4, { urgent: true }));
    expect(await sent(line)).toMatchObject({ epoch: 5, counter: 0 });
    sealing.add(epochOf(5, { urgent: true }));
    expect(await sent(line)).toMatchObject({ epoch: 5, counter: 1 });
  });
});

describe("the counter", () => {
  it("runs on over all encodings of a source, and is another for each source and epoch", async () => {
    const { sealing, line } = setUp();
    const sound = new Sending("microphone", sealing);
    sealing.add(epochOf(1));
    const both = await Promise.all([sent(line), sent(line), sent(sound), sent(line)]);
    expect(both.map((header) => header?.counter)).toEqual([0, 1, 0, 2]);
    sealing.add(epochOf(2, { urgent: true }));
    expect(await sent(line)).toEqual({ context: contexts.camera, leaf: 0, epoch: 2, counter: 0 });
    expect(await sent(line)).toMatchObject({ epoch: 2, counter: 1 });
  });
});
