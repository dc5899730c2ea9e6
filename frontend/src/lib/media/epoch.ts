import type { Bytes } from "../sframe/bytes";
import { baseKeySize, importBase } from "../sframe/cipher";

/** EpochKeys is what the group's worker says on the port when an epoch begins. */
export interface EpochKeys {
  readonly epoch: number;
  /** 16 bytes; wiped by who receives them */
  readonly baseKey: Uint8Array;
  /** one's own leaf */
  readonly self: number;
  /** all current leaves */
  readonly leaves: readonly number[];
  /** the leaves that the commit removed; one may be somebody else's by now */
  readonly removed: readonly number[];
  /** somebody was removed: the old epoch is left at once */
  readonly urgent: boolean;
}

/** KeyMessage is anything that comes over that port. */
export type KeyMessage =
  | EpochKeys
  /** this browser follows the group no further: nothing is sent or shown any more */
  | { readonly over: true };

/** Epoch is an epoch of the group whose base key WebCrypto keeps, and nobody can read any more. */
export interface Epoch extends Omit<EpochKeys, "baseKey"> {
  readonly base: Promise<CryptoKey>;
}

/** take imports the base key and wipes its bytes. It throws when there is none. */
export function take({ baseKey, ...rest }: EpochKeys): Epoch {
  if (baseKey.length !== baseKeySize) throw new RangeError("not a base key");
  const bytes: Bytes = new Uint8Array(baseKey);
  const base = importBase(bytes);
  // Whoever uses it hears of a failure; nobody else needs to.
  base.catch(() => {});
  bytes.fill(0);
  baseKey.fill(0);
  return { ...rest, base };
}
