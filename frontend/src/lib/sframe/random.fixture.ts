import type { Bytes } from "./bytes";

/** randomBytes gives many short strings of bytes, the same ones in every run. */
export function* randomBytes(count: number, longest: number): Generator<Bytes> {
  let state = 1;
  const next = (end: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
  for (let i = 0; i < count; i++) {
    yield Uint8Array.from({ length: next(longest) }, () => next(256));
  }
}
