import type { SlotWish, Source } from "../lib/wire.gen";

/** Slot is one receive line of the offer, and whose picture it is meant to hold. */
export interface Slot {
  readonly mid: string;
  readonly pool: Pool;
  readonly wish: Wanted | null;
  /** whose picture it held last, so that a person comes back to their slot */
  readonly last: string;
}

/** A share and a face never compete for one slot. */
export type Pool = "screen" | "camera";

/** Wanted is one picture that is to be seen, at about height pixels. */
export interface Wanted {
  readonly participant: string;
  readonly source: Source;
  readonly height: number;
}

export function emptySlot(mid: string, pool: Pool): Slot {
  return { mid, pool, wish: null, last: "" };
}

/** keyOf names a picture. */
export function keyOf(wanted: Pick<Wanted, "participant" | "source">): string {
  return `${wanted.participant}/${wanted.source}`;
}

/**
 * assign gives every wanted picture a slot. A picture keeps its slot for as
 * long as it is wanted; a new one takes the slot it had before, else one that
 * was never used, else any free one. What finds no slot is not shown.
 */
export function assign(slots: readonly Slot[], wanted: readonly Wanted[]): readonly Slot[] {
  const open = new Map(wanted.map((w) => [keyOf(w), w]));
  const kept = slots.map((slot) => {
    const still = slot.wish && open.get(keyOf(slot.wish));
    if (still) open.delete(keyOf(still));
    return { ...slot, wish: still ?? null };
  });
  for (const [key, wish] of open) {
    const at = vacancy(kept, poolOf(wish), key);
    const slot = kept[at];
    if (slot) kept[at] = { ...slot, wish, last: key };
  }
  return kept;
}

/** wishes is what the server is told: the slots in use, in the order of the offer. */
export function wishes(slots: readonly Slot[]): readonly SlotWish[] {
  return slots.flatMap((slot) => (slot.wish ? [{ mid: slot.mid, ...slot.wish }] : []));
}

function poolOf(wanted: Wanted): Pool {
  return wanted.source === "screen" ? "screen" : "camera";
}

function vacancy(slots: readonly Slot[], pool: Pool, key: string): number {
  const free = (slot: Slot) => slot.pool === pool && slot.wish === null;
  const before = slots.findIndex((slot) => free(slot) && slot.last === key);
  if (before >= 0) return before;
  const fresh = slots.findIndex((slot) => free(slot) && slot.last === "");
  return fresh >= 0 ? fresh : slots.findIndex(free);
}
