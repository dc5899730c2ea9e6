import { beforeAll, describe, expect, it } from "vitest";
import type { Bytes } from "./bytes";
import { derive, importBase } from "./cipher";
import { decodeHeader } from "./header";
import { contexts, kidOf, type Origin } from "./kid";
import { Opener } from "./opener";
import { ReplayWindow } from "./replay";
import { Sealers } from "./sealer";

const origin: Origin = { context: contexts.camera, leaf: 5, epoch: 300 };
const plain = new TextEncoder().encode("what is said and shown");
const metadata = Uint8Array.of(2, 0x11, 1, 2);
let base: CryptoKey;

beforeAll(async () => {
  base = await importBase(new Uint8Array(16).fill(7));
});

const openerOf = async (from: Origin = origin) => new Opener(await derive(base, kidOf(from)));

function headerOf(sframe: Bytes) {
  const header = decodeHeader(sframe);
  if (!header) throw new Error("no header");
  return header;
}

const opened = (opener: Opener, sframe: Bytes, about: Bytes = metadata) =>
  opener.open(headerOf(sframe), sframe, about);

describe("a sealer", () => {
  it("seals what the same key id opens", async () => {
    const sealer = await new Sealers().make(base, origin);
    const opener = await openerOf();
    for (let i = 0; i < 20; i++) {
      const sframe = await sealer.seal(plain, metadata);
      expect(sframe.length).toBe(headerOf(sframe).length + plain.length + 16);
      expect(await opened(opener, sframe)).toEqual(plain);
    }
  });

  it("puts a prefix before the SFrame, as it is", async () => {
    const sealer = await new Sealers().make(base, origin);
    const frame = await sealer.seal(plain, metadata, metadata.subarray(1));
    expect([...frame.subarray(0, 3)]).toEqual([0x11, 1, 2]);
    expect(await opened(await openerOf(), frame.subarray(3))).toEqual(plain);
  });

  it("hands out its header for what is signed over it", async () => {
    const sealer = await new Sealers().make(base, origin);
    const sframe = await sealer.seal(async (header) => header, metadata);
    const { length } = headerOf(sframe);
    expect(await opened(await openerOf(), sframe)).toEqual(sframe.slice(0, length));
  });

  it("counts each frame once, in order, also when many are under way", async () => {
    const sealer = await new Sealers().make(base, origin);
    const many = Array.from({ length: 300 }, () => sealer.seal(plain, metadata));
    const counters = (await Promise.all(many)).map((sframe) => headerOf(sframe).counter);
    expect(counters).toEqual(Array.from({ length: 300 }, (_, i) => BigInt(i)));
  });

  it("never uses a counter again, not even one that failed", async () => {
    const sealer = await new Sealers().make(base, origin);
    const fails = sealer.seal(() => Promise.reject(new Error("no signature")), metadata);
    await expect(fails).rejects.toThrow("no signature");
    expect(headerOf(await sealer.seal(plain, metadata)).counter).toBe(1n);
  });

  it("seals no more than it may", async () => {
    const sealer = await new Sealers(2).make(base, origin);
    await sealer.seal(plain, metadata);
    await sealer.seal(plain, metadata);
    await expect(sealer.seal(plain, metadata)).rejects.toThrow(RangeError);
  });

  it("is made once for a key id, and never for an epoch gone by", async () => {
    const sealers = new Sealers();
    await sealers.make(base, origin);
    await expect(sealers.make(base, origin)).rejects.toThrow(RangeError);
    await sealers.make(base, { ...origin, context: contexts.screen });
    await sealers.make(base, { ...origin, epoch: 301 });
    await expect(sealers.make(base, origin)).rejects.toThrow(RangeError);
    // The low eight bits are those of 300 again, the base key is another.
    await sealers.make(base, { ...origin, epoch: 556 });
  });

  it("is not made again even when its key could not be had", async () => {
    const sealers = new Sealers();
    await expect(sealers.make(Promise.reject(new Error("none")), origin)).rejects.toThrow("none");
    await expect(sealers.make(base, origin)).rejects.toThrow(RangeError);
  });
});

