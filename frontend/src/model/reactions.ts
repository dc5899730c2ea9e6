import type { Reaction } from "../lib/group/view";
import { talk as words } from "../text/talk";

/** signs are what there is to react with; their places are their numbers on the wire (docs/e2ee.md). */
export const signs = ["👍", "❤️", "😂", "👏", "🎉"] as const;

/** Given is a sign somebody gave, and when. */
interface Given {
  readonly sign: number;
  /** Unix time in milliseconds */
  readonly at: number;
}

/** Reactions are the signs that are seen now, by who gave them: the newest of each. */
export type Reactions = ReadonlyMap<string, Given>;

export const noReactions: Reactions = new Map();

const seen = 4_000;
/** Nobody gives signs faster than that, whatever their page sends. */
const pace = 500;

/** reacted takes in a sign. One that is unknown, or comes too soon after another, changes nothing. */
export function reacted(before: Reactions, { from, sign }: Reaction, at: number): Reactions {
  const last = before.get(from)?.at ?? 0;
  if (signs[sign] === undefined || at - last < pace) return before;
  return new Map(before).set(from, { sign, at });
}

/** fading drops what has been seen long enough. */
export function fading(before: Reactions, now: number): Reactions {
  return new Map([...before].filter(([, { at }]) => now - at < seen));
}

/** fadesIn is in how many milliseconds the next sign has been seen; null when none is. */
export function fadesIn(reactions: Reactions, now: number): number | null {
  const ends = [...reactions.values()].map(({ at }) => at + seen - now);
  return ends.length > 0 ? Math.max(0, Math.min(...ends)) : null;
}

/** signOf is what somebody shows now; "" for nothing. */
export function signOf(reactions: Reactions, id: string): string {
  const given = reactions.get(id);
  return (given && signs[given.sign]) ?? "";
}

/** reactionWords says the signs of some people in one sentence, however many there are. */
export function reactionWords(given: readonly { name: string; sign: number }[]): string {
  const [first] = given;
  if (!first) return "";
  if (given.length > 1) return words.reactedMany(given.length);
  return words.reacted(first.name, words.signs[first.sign] ?? "");
}
