import type { Proposal } from "ts-mls";
import type { Commit } from "ts-mls/commit.js";
import type { Door, Rules } from "../wire.gen";
import type { Credential } from "./credential";
import { readRules } from "./extensions";
import type { Notary } from "./notary";
import { doorOf } from "./psk";
import { readLeaf } from "./roster";

/** Change is what a commit does, in our words. */
export interface Change {
  /** the committer's leaf */
  readonly by: number;
  readonly add: readonly Credential[];
  /** by which pre-shared keys */
  readonly doors: readonly Door[];
  /** leaves */
  readonly remove: readonly number[];
  readonly rules: Rules | null;
  /** whom the committer says to be, when the commit renews their leaf */
  readonly renewed: Credential | null;
}

/**
 * readChange reads a commit as far as our rules allow it at all: proposals in
 * full, of four kinds, and of every added leaf a credential that verifies and has
 * not expired. Null for any other.
 */
export async function readChange(
  by: number,
  { proposals, path }: Commit,
  notary: Notary,
): Promise<Change | null> {
  const change: Draft = { by, add: [], doors: [], remove: [], rules: null, renewed: null };
  for (const one of proposals) {
    if (one.proposalOrRefType !== "proposal") return null;
    if (!(await note(one.proposal, change, notary))) return null;
  }
  if (!path) return change;
  change.renewed = await readLeaf(path.leafNode, notary);
  return change.renewed && change;
}

type Draft = { -readonly [field in keyof Change]: Change[field] } & {
  readonly add: Credential[];
  readonly doors: Door[];
  readonly remove: number[];
};

async function note(proposal: Proposal, change: Draft, notary: Notary): Promise<boolean> {
  switch (proposal.proposalType) {
    case "add": {
      if (!("add" in proposal)) return false;
      const credential = await readLeaf(proposal.add.keyPackage.leafNode, notary);
      if (!credential || notary.expired(credential)) return false;
      return change.add.push(credential) > 0;
    }
    case "psk": {
      const door = "psk" in proposal ? doorOf(proposal.psk.preSharedKeyId) : null;
      return door !== null && change.doors.push(door) > 0;
    }
    case "remove":
      return "remove" in proposal && change.remove.push(proposal.remove.removed) > 0;
    case "group_context_extensions":
      if (!("groupContextExtensions" in proposal) || change.rules) return false;
      change.rules = readRules(proposal.groupContextExtensions.extensions);
      return change.rules !== null;
    default:
      return false;
  }
}
