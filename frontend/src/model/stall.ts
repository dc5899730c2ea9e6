import type { Counters } from "../lib/media/engine";

/** Slots is what one look at the counters found, by mid. */
export type Counted = ReadonlyMap<string, Counters>;

/** stalled: packets come, but no picture is made of them. Browsers do not complain about that. */
export function stalled(before: Counters | undefined, after: Counters | undefined): boolean {
  if (!before || !after) return false;
  return after.packets > before.packets && after.frames === before.frames;
}
