import type { Bytes } from "./bytes";

/** Header is what stands in the clear before each ciphertext (RFC 9605 §4.3). */
export interface Header {
  readonly kid: bigint;
  readonly counter: bigint;
  /** in bytes */
  readonly length: number;
}

const most = (1n << 64n) - 1n;

export function encodeHeader(kid: bigint, counter: bigint): Bytes {
  const kidSize = sizeOf(kid);
  const counterSize = sizeOf(counter);
  const header = new Uint8Array(1 + kidSize + counterSize);
  header[0] = (configOf(kid, kidSize) << 4) | configOf(counter, counterSize);
  write(header, 1, kid, kidSize);
  write(header, 1 + kidSize, counter, counterSize);
  return header;
}

/** decodeHeader reads the header at the start of bytes; null when there is none. */
export function decodeHeader(bytes: Uint8Array): Header | null {
  const [config] = bytes;
  if (config === undefined) return null;
  const kidSize = extraOf(config >> 4);
  const kid = read(bytes, 1, config >> 4);
  const counter = read(bytes, 1 + kidSize, config & 15);
  if (kid === null || counter === null) return null;
  return { kid, counter, length: 1 + kidSize + extraOf(config & 15) };
}

/** sizeOf is how many bytes a value takes after the config byte; small ones take none. */
function sizeOf(value: bigint): number {
  if (value < 0n || value > most) throw new RangeError("not a number of 64 bits");
  if (value < 8n) return 0;
  let size = 1;
  for (let rest = value >> 8n; rest > 0n; rest >>= 8n) size++;
  return size;
}

function configOf(value: bigint, size: number): number {
  return size === 0 ? Number(value) : 8 | (size - 1);
}

function extraOf(config: number): number {
  return config & 8 ? (config & 7) + 1 : 0;
}

function write(header: Uint8Array, at: number, value: bigint, size: number): void {
  let rest = value;
  for (let i = at + size - 1; i >= at; i--) {
    header[i] = Number(rest & 255n);
    rest >>= 8n;
  }
}

/** Each value has one encoding, the shortest: a longer one is refused, as the RFC asks of senders. */
function read(bytes: Uint8Array, at: number, config: number): bigint | null {
  const size = extraOf(config);
  if (size === 0) return BigInt(config & 7);
  if (at + size > bytes.length) return null;
  let value = 0n;
  for (const byte of bytes.subarray(at, at + size)) value = (value << 8n) | BigInt(byte);
  return sizeOf(value) === size ? value : null;
}
