import { describe, expect, it } from "vitest";
import type { Bytes } from "./bytes";
import { type Codec, codecOf, unwrap, wrap } from "./frame";
import { randomBytes } from "./random.fixture";

const bytes = (...values: number[]): Bytes => Uint8Array.from(values);
const keyVP8 = bytes(0x10, 1, 2, 0x9d, 0x01, 0x2a, 6, 7, 8, 9, 10, 11);
const deltaVP8 = bytes(0x11, 1, 2, 3, 4);

describe("a codec", () => {
  it("is one of four, whatever its case, and nothing else", () => {
    expect(["audio/opus", "video/VP8", "video/VP9", "video/AV1"].map(codecOf)).toEqual([
      "opus",
      "vp8",
      "vp9",
      "av1",
    ]);
    const none = [undefined, "", "video/H264", "audio/red", "toString", "video/vp8 "];
    expect(none.map(codecOf)).toEqual(none.map(() => null));
  });
});

describe("what stays readable", () => {
  it.for<[string, Codec, Bytes, boolean, number[], number[]]>([
    ["nothing of Opus", "opus", bytes(1, 2), false, [], [1]],
    ["nothing of VP9", "vp9", bytes(1, 2), true, [], [3]],
    ["ten bytes of a VP8 key frame", "vp8", keyVP8, true, [...keyVP8.subarray(0, 10)], [2]],
    ["three bytes of another VP8 frame", "vp8", deltaVP8, false, [0x11, 1, 2], [2]],
    ["that an AV1 frame is a key frame", "av1", bytes(1, 2), true, [0x08], [4]],
    ["that an AV1 frame is none", "av1", bytes(1, 2), false, [0x30], [4]],
  ])("is %s, and the metadata has it", ([, codec, frame, key, prefix, mark]) => {
    const wrapped = wrap(codec, frame, key);
    expect([...(wrapped?.prefix ?? [])]).toEqual(prefix);
    expect([...(wrapped?.metadata ?? [])]).toEqual([...mark, ...prefix]);
    const rest = codec === "vp8" ? frame.subarray(prefix.length) : frame;
    expect(wrapped?.body).toEqual(rest);
  });

  it("is nothing when a frame is too short for its codec", () => {
    expect(wrap("vp8", keyVP8.subarray(0, 9), true)).toBeNull();
    expect(wrap("vp8", deltaVP8.subarray(0, 2), false)).toBeNull();
    expect(wrap("vp8", bytes(), false)).toBeNull();
    expect(unwrap("vp8", keyVP8.subarray(0, 9))).toBeNull();
  });
});

describe("an OBU around an SFrame", () => {
  it.for<[string, Bytes, number]>([
    ["as it was sent", bytes(0x30, 7, 8, 9), 0x30],
    ["with the size a depacketizer adds", bytes(0x32, 3, 7, 8, 9), 0x30],
    ["with a size in more bytes than it takes", bytes(0x0a, 0x83, 0x80, 0x00, 7, 8, 9), 0x08],
    ["with an extension", bytes(0x34, 0x20, 7, 8, 9), 0x30],
    ["with both", bytes(0x0e, 0x20, 3, 7, 8, 9), 0x08],
  ])("comes off %s", ([, frame, type]) => {
    const unwrapped = unwrap("av1", frame);
    expect([...(unwrapped?.sframe ?? [])]).toEqual([7, 8, 9]);
    expect([...(unwrapped?.metadata ?? [])]).toEqual([4, type]);
    expect(unwrapped?.clear).toHaveLength(0);
  });

  it.for<[string, Bytes]>([
    ["nothing", bytes()],
    ["an OBU of another type", bytes(0x12, 3, 7, 8, 9)],
    ["a forbidden bit", bytes(0xb0, 7, 8, 9)],
    ["a size that is too large", bytes(0x32, 4, 7, 8, 9)],
    ["a size that leaves something behind", bytes(0x32, 2, 7, 8, 9)],
    ["a size without an end", bytes(0x32, ...Array<number>(12).fill(0x80))],
    ["a size that is cut off", bytes(0x32, 0x80)],
    ["an extension that is cut off", bytes(0x34)],
  ])("is not %s", ([, frame]) => {
    expect(unwrap("av1", frame)).toBeNull();
  });

  it("comes off any bytes without a throw, and never past their end", () => {
    let unwrapped = 0;
    for (const frame of randomBytes(50_000, 24)) {
      if (frame.length > 0) frame[0] = ((frame[0] ?? 0) & 0x07) | 0x30;
      const found = unwrap("av1", frame);
      if (!found) continue;
      unwrapped++;
      const end = found.sframe.byteOffset + found.sframe.length;
      if (end !== frame.length) expect.fail(`ends at ${end} of ${frame.length}`);
    }
    expect(unwrapped).toBeGreaterThan(5_000);
  });
});
