/** Plain is what a message may hold: nothing that runs, and nothing that refers to something. */
export type Plain = string | number | boolean | null | readonly Plain[] | PlainRecord;
export interface PlainRecord {
  readonly [key: string]: Plain;
}

const longestText = 500; // characters; a name has 100, a sentence more
const longestList = 2000; // as many people as a meeting can have
const mostKeys = 20;

// What a name could play tricks with: control characters, and those that turn the
// direction of all the text behind them.
const unseen = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/**
 * plain is a copy of what the other end sent, with all left out that does not belong
 * into a message: other types, long lists, keys that are no words or that every object
 * has. undefined: nothing is left. Below depth 0 there are no lists and records.
 */
export function plain(value: unknown, depth = 3): Plain | undefined {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "string") return text(value);
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.slice(0, longestList).flatMap((v) => some(v, depth - 1));
  return isRecord(value) ? record(value, depth) : undefined;
}

/** record is plain for what has to be an object. */
export function record(value: unknown, depth = 3): PlainRecord {
  if (!isRecord(value)) return {};
  const kept = Object.entries(value)
    .filter(([key]) => isWord(key))
    .slice(0, mostKeys)
    .flatMap(([key, v]) => some(v, depth - 1).map((p) => [key, p] as const));
  return Object.fromEntries(kept);
}

/** words is a list of names of commands or events, as the other end has sent it. */
export function words(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, 200) : [];
  return list.filter((v) => typeof v === "string").filter(isWord);
}

/** own reads what an object has itself, whatever somebody has done to all objects. */
export function own(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWord(key: string): boolean {
  return /^[a-z][a-zA-Z]{0,39}$/.test(key) && !(key in Object.prototype);
}

function some(value: unknown, depth: number): Plain[] {
  const kept = plain(value, depth);
  return kept === undefined ? [] : [kept];
}

function text(value: string): string {
  return value.slice(0, longestText).replace(unseen, "");
}
