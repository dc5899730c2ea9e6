/** protocol is the v of every message between this page and the one around it. */
export const protocol = 1;

/** longest is how long a message may be as JSON, in characters. Longer ones are not read. */
const longest = 4096;

/** Wishes are what the page around this one wants of it, from the handshake. */
export interface Wishes {
  readonly displayName: string;
  readonly lang: string;
  readonly jwt: string;
  /** "#rrggbb" in small letters, or "" */
  readonly accent: string;
}

export const noWishes: Wishes = { displayName: "", lang: "", jwt: "", accent: "" };

/** Fields are what somebody else's object has itself. */
export type Fields = ReadonlyMap<string, unknown>;

/** Incoming is a message that can be read. */
export type Incoming =
  | { readonly is: "hello"; readonly nonce: string; readonly wishes: Wishes }
  | { readonly is: "command"; readonly id: number; readonly name: string; readonly args: Fields };

const longestName = 100;
const deepest = 4;
const none: Fields = new Map();

/** read makes sense of what came, or null: of another version, too long, or no message at all. */
export function read(data: unknown): Incoming | null {
  if (weigh(data, longest) < 0) return null;
  const message = fieldsOf(data);
  if (message?.get("v") !== protocol) return null;
  const nonce = message.get("hello");
  if (nonce !== undefined) {
    if (typeof nonce !== "string" || !/^[0-9a-f]{32}$/.test(nonce)) return null;
    return { is: "hello", nonce, wishes: wishesIn(fieldsOf(message.get("options")) ?? none) };
  }
  return commandIn(message);
}

function commandIn(message: Fields): Incoming | null {
  const [id, name, given] = [message.get("id"), message.get("command"), message.get("args")];
  const args = given === undefined ? none : fieldsOf(given);
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) return null;
  return typeof name === "string" && args ? { is: "command", id, name, args } : null;
}

/** What is not as it should be is left out: a colour in other words keeps nobody out of a meeting. */
function wishesIn(options: Fields): Wishes {
  const accent = textIn(fieldsOf(options.get("theme")) ?? none, "accent", 7).toLowerCase();
  return {
    displayName: plainText(textIn(options, "displayName", longestName)),
    lang: textIn(options, "lang", 35),
    jwt: textIn(options, "jwt", longest),
    accent: /^#[0-9a-f]{6}$/.test(accent) ? accent : "",
  };
}

/** textIn is a text of at most so many characters, or "". */
export function textIn(fields: Fields, name: string, most: number): string {
  const value = fields.get(name);
  return typeof value === "string" && value.length <= most ? value : "";
}

// Control characters, and those that turn the direction of all the text behind them.
const unseen = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** plainText is a text without what plays tricks on who reads it, and not too long. */
export function plainText(text: string, most = longestName): string {
  return [...text.replace(unseen, "").trim()].slice(0, most).join("");
}

/** fieldsOf are those of a plain object with nothing in it that runs; null for anything else. */
function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== "object" || value === null) return null;
  if (Object.getPrototypeOf(value) !== Object.prototype) return null;
  const found = Object.entries(Object.getOwnPropertyDescriptors(value));
  if (found.some(([, { get, set }]) => get || set)) return null;
  return new Map(found.map(([name, descriptor]) => [name, descriptor.value]));
}

/**
 * weigh is what is left of so many characters after value as JSON, less than 0 when
 * that is too long. No message has lists in it. It stops as soon as nothing is left.
 */
function weigh(value: unknown, most: number, depth = 0): number {
  if (typeof value === "string") return most - value.length - 2;
  if (typeof value === "number" || typeof value === "boolean") return most - 5;
  if (value === undefined || value === null) return most - 4;
  const fields = depth < deepest ? fieldsOf(value) : null;
  if (!fields) return -1;
  let left = most - 2;
  for (const [name, one] of fields) {
    left = weigh(one, left - name.length - 4, depth + 1);
    if (left < 0) return left;
  }
  return left;
}
