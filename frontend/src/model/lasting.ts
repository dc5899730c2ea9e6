/** Since is when each of some ids was first seen, in milliseconds. */
export type Since = ReadonlyMap<string, number>;

/** seen keeps the time of those who are still there, and gives the new ones theirs. */
export function seen(before: Since, ids: readonly string[], now: number): Since {
  return new Map(ids.map((id) => [id, before.get(id) ?? now]));
}

/** lasting are those who have been there for some time. */
export function lasting(since: Since, now: number, patience: number): readonly string[] {
  return [...since].filter(([, first]) => now - first >= patience).map(([id]) => id);
}

/** nextLasting is in how many milliseconds another one will have been; null for never. */
export function nextLasting(since: Since, now: number, patience: number): number | null {
  const rests = [...since.values()].map((first) => patience - (now - first)).filter((r) => r > 0);
  return rests.length > 0 ? Math.min(...rests) : null;
}
