import { describe, expect, it } from "vitest";
import { Bucket } from "./bucket";

/** What becomes of so many messages, one every so many milliseconds. */
function send(bucket: Bucket, count: number, every: number, from = 0) {
  const came = { read: 0, drop: 0, tell: 0 };
  for (let i = 0; i < count; i++) came[bucket.take(from + i * every)]++;
  return came;
}

describe("messages", () => {
  it("are read, forty at once and twenty a second", () => {
    expect(send(new Bucket(0), 40, 0)).toEqual({ read: 40, drop: 0, tell: 0 });
    expect(send(new Bucket(0), 2_000, 50)).toEqual({ read: 2_000, drop: 0, tell: 0 });
  });

  it("beyond that are dropped, and their sender is told once in ten seconds", () => {
    const flood = send(new Bucket(0), 100_000, 0.1); // ten seconds of 10,000
    expect(flood.read).toBeGreaterThanOrEqual(239);
    expect(flood.read).toBeLessThanOrEqual(240);
    expect(flood.tell).toBe(1);
    expect(flood.drop).toBe(100_000 - flood.read - 1);
  });

  it("are read again after a while, but never more than forty at once", () => {
    const bucket = new Bucket(0);
    send(bucket, 100, 0);
    expect(send(bucket, 100, 0, 3_600_000).read).toBe(40);
  });
});
