import type { Source } from "../wire.gen";
import type { FrameCounts, SendCounts } from "./frames.messages";
import {
  apart,
  type Gap,
  type Limits,
  type Look,
  limits,
  noGap,
  unguarded,
  widen,
} from "./watchdog";

/** Unsafe is why a source is not sent any more. */
export type Unsafe = "unguarded" | "unsealed";

/** Guarded is one send line as the guard sees it. */
export interface Guarded {
  readonly id: number;
  readonly source: Source;
  /** whether something is in it, or would be if it were not held */
  readonly live: boolean;
  /** what the browser has encoded of it, so far */
  encoded(): Promise<number>;
  /** takes out what is in it until it is released: nothing is encoded meanwhile */
  hold(): Promise<void>;
  release(): Promise<void>;
}

export interface GuardEvents {
  /** null when the worker does not answer */
  counts(): Promise<FrameCounts | null>;
  /** the source is to be stopped for good: its frames may go around the worker, or the worker cannot seal them */
  stop(source: Source, why: Unsafe): void;
}

/** Watch is what is known of one line. */
interface Watch {
  readonly gap: Gap;
  /** in how many looks in a row it was in doubt; it is held since the first */
  readonly doubts: number;
  readonly counts: SendCounts;
  /** in how many looks in a row frames failed and none was sealed */
  readonly failures: number;
}

const noCounts: SendCounts = { sealed: 0, dropped: 0, failed: 0 };
const unwatched: Watch = { gap: noGap, doubts: 0, counts: noCounts, failures: 0 };

const pause = 1_000;
const mostDoubts = 5;
const mostFailures = 3;

/**
 * Guard compares, each second, what is encoded with what passed the worker. When
 * they part, or the worker is silent, frames may leave this browser as they are:
 * nothing more goes into the line. A machine that stalls looks like that, too, so
 * the line is given back when the worker answers and has caught up. When it does
 * not, the source is stopped for good; so it is when the worker has a key and seals
 * nothing with it, which sends nothing, but the person should know.
 */
export class Guard {
  readonly #lines: readonly Guarded[];
  readonly #events: GuardEvents;
  readonly #watches = new Map<Source, Watch>();
  readonly #timer = setInterval(() => void this.#look(), pause);
  #looking = false;
  #closed = false;

  constructor(lines: readonly Guarded[], events: GuardEvents) {
    this.#lines = lines;
    this.#events = events;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const live = this.#lines.filter((line) => line.live);
    if (this.#looking || live.length === 0) return;
    this.#looking = true;
    try {
      if (!(await this.#compare(live))) this.#doubt(live);
    } catch {
      this.#doubt(live);
    } finally {
      this.#looking = false;
    }
  }

  /** #compare is false when the worker is silent. */
  async #compare(live: readonly Guarded[]): Promise<boolean> {
    const before = await this.#events.counts();
    if (!before) return false;
    const encoded = await Promise.all(live.map((line) => line.encoded()));
    const after = await this.#events.counts();
    if (!after) return false;
    live.forEach((line, i) => {
      this.#judge(line, {
        encoded: encoded[i] ?? 0,
        before: handled(countsOf(before, line.id)),
        after: handled(countsOf(after, line.id)),
      });
      this.#count(line.source, countsOf(after, line.id));
    });
    return true;
  }

  #count(source: Source, counts: SendCounts): void {
    const watch = this.#watches.get(source) ?? unwatched;
    const fails = counts.failed > watch.counts.failed && counts.sealed === watch.counts.sealed;
    const failures = fails ? watch.failures + 1 : 0;
    this.#watches.set(source, { ...watch, counts, failures });
    if (failures === mostFailures && !this.#closed) this.#events.stop(source, "unsealed");
  }

  #judge(line: Guarded, look: Look): void {
    const { source } = line;
    const limit = limitOf(source);
    const watch = this.#watches.get(source) ?? unwatched;
    const { doubts } = watch;
    const gap = widen(watch.gap, look, limit);
    this.#watches.set(source, { ...watch, gap });
    if (unguarded(gap) || (doubts > 0 && apart(gap, limit))) return this.#doubt([line]);
    if (doubts === 0) return;
    this.#watches.set(source, { ...watch, gap: { ...gap, grown: 0 }, doubts: 0 });
    line.release().catch(() => {});
  }

  #doubt(lines: readonly Guarded[]): void {
    if (this.#closed) return;
    for (const line of lines) {
      const watch = this.#watches.get(line.source) ?? unwatched;
      this.#watches.set(line.source, { ...watch, doubts: watch.doubts + 1 });
      if (watch.doubts === 0) line.hold().catch(() => {});
      if (watch.doubts === mostDoubts) this.#events.stop(line.source, "unguarded");
    }
  }
}

function countsOf({ sent }: FrameCounts, id: number): SendCounts {
  return sent.find(([line]) => line === id)?.[1] ?? noCounts;
}

function handled({ sealed, dropped }: SendCounts): number {
  return sealed + dropped;
}

function limitOf(source: Source): Limits {
  return source === "camera" || source === "screen" ? limits.video : limits.audio;
}
