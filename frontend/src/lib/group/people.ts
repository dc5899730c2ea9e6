import { database } from "../database";
import type { Member } from "./view";

/** Met is what this device remembers of somebody. */
export type Met =
  /** the same key as the last time */
  | "met"
  /** neither the key nor the name */
  | "new"
  /** the name, with another key */
  | "changed";

interface Remembered {
  readonly key: string;
}

/**
 * met tells what the device remembers of a member, and remembers them. A person
 * is known by their key; a name says only whom a key claimed to belong to. Only
 * hashes are kept, so that the database is no address book.
 */
export async function met({ key, name, org, guest }: Member): Promise<Met> {
  const byKey = `key ${await digest(key)}`;
  const byName = `name ${await digest(`${guest ? "" : org}\n${name.normalize("NFC").toLowerCase()}`)}`;
  const known = await database.get<Remembered>("people", byKey);
  const named = await database.get<Remembered>("people", byName);
  const now: Remembered = { key: byKey };
  await database.put("people", byKey, now);
  await database.put("people", byName, now);
  if (known) return "met";
  return named ? "changed" : "new";
}

async function digest(text: string): Promise<string> {
  const hash = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`conclave people v1\n${text}`)),
  );
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
