import type { LeafNode } from "ts-mls";
import type { Node, RatchetTree } from "ts-mls/ratchetTree.js";
import type { Credential } from "./credential";
import type { Notary } from "./notary";
import type { Identity, Member } from "./view";

/**
 * Roster is who is in the group, by leaf. All of it comes from verified
 * credentials, and nothing from the server.
 */
export class Roster {
  readonly #leaves: ReadonlyMap<number, Credential>;

  constructor(leaves: ReadonlyMap<number, Credential>) {
    this.#leaves = leaves;
  }

  members(): Member[] {
    return [...this.#leaves].map(([leaf, credential]) => ({ ...identityOf(credential), leaf }));
  }

  at(leaf: number): Credential | undefined {
    return this.#leaves.get(leaf);
  }

  leafOfKey(key: string): number | undefined {
    return this.#leafWhere((one) => one.key === key);
  }

  leafOfParticipant(participant: string): number | undefined {
    return this.#leafWhere((one) => one.participant === participant);
  }

  #leafWhere(is: (one: Credential) => boolean): number | undefined {
    for (const [leaf, credential] of this.#leaves) if (is(credential)) return leaf;
    return undefined;
  }
}

/** identityOf leaves out of a credential what only the group needs. */
export function identityOf({ jws: _, seal: __, expires: ___, ...identity }: Credential): Identity {
  return identity;
}

/**
 * readRoster verifies the credential of every leaf, and that no participant and
 * no key is there twice (RFC 9420 §7.3; ts-mls looks at that only in part). Null
 * when something is wrong.
 */
export async function readRoster(tree: RatchetTree, notary: Notary): Promise<Roster | null> {
  const leaves = new Map<number, Credential>();
  const once = new Set<string>();
  for (const [index, node] of tree.entries()) {
    if (node === undefined) continue;
    const key = encryptionKey(node);
    if (key.length !== 32 || !single(once, `encryption ${String.fromCharCode(...key)}`))
      return null;
    if (node.nodeType === "parent") continue;
    const credential = await readLeaf(node.leaf, notary);
    if (!credential || !single(once, `participant ${credential.participant}`)) return null;
    if (!single(once, `signature ${credential.key}`)) return null;
    leaves.set(index / 2, credential);
  }
  return new Roster(leaves);
}

/** readLeaf verifies the credential of one leaf. */
export function readLeaf(leaf: LeafNode, notary: Notary): Promise<Credential | null> {
  return notary.read(leaf.credential, leaf.signaturePublicKey);
}

function encryptionKey(node: Node): Uint8Array {
  return node.nodeType === "parent" ? node.parent.hpkePublicKey : node.leaf.hpkePublicKey;
}

function single(once: Set<string>, name: string): boolean {
  if (once.has(name)) return false;
  once.add(name);
  return true;
}
