/** What one device remembers of this site. */
const name = "conclave";
const stores = ["wrapping", "keys", "people", "links"] as const;
const patience = 2_000;

export type StoreName = (typeof stores)[number];

/**
 * Database is the browser's own for this site. Where there is none, as in some
 * private windows, or it is full or broken, nothing is remembered: reads find
 * nothing, writes say false, and neither throws.
 */
export class Database {
  readonly #factory: IDBFactory | undefined;

  constructor(factory: IDBFactory | undefined) {
    this.#factory = factory;
  }

  /** get returns what put kept under the key, or undefined. */
  async get<T>(store: StoreName, key: string): Promise<T | undefined> {
    let found: unknown;
    await this.#within(store, "readonly", (all) => {
      const request = all.get(key);
      request.onsuccess = () => {
        found = request.result;
      };
    });
    return found as T | undefined;
  }

  /** put tells true when it is on disk. */
  put(store: StoreName, key: string, value: unknown): Promise<boolean> {
    return this.#within(store, "readwrite", (all) => all.put(value, key));
  }

  /** add is put, but leaves alone what is there already. */
  add(store: StoreName, key: string, value: unknown): Promise<boolean> {
    return this.#within(store, "readwrite", (all) => all.add(value, key));
  }

  remove(store: StoreName, key: string): Promise<boolean> {
    return this.#within(store, "readwrite", (all) => all.delete(key));
  }

  clear(store: StoreName): Promise<boolean> {
    return this.#within(store, "readwrite", (all) => all.clear());
  }

  async #within(
    store: StoreName,
    mode: IDBTransactionMode,
    ask: (all: IDBObjectStore) => void,
  ): Promise<boolean> {
    let db: IDBDatabase | undefined;
    try {
      db = await opened(this.#factory);
      const transaction = db.transaction(store, mode, { durability: "strict" });
      const done = finished(transaction);
      ask(transaction.objectStore(store));
      await done;
      return true;
    } catch {
      return false;
    } finally {
      db?.close();
    }
  }
}

export const database = new Database(factory());

/** factory is guarded: there are browsers where touching it throws. */
function factory(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

function opened(factory: IDBFactory | undefined): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (!factory) throw new Error("no database here");
    const request = factory.open(name, 1);
    setTimeout(() => reject(new Error("the database does not open")), patience);
    request.onupgradeneeded = () => {
      for (const store of stores) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
