import { type Bytes, noBytes } from "./bytes";

/** Codec is one that survives encryption in both browsers. */
export type Codec = "opus" | "vp8" | "vp9" | "av1";

const byName: Readonly<Record<string, Codec>> = {
  "audio/opus": "opus",
  "video/vp8": "vp8",
  "video/vp9": "vp9",
  "video/av1": "av1",
};

const marks: Readonly<Record<Codec, number>> = { opus: 1, vp8: 2, vp9: 3, av1: 4 };

/** codecOf reads a MIME type; null for one that must not be sent. */
export function codecOf(mimeType: string | undefined): Codec | null {
  const name = mimeType?.toLowerCase() ?? "";
  return Object.hasOwn(byName, name) ? (byName[name] ?? null) : null;
}

/** Wrapped is a frame on its way out: prefix in the clear, then the SFrame of body. */
export interface Wrapped {
  readonly prefix: Bytes;
  readonly metadata: Bytes;
  readonly body: Bytes;
}

/** Unwrapped is a frame that came in: clear stays before what the SFrame opens to. */
export interface Unwrapped {
  readonly clear: Bytes;
  readonly metadata: Bytes;
  readonly sframe: Bytes;
}

/**
 * wrap says what of a frame stays readable. VP8's packets are put together by
 * its first bytes, and AV1's are cut at OBUs, so there the ciphertext poses as
 * one: a sequence header on key frames, by which key frames are known, else a
 * frame. null for what is no frame of its codec.
 */
export function wrap(codec: Codec, frame: Bytes, key: boolean): Wrapped | null {
  if (codec === "av1") {
    const prefix = Uint8Array.of(key ? sequenceHeader : obuFrame);
    return { prefix, metadata: metadataOf(codec, prefix), body: frame };
  }
  const size = clearSize(codec, frame);
  if (frame.length < size) return null;
  const prefix = frame.subarray(0, size);
  return { prefix, metadata: metadataOf(codec, prefix), body: frame.subarray(size) };
}

/** unwrap takes apart what wrap and a sealer put together; null for anything else. */
export function unwrap(codec: Codec, frame: Bytes): Unwrapped | null {
  if (codec === "av1") return unwrapOBU(frame);
  const size = clearSize(codec, frame);
  if (frame.length < size) return null;
  const clear = frame.subarray(0, size);
  return { clear, metadata: metadataOf(codec, clear), sframe: frame.subarray(size) };
}

function metadataOf(codec: Codec, prefix: Bytes): Bytes {
  const metadata = new Uint8Array(1 + prefix.length);
  metadata[0] = marks[codec];
  metadata.set(prefix, 1);
  return metadata;
}

/** A VP8 key frame has its start code and size in the clear, too (RFC 6386 §9.1). */
function clearSize(codec: Codec, frame: Bytes): number {
  if (codec !== "vp8") return 0;
  const interframe = (frame[0] ?? 0) & 1;
  return interframe ? 3 : 10;
}

// OBU headers (AV1 specification §5.3.2), without extension and size.
const sequenceHeader = 0x08;
const obuFrame = 0x30;
const typeMask = 0x78;
const hasExtension = 0x04;
const hasSize = 0x02;
const forbidden = 0x80;

/** The depacketizer gives every OBU a size, and may have kept an extension; both go. */
function unwrapOBU(frame: Bytes): Unwrapped | null {
  const [first = forbidden] = frame;
  const type = first & typeMask;
  if (first & forbidden || (type !== sequenceHeader && type !== obuFrame)) return null;
  const at = first & hasExtension ? 2 : 1;
  const start = first & hasSize ? afterSize(frame, at) : at;
  if (start === null || start > frame.length) return null;
  const metadata = metadataOf("av1", Uint8Array.of(type));
  return { clear: noBytes, metadata, sframe: frame.subarray(start) };
}

/** afterSize reads a leb128 that must reach to the end of the frame: where it ends itself. */
function afterSize(frame: Bytes, at: number): number | null {
  let size = 0;
  for (let i = 0; i < 8; i++) {
    const byte = frame[at + i];
    if (byte === undefined) return null;
    size += (byte & 127) * 2 ** (7 * i);
    if (byte & 128) continue;
    const start = at + i + 1;
    return start + size === frame.length ? start : null;
  }
  return null;
}
