/** Content is what a share is sent as: of text every letter is sharp, motion is smooth. */
export type Content = "text" | "motion";

/** ContentChoice is what the sharer says it is; auto leaves that to what is seen of it. */
export type ContentChoice = "auto" | Content;

/** What a picture of text costs that is sharp, in bits: no encoder makes it much less. */
const pictureBits = 150_000;
const paces = [30, 20, 15, 10, 7, 5, 3, 2] as const;

/** fastest is the pace of a line that one knows nothing of. */
export const fastest = paces[0];

/**
 * pace is how many pictures of text a second go through a line of so many bits a
 * second. More would wait for each other, and the last, which is to be read, longest.
 */
export function pace(bits: number): number {
  return paces.find((rate) => rate * pictureBits <= bits) ?? 2;
}

/** Movement is what a share did for a while. */
export interface Movement {
  readonly ms: number;
  /** that the screen gave, of those that it was asked for */
  readonly frames: number;
  /** how many those were, a second */
  readonly pace: number;
  readonly bytes: number;
  /** bits a second that the line had for them; null where the browser does not say */
  readonly target: number | null;
}

/** Verdict is what a share was found to be, and for how long it has looked like the other. */
export interface Verdict {
  readonly content: Content;
  readonly doubt: number;
}

export const innocent: Verdict = { content: "text", doubt: 0 };

/** Of a film most pictures are new, and together they want what the line has, and more. */
const film = { part: 0.7, rate: 14, share: 0.4, bytes: 1_500 };
/** Less than this is none any more: so little becomes of a picture that is like the last. */
const still = { rate: 5, bytes: 150 };
/** A scroll is over sooner; and what stands still is to be read soon. */
const patience = { text: 4_000, motion: 1_000 };

/** judge sees a while more of a share. */
export function judge({ content, doubt }: Verdict, seen: Movement): Verdict {
  const contrary = content === "text" ? isFilm(seen) : isStill(seen);
  if (!contrary) return { content, doubt: 0 };
  if (doubt + seen.ms < patience[content]) return { content, doubt: doubt + seen.ms };
  return { content: content === "text" ? "motion" : "text", doubt: 0 };
}

function isFilm({ ms, frames, pace: asked, bytes, target }: Movement): boolean {
  if (frames * 1_000 < film.part * Math.min(asked, film.rate) * ms) return false;
  return target === null ? bytes >= frames * film.bytes : bytes * 8_000 >= film.share * target * ms;
}

function isStill({ ms, frames, bytes }: Movement): boolean {
  return frames * 1_000 < still.rate * ms || bytes < frames * still.bytes;
}
