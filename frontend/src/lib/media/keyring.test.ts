import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { contexts } from "../sframe/kid";
import { KeyRing } from "./keyring";
import { epochOf } from "./keys.fixture";

/** found is the epoch of the opener for a frame, or why there is none. */
function found(ring: KeyRing, epoch: number, leaf = 1, context: number = contexts.camera) {
  const result = ring.find({ context, leaf, epoch });
  return typeof result === "string" ? result : result.epoch;
}

const later = (ms: number) => vi.advanceTimersByTime(ms);

describe("the key ring", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("knows nothing before the first epoch", () => {
    expect(found(new KeyRing(), 0)).toBe("unknown");
  });

  it("tells epochs to come from those that were before its first", () => {
    const ring = new KeyRing();
    ring.add(epochOf(300));
    expect(found(ring, 300 - 256)).toBe(300);
    expect(found(ring, 301 - 256)).toBe("unknown");
    expect(found(ring, (300 + 127) % 256)).toBe("unknown");
    expect(found(ring, 299 - 256)).toBe("old");
    expect(found(ring, (300 + 128) % 256)).toBe("old");
  });

  it("goes on where the low eight bits begin anew", () => {
    const ring = new KeyRing();
    ring.add(epochOf(255));
    expect(found(ring, 0)).toBe("unknown");
    ring.add(epochOf(256));
    expect(found(ring, 0)).toBe(256);
    expect(found(ring, 255)).toBe(255);
  });

  it("accepts the epoch before for five seconds", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    later(60_000);
    ring.add(epochOf(2));
    later(4_999);
    expect(found(ring, 1)).toBe(1);
    later(1);
    expect(found(ring, 1)).toBe("old");
    expect(found(ring, 2)).toBe(2);
  });

  it("accepts each epoch for its own five seconds, but no more than two before", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    ring.add(epochOf(2));
    later(3_000);
    ring.add(epochOf(3));
    expect([1, 2, 3].map((epoch) => found(ring, epoch))).toEqual([1, 2, 3]);
    later(2_000);
    expect([1, 2, 3].map((epoch) => found(ring, epoch))).toEqual(["old", 2, 3]);
    ring.add(epochOf(4));
    ring.add(epochOf(5));
    expect([2, 3, 4, 5].map((epoch) => found(ring, epoch))).toEqual(["old", 3, 4, 5]);
  });

  it("accepts no removed leaf, in no epoch, from the moment on", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    ring.add(epochOf(2));
    ring.add(epochOf(3, { leaves: [0, 2, 3], removed: [1] }));
    expect([1, 2, 3].map((epoch) => found(ring, epoch, 1))).toEqual(Array(3).fill("stranger"));
    expect([1, 2, 3].map((epoch) => found(ring, epoch, 2))).toEqual([1, 2, 3]);
  });

  it("accepts who has the leaf now, and not who had it", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    ring.add(epochOf(2, { removed: [1] }));
    expect(found(ring, 1, 1)).toBe("stranger");
    expect(found(ring, 2, 1)).toBe(2);
  });

  it("accepts nobody's leaf, and not one's own", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    expect(found(ring, 1, 4)).toBe("stranger");
    expect(found(ring, 1, 0)).toBe("stranger");
  });

  it("has one opener for each sender and context, so that a replay is known on every line", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    const opener = (leaf: number, context: number) => {
      const result = ring.find({ context, leaf, epoch: 1 });
      return typeof result === "string" ? result : result.opener;
    };
    expect(opener(1, 0)).toBe(opener(1, 0));
    expect(opener(1, 0)).not.toBe(opener(1, 1));
    expect(opener(1, 0)).not.toBe(opener(2, 0));
  });

  it("takes no epoch that is not newer", () => {
    const ring = new KeyRing();
    expect(ring.add(epochOf(2))).toBe(true);
    expect(ring.add(epochOf(2))).toBe(false);
    expect(ring.add(epochOf(1))).toBe(false);
    expect(found(ring, 1)).toBe("old");
  });

  it("knows nobody once it is closed", () => {
    const ring = new KeyRing();
    ring.add(epochOf(1));
    ring.close();
    expect(found(ring, 1)).toBe("stranger");
    expect(ring.add(epochOf(2))).toBe(false);
    expect(found(ring, 2)).toBe("stranger");
  });
});
