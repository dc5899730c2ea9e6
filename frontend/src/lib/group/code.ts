/** Code is what people compare, to know that all of them are in the same group. */
export interface Code {
  /** six groups of five digits */
  readonly code: readonly string[];
  /** six numbers from 0 to 63, for a first look */
  readonly pictures: readonly number[];
}

/** The exporter's label and length. */
export const codeLabel = "conclave verification code v1";
export const codeLength = 32;

const groups = 6;
const groupLength = 5;

/** codeOf reads six groups from exported bytes (docs/e2ee.md, The code to compare). */
export function codeOf(bytes: Uint8Array): Code {
  const parts = Array.from({ length: groups }, (_, i) =>
    bytes.subarray(i * groupLength, (i + 1) * groupLength),
  );
  // 40 bits: well within what a number holds.
  const number = (part: Uint8Array) => part.reduce((sum, byte) => sum * 256 + byte, 0);
  return {
    code: parts.map((part) => String(number(part) % 100_000).padStart(5, "0")),
    pictures: parts.map(([first = 0]) => first >> 2),
  };
}
