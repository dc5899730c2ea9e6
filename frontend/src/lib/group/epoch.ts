import type { ClientState } from "ts-mls";
import type { RatchetTree } from "ts-mls/ratchetTree.js";
import type { Rules } from "../wire.gen";
import { readRules } from "./extensions";
import type { Notary } from "./notary";
import { Refused } from "./refused";
import { type Roster, readRoster } from "./roster";

/** Epoch is the group between two commits, read and found sound. */
export interface Epoch {
  readonly state: ClientState;
  readonly roster: Roster;
  readonly rules: Rules;
}

/** readEpoch looks at a new state before it becomes ours. */
export async function readEpoch(state: ClientState, notary: Notary): Promise<Epoch> {
  const roster = await readRoster(state.ratchetTree, notary);
  if (!roster) throw new Refused("broken", "verify the members");
  const rules = readRules(state.groupContext.extensions);
  if (!rules) throw new Refused("broken", "read the rules");
  return { state: slim(state), roster, rules };
}

/**
 * slim forgets what is of no use any more: earlier epochs, which only private
 * messages need, and private keys of nodes that are blank now.
 */
function slim(state: ClientState): ClientState {
  const { ratchetTree, privatePath } = state;
  return {
    ...state,
    historicalReceiverData: new Map(),
    privatePath: { ...privatePath, privateKeys: keysInUse(privatePath.privateKeys, ratchetTree) },
  };
}

function keysInUse(keys: Record<number, Uint8Array>, tree: RatchetTree) {
  return Object.fromEntries(
    Object.entries(keys).filter(([node]) => tree[Number(node)] !== undefined),
  );
}
