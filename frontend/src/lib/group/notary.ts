import type { Credential as LeafCredential } from "ts-mls";
import { constantTimeEqual } from "ts-mls/util/constantTimeCompare.js";
import { toBase64url } from "../base64url";
import { type Credential, readCredential, type Site } from "./credential";

interface Verified {
  readonly credential: Credential;
  readonly key: Uint8Array;
}

/**
 * Notary verifies the credentials of leaves, and remembers those it has verified:
 * every leaf is looked at with every commit. Whether one has expired is asked apart.
 */
export class Notary {
  readonly #verified = new WeakMap<LeafCredential, Verified>();
  readonly #site: Site;
  readonly #now: () => number;

  constructor(site: Site, now: () => number) {
    this.#site = site;
    this.#now = now;
  }

  /** read says whose a leaf with this signature key is; null when its credential does not prove it. */
  async read(of: LeafCredential, key: Uint8Array): Promise<Credential | null> {
    const known = this.#verified.get(of);
    if (known) return constantTimeEqual(known.key, key) ? known.credential : null;
    if (of.credentialType !== "basic") return null;
    const jws = new TextDecoder("latin1").decode(of.identity);
    const credential = await readCredential(jws, this.#site);
    if (credential?.key !== toBase64url(key)) return null;
    this.#verified.set(of, { credential, key });
    return credential;
  }

  expired({ expires }: Credential): boolean {
    return this.#now() >= expires;
  }
}
