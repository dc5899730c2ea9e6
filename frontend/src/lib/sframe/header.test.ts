import { describe, expect, it } from "vitest";
import type { Bytes } from "./bytes";
import { decodeHeader, encodeHeader } from "./header";
import { contexts, kidOf, originOf } from "./kid";
import { randomBytes } from "./random.fixture";

const bytesOf = (hex: string): Bytes => new Uint8Array(Buffer.from(hex, "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("a header", () => {
  it.for(["", "80", "9901", "990123", "08", "0901", "f0ffffffffffffff"])(
    "cut off after %s is none",
    (hex) => expect(decodeHeader(bytesOf(hex))).toBeNull(),
  );

  it.for(["8007", "900008", "0805", "090001"])("longer than it must be, as %s, is none", (hex) => {
    expect(decodeHeader(bytesOf(hex))).toBeNull();
  });

  it("is not made for what it cannot hold", () => {
    expect(() => encodeHeader(2n ** 64n, 0n)).toThrow(RangeError);
    expect(() => encodeHeader(0n, -1n)).toThrow(RangeError);
  });

  it("is read out of any bytes without a throw, never past their end, and back to the same", () => {
    let read = 0;
    for (const bytes of randomBytes(50_000, 20)) {
      const header = decodeHeader(bytes);
      if (!header) continue;
      read++;
      const again = encodeHeader(header.kid, header.counter);
      if (hexOf(again) !== hexOf(bytes.subarray(0, header.length))) {
        expect.fail(`${hexOf(bytes)} became ${hexOf(again)}`);
      }
    }
    expect(read).toBeGreaterThan(5_000);
  });
});

describe("a key id", () => {
  it.for([
    [{ context: contexts.microphone, leaf: 0, epoch: 0 }, 0n],
    [{ context: contexts.camera, leaf: 3, epoch: 255 }, 0x01_0003_ffn],
    [{ context: contexts.message, leaf: 65_535, epoch: 1 }, 0x04_ffff_01n],
  ] as const)("of %o is %s", ([origin, kid]) => {
    expect(kidOf(origin)).toBe(kid);
    expect(originOf(kid)).toEqual(origin);
  });

  it("has the low eight bits of the epoch", () => {
    expect(kidOf({ context: 0, leaf: 1, epoch: 2 ** 40 + 258 })).toBe(0x0102n);
  });

  it("is of no other layout", () => {
    expect(originOf(5n << 24n)).toBeNull();
    expect(originOf(2n ** 64n - 1n)).toBeNull();
    for (const wrong of [{ context: 5 }, { leaf: 65_536 }, { leaf: -1 }, { epoch: -1 }]) {
      expect(() => kidOf({ context: 0, leaf: 0, epoch: 0, ...wrong })).toThrow(RangeError);
    }
  });
});
