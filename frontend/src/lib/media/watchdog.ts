/**
 * Look is one comparison of a line: how many frames the browser has encoded, and
 * how many the worker had in hand just before and just after that was asked.
 */
export interface Look {
  readonly encoded: number;
  readonly before: number;
  readonly after: number;
}

/** Gap is by how much the encoded frames run ahead of those that the worker had. */
export interface Gap {
  /** the smallest lead that was ever certain, for browsers may count less than the worker */
  readonly base: number;
  readonly size: number;
  /** in how many looks in a row it was too wide and grew, but for those that tell nothing */
  readonly grown: number;
  /** what was encoded at the last look */
  readonly encoded: number;
}

export const noGap: Gap = { base: 0, size: 0, grown: 0, encoded: 0 };

/** Limits are what may lie between encoder and worker without harm. */
export interface Limits {
  /** on its way at once */
  readonly inFlight: number;
  /** never meant for the worker, in a second */
  readonly stray: number;
}

/** Of sound, browsers count the empty packets they send as padding. */
export const limits: Readonly<Record<"audio" | "video", Limits>> = {
  audio: { inFlight: 30, stray: 5 },
  video: { inFlight: 10, stray: 0 },
};

const mostGrown = 2;

/** widen compares once more. The gap is never made wider by what only looks so. */
export function widen(gap: Gap, { encoded, before, after }: Look, limit: Limits): Gap {
  const base = gap.base + limit.stray;
  const size = encoded - after - base;
  const wide = size > limit.inFlight;
  // Of a voice that pauses next to nothing is encoded: no gap can grow meanwhile.
  const pauses = wide && encoded - gap.encoded <= limit.stray;
  const grows = wide && size > gap.size;
  return {
    base: Math.min(base, encoded - before),
    size,
    grown: grows ? gap.grown + 1 : pauses ? gap.grown : 0,
    encoded,
  };
}

/** apart: more lies between encoder and worker than can be on its way. */
export function apart({ size }: Gap, { inFlight }: Limits): boolean {
  return size > inFlight;
}

/** unguarded: frames go around the worker, or it cannot keep up. */
export function unguarded({ grown }: Gap): boolean {
  return grown >= mostGrown;
}
