import { contexts } from "../sframe/kid";
import { type Sealer, Sealers } from "../sframe/sealer";
import type { Source } from "../wire.gen";
import type { Epoch } from "./epoch";

/** How long the others get to reach an epoch, when the server does not say sooner that all have. */
const patience = 500;
/** Epochs that wait for that at once. */
const mostWaiting = 4;

interface Waiting {
  readonly epoch: Epoch;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * Sealing knows the epoch this browser sends in. A removal takes effect at once;
 * otherwise the others get a moment to get there. The first epoch has nothing
 * before it, so it is used at once, too: who is not there yet holds the frames.
 */
export class Sealing {
  readonly #sealers = new Sealers();
  #current: Epoch | null = null;
  #made = new Map<Source, Promise<Sealer>>();
  /** the newest is last */
  #waiting: Waiting[] = [];
  #settled = -1;
  #over = false;

  /** add takes a new epoch, to be used when its time comes. */
  add(epoch: Epoch): void {
    const newest = this.#waiting.at(-1)?.epoch ?? this.#current;
    if (this.#over || (newest && epoch.epoch <= newest.epoch)) return;
    const timer = setTimeout(() => this.#use(epoch), patience);
    this.#waiting.push({ epoch, timer });
    const now = epoch.urgent || !this.#current || epoch.epoch <= this.#settled;
    if (now) return this.#use(epoch);
    const [first] = this.#waiting;
    if (first && this.#waiting.length > mostWaiting) this.#use(first.epoch);
  }

  /** settled: everybody has reached this epoch. It may be said before its key is here. */
  settled(epoch: number): void {
    this.#settled = Math.max(this.#settled, epoch);
    const reached = this.#waiting.filter((waiting) => waiting.epoch.epoch <= epoch).at(-1);
    if (reached) this.#use(reached.epoch);
  }

  /** sealer is the one to send a source with now; null while there is no key. */
  sealer(source: Source): Promise<Sealer> | null {
    const current = this.#current;
    if (!current) return null;
    const origin = { context: contexts[source], leaf: current.self, epoch: current.epoch };
    const sealer = this.#made.get(source) ?? this.#sealers.make(current.base, origin);
    this.#made.set(source, sealer);
    return sealer;
  }

  /** stop forgets every key, and takes no more. */
  stop(): void {
    this.#over = true;
    this.#current = null;
    this.#made = new Map();
    for (const { timer } of this.#waiting.splice(0)) clearTimeout(timer);
  }

  #use(epoch: Epoch): void {
    const passed = ({ epoch: { epoch: number } }: Waiting) => number <= epoch.epoch;
    for (const { timer } of this.#waiting.filter(passed)) clearTimeout(timer);
    this.#waiting = this.#waiting.filter((waiting) => !passed(waiting));
    this.#current = epoch;
    this.#made = new Map();
  }
}
