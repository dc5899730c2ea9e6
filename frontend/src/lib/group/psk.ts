import type { PreSharedKeyID, Proposal, PskIndex } from "ts-mls";
import type { Door } from "../wire.gen";

/** Psks are the pre-shared keys of a meeting, as far as they are known. */
export type Psks = { readonly [door in Door]?: Uint8Array };

export const pskLength = 32;
/** KDF.Nh of the suite: RFC 9420 §8.4 wants a nonce as long. */
const nonceLength = 32;

const doors: readonly Door[] = ["link", "password"];
const text = new TextEncoder();

/** doorOf tells which of the two keys an id names; null for any other id. */
export function doorOf(id: PreSharedKeyID): Door | null {
  if (id.psktype !== "external" || id.pskNonce.length !== nonceLength) return null;
  const named = new TextDecoder("latin1").decode(id.pskId);
  return doors.find((door) => door === named) ?? null;
}

export function pskProposal(door: Door): Proposal {
  const pskNonce = crypto.getRandomValues(new Uint8Array(nonceLength));
  const preSharedKeyId = { psktype: "external" as const, pskId: text.encode(door), pskNonce };
  return { proposalType: "psk", psk: { preSharedKeyId } };
}

/** Keyring finds the keys that ts-mls asks for, and remembers what it asked for. */
export class Keyring implements PskIndex {
  readonly asked: (Door | null)[] = [];
  readonly #psks: Psks;

  constructor(psks: Psks) {
    this.#psks = psks;
  }

  findPsk(id: PreSharedKeyID): Uint8Array | undefined {
    const door = doorOf(id);
    this.asked.push(door);
    return door ? this.#psks[door] : undefined;
  }
}