describe("an opener", () => {
  it("opens nothing in which a single bit was changed", async () => {
    const sealer = await new Sealers().make(base, origin);
    for (let i = 0; i < 9; i++) await sealer.seal(plain, metadata);
    const sframe = await sealer.seal(plain, metadata);
    const opener = await openerOf();
    for (let bit = 0; bit < sframe.length * 8; bit++) {
      const tampered = sframe.slice();
      tampered[bit >>> 3] = (tampered[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      const header = decodeHeader(tampered);
      const result = header ? await opener.open(header, tampered, metadata) : "no header";
      if (typeof result !== "string") expect.fail(`bit ${bit} does not matter`);
    }
    for (let bit = 0; bit < metadata.length * 8; bit++) {
      const other = metadata.slice();
      other[bit >>> 3] = (other[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await opened(opener, sframe, other)).toBe("forged");
    }
    expect(await opened(opener, sframe.subarray(0, -1))).toBe("forged");
    expect(await opened(opener, sframe)).toEqual(plain);
  });

  it("opens nothing of another sender, context or epoch", async () => {
    const sframe = await (await new Sealers().make(base, origin)).seal(plain, metadata);
    for (const other of [{ leaf: 6 }, { context: contexts.screen }, { epoch: 301 }]) {
      expect(await opened(await openerOf({ ...origin, ...other }), sframe)).toBe("forged");
    }
  });

  it("opens each frame once, in any order, also when both come together", async () => {
    const sealer = await new Sealers().make(base, origin);
    const frames: Bytes[] = [];
    for (let i = 0; i < 5; i++) frames.push(await sealer.seal(plain, metadata));
    const opener = await openerOf();
    const [first, second, third, fourth, fifth] = frames as [Bytes, Bytes, Bytes, Bytes, Bytes];
    for (const frame of [third, first, fifth, second]) {
      expect(await opened(opener, frame)).toEqual(plain);
      expect(await opened(opener, frame)).toBe("replayed");
    }
    const twice = await Promise.all([opened(opener, fourth), opened(opener, fourth)]);
    expect(twice).toHaveLength(2); // whichever of them was first
    expect(twice).toEqual(expect.arrayContaining([plain, "replayed"]));
  });

  it("does not lose a frame to a forgery of it", async () => {
    const sframe = await (await new Sealers().make(base, origin)).seal(plain, metadata);
    const opener = await openerOf();
    const forged = sframe.slice().fill(0, 8);
    expect(await opened(opener, forged)).toBe("forged");
    expect(await opened(opener, sframe)).toEqual(plain);
  });

  it("refuses counters that no sealer reaches", async () => {
    const opener = await openerOf();
    const header = { kid: kidOf(origin), counter: 2n ** 63n, length: 13 };
    expect(await opener.open(header, new Uint8Array(40), metadata)).toBe("forged");
  });
});

describe("the window for replays", () => {
  const size = 1024;

  it("knows the last 1,024 and none before", () => {
    const window = new ReplayWindow();
    window.mark(5_000);
    expect(window.fresh(5_000)).toBe(false);
    expect(window.fresh(5_000 - size + 1)).toBe(true);
    expect(window.fresh(5_000 - size)).toBe(false);
    expect(window.mark(5_000 - size + 1)).toBe(true);
    expect(window.mark(5_000 - size + 1)).toBe(false);
  });

  it("moves on by one, by its size, and by far more, and forgets what it passes", () => {
    for (const step of [1, 31, 32, 33, size - 1, size, size + 1, 1_000_000]) {
      const window = new ReplayWindow();
      for (let i = 0; i < 2 * size; i++) window.mark(i);
      const top = 2 * size - 1 + step;
      expect(window.mark(top)).toBe(true);
      const fresh = Array.from({ length: size }, (_, i) => top - i).filter((n) => window.fresh(n));
      expect(fresh).toHaveLength(Math.min(step, size) - 1);
    }
  });

  it("gives each counter once, as a set would, in any order", () => {
    const window = new ReplayWindow();
    const seen = new Set<number>();
    let [top, state] = [-1, 1];
    for (let i = 0; i < 20_000; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const counter = Math.max(0, top - 1_100 + ((state >>> 16) % 1_140));
      const fresh = counter > top - size && !seen.has(counter);
      if (window.mark(counter) !== fresh) expect.fail(`${counter} after ${top}`);
      seen.add(counter);
      top = Math.max(top, counter);
    }
    expect(top).toBeGreaterThan(10_000);
  });
});
