import type { Bytes } from "./bytes";
import { derive, type Key, seal } from "./cipher";
import { encodeHeader } from "./header";
import { kidOf, type Origin } from "./kid";

/** Plain is what is to be sealed. What depends on its own SFrame header, as a signature over it does, is made from it. */
type Plain = Bytes | ((header: Bytes) => Promise<Bytes>);

/** How much one key may seal, far below what AES-GCM bears and far above what a meeting takes. */
const mostSealed = 2 ** 32;

/** Sealer seals with one key, and counts. Only Sealers make one. */
class Sealer {
  readonly #key: Key;
  readonly #most: number;
  #counter = 0;

  constructor(key: Key, most: number) {
    this.#key = key;
    this.#most = most;
  }

  /** seal gives prefix | SFrame. A counter is spent even when sealing fails. */
  async seal(plain: Plain, metadata: Bytes, prefix?: Bytes): Promise<Bytes> {
    if (this.#counter >= this.#most) throw new RangeError("this key has sealed all it may");
    const counter = BigInt(this.#counter++);
    const header = encodeHeader(this.#key.kid, counter);
    const body = typeof plain === "function" ? await plain(header) : plain;
    return seal(this.#key, { header, counter }, body, metadata, prefix);
  }
}

export type { Sealer };

/**
 * Sealers makes the sealers of one sender. To seal twice with one counter under
 * one key gives the key away, so in each epoch a context gets one sealer, and
 * epochs only go forward.
 */
export class Sealers {
  readonly #most: number;
  readonly #made = new Set<bigint>();
  #epoch = -1;

  constructor(most = mostSealed) {
    this.#most = most;
  }

  /** make rejects for a key id that has a sealer already, or is of an epoch gone by. */
  async make(base: CryptoKey | Promise<CryptoKey>, origin: Origin): Promise<Sealer> {
    const kid = kidOf(origin);
    if (origin.epoch < this.#epoch) throw new RangeError("an epoch gone by");
    if (origin.epoch > this.#epoch) this.#made.clear();
    this.#epoch = origin.epoch;
    if (this.#made.has(kid)) throw new RangeError("this key id has a sealer");
    this.#made.add(kid);
    return new Sealer(await derive(await base, kid), this.#most);
  }
}
