import { type Database, database, type StoreName } from "./database";

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

/**
 * Vault keeps secrets on this device and nowhere else, each sealed with an AES
 * key that the browser never gives out: so a secret does not lie readable in the
 * profile, and a script that copies the store has nothing. A script that runs in
 * the page can still ask this file. Where the device remembers nothing they last
 * as long as the page.
 */
export class Vault {
  readonly #store: StoreName;
  readonly #db: Database;
  readonly #memory = new Map<string, string>();

  constructor(store: StoreName, db: Database) {
    this.#store = store;
    this.#db = db;
  }

  /** get returns the secret of that name as this device knows it; null when it does not. */
  async get(name: string): Promise<string | null> {
    const here = this.#memory.get(name);
    if (here !== undefined) return here;
    const key = await this.#db.get<CryptoKey>("wrapping", this.#store);
    const sealed = await this.#db.get<Sealed>(this.#store, name);
    return key && sealed ? unseal(key, name, sealed).catch(() => null) : null;
  }

  /** keep remembers a secret. What cannot be stored is kept as long as the page. */
  async keep(name: string, secret: string): Promise<void> {
    this.#memory.set(name, secret);
    const key = await this.#wrapping();
    const stored = key && (await this.#db.put(this.#store, name, await seal(key, name, secret)));
    if (stored) this.#memory.delete(name);
  }

  async forget(name: string): Promise<void> {
    this.#memory.delete(name);
    await this.#db.remove(this.#store, name);
  }

  /** clear forgets all of them, and the key they were sealed with. */
  async clear(): Promise<void> {
    this.#memory.clear();
    await this.#db.clear(this.#store);
    await this.#db.remove("wrapping", this.#store);
  }

  /** #wrapping makes the key once. Of two tabs that do so at a time, the first wins. */
  async #wrapping(): Promise<CryptoKey | undefined> {
    const kept = await this.#db.get<CryptoKey>("wrapping", this.#store);
    if (kept) return kept;
    await this.#db.add("wrapping", this.#store, await newWrappingKey());
    return this.#db.get<CryptoKey>("wrapping", this.#store);
  }
}

/** links are the secrets of invite links, by the meeting's number. */
export const links = new Vault("links", database);

/** seal binds a secret to its name, so that no two can be swapped in the store. */
export async function seal(key: CryptoKey, name: string, secret: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(secret);
  return { iv, sealed: await crypto.subtle.encrypt(parameters(iv, name), key, text) };
}

/** unseal throws when the sealed secret is not that name's. */
export async function unseal(key: CryptoKey, name: string, { iv, sealed }: Sealed) {
  return new TextDecoder().decode(await crypto.subtle.decrypt(parameters(iv, name), key, sealed));
}

export function newWrappingKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function parameters(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}
