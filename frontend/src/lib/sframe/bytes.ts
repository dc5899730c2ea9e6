/** Bytes are what WebCrypto and frames take: no shared memory under them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const noBytes: Bytes = new Uint8Array(0);

/** join puts parts one behind the other. */
export function join(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
