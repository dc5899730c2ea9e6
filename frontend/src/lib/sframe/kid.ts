/** contexts keep apart what one member sends (docs/e2ee.md, Media). */
export const contexts = {
  microphone: 0,
  camera: 1,
  screen: 2,
  screen_audio: 3,
  message: 4,
} as const;

/** Origin is what a key id says: who sealed this, as what, in which epoch. */
export interface Origin {
  readonly context: number;
  readonly leaf: number;
  /** the epoch's low eight bits */
  readonly epoch: number;
}

const mostLeaves = 1 << 16;
const mostContexts = 5;

/** kidOf is the key id of an origin; epoch may be the whole one. */
export function kidOf({ context, leaf, epoch }: Origin): bigint {
  if (!within(context, mostContexts) || !within(leaf, mostLeaves) || !within(epoch, 2 ** 53)) {
    throw new RangeError("not an origin");
  }
  return BigInt(context * 2 ** 24 + leaf * 256 + (epoch % 256));
}

/** originOf reads a key id; null for one that is not of this layout. */
export function originOf(kid: bigint): Origin | null {
  if (kid >= BigInt(mostContexts) << 24n) return null;
  const value = Number(kid);
  return { context: value >>> 24, leaf: (value >>> 8) & 0xffff, epoch: value & 0xff };
}

function within(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}
