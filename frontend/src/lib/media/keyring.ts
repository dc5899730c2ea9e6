import { derive } from "../sframe/cipher";
import { kidOf, type Origin } from "../sframe/kid";
import { Opener } from "../sframe/opener";
import type { Epoch } from "./epoch";

/** How long an epoch that was followed by another is still accepted. */
const graceTime = 5_000;
/** The current epoch and two before: with commits in quick succession a frame can be that late. */
const mostEpochs = 3;

/** Missing is why there is no opener. */
export type Missing =
  /** of an epoch that is still to come */
  | "unknown"
  /** of an epoch that is over, or was before this browser's first */
  | "old"
  /** of a leaf that is nobody's, was removed, or is one's own */
  | "stranger";

interface Kept {
  readonly epoch: Epoch;
  /** who may have sent in it */
  readonly leaves: Set<number>;
  /** by context and leaf */
  readonly openers: Map<number, Promise<Opener>>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** KeyRing holds what is accepted now: whose frames, of which epochs. */
export class KeyRing {
  /** the newest is last */
  #kept: Kept[] = [];
  #over = false;

  /** add takes a new epoch; one that is not newer than the last is refused. */
  add(epoch: Epoch): boolean {
    const last = this.#kept.at(-1);
    if (this.#over || (last && epoch.epoch <= last.epoch.epoch)) return false;
    for (const { leaves } of this.#kept) for (const leaf of epoch.removed) leaves.delete(leaf);
    const leaves = new Set(epoch.leaves);
    leaves.delete(epoch.self);
    if (last) last.timer = setTimeout(() => this.#forget(last), graceTime);
    this.#kept.push({ epoch, leaves, openers: new Map(), timer: undefined });
    for (const gone of this.#kept.slice(0, -mostEpochs)) this.#forget(gone);
    return true;
  }

  /** find gives the opener for an origin, and the whole number of its epoch. */
  find(origin: Origin): { readonly epoch: number; readonly opener: Promise<Opener> } | Missing {
    if (this.#over) return "stranger";
    const last = this.#kept.at(-1);
    if (!last || ahead(origin.epoch, last.epoch.epoch)) return "unknown";
    const kept = this.#kept.find(({ epoch }) => epoch.epoch % 256 === origin.epoch);
    if (!kept) return "old";
    if (!kept.leaves.has(origin.leaf)) return "stranger";
    const key = origin.context * 2 ** 16 + origin.leaf;
    const opener = kept.openers.get(key) ?? openerOf(kept.epoch, origin);
    kept.openers.set(key, opener);
    return { epoch: kept.epoch.epoch, opener };
  }

  /** close forgets every key, and takes no more: everybody is a stranger. */
  close(): void {
    this.#over = true;
    for (const kept of this.#kept) this.#forget(kept);
  }

  #forget(gone: Kept): void {
    clearTimeout(gone.timer);
    this.#kept = this.#kept.filter((kept) => kept !== gone);
  }
}

async function openerOf({ base }: Epoch, origin: Origin): Promise<Opener> {
  return new Opener(await derive(await base, kidOf(origin)));
}

/** ahead compares the low eight bits of epochs; half of the circle is ahead, half behind. */
function ahead(low: number, epoch: number): boolean {
  const distance = (low - (epoch % 256) + 256) % 256;
  return distance > 0 && distance < 128;
}
