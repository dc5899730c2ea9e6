import type { Engine } from "../../lib/media/engine";
import type { Unsafe } from "../../lib/media/guard";
import type { Code, Source, Surface } from "../../lib/wire.gen";

/** What became of a source that was to go live. */
export type Published =
  | "ok"
  /** the encryption never got its line in hand */
  | "unready"
  /** it lost it while the source was live, or fails at it */
  | Unsafe
  | Code;

export interface PublishingEvents {
  publish(source: Source, live: boolean, surface?: Surface): Promise<Code>;
  /** the source is not live, and why */
  failed(source: Source, why: Exclude<Published, "ok">): void;
}

/**
 * Publishing keeps one source's line the way its track is. Starting puts the
 * track in and then says so; stopping says so first. Never a negotiation. Nothing,
 * and what stands still, goes into the line at once, whatever the server has yet to
 * answer.
 */
export class Publishing {
  readonly #engine: Pick<Engine, "put">;
  readonly #source: Source;
  readonly #events: PublishingEvents;
  #wanted: MediaStreamTrack | null = null;
  #surface: Surface | undefined;
  /** what the server knows it to show */
  #told: Surface | undefined;
  /** what the server is asked to show; null while it is not */
  #asked: Surface | undefined | null = null;
  #still = false;
  #inLine: MediaStreamTrack | null = null;
  /** the line is as it was last said to be */
  #filled: Promise<unknown> = Promise.resolve();
  #live = false;
  #working = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(engine: Pick<Engine, "put">, source: Source, events: PublishingEvents) {
    this.#engine = engine;
    this.#source = source;
    this.#events = events;
  }

  /**
   * set says what is to be sent from now on; null is nothing. It resolves when that
   * is so: with nothing, or what stands still, the server need not have answered.
   */
  async set(track: MediaStreamTrack | null, surface?: Surface, still = false): Promise<void> {
    this.#wanted = track;
    this.#surface = surface;
    this.#still = still;
    if (!this.#working) this.#settled = this.#work();
    const settled = this.#settled;
    if (track && !still) return settled;
    this.#hurry(track);
    // Of a share that the server has not heard of, nothing is to be said yet.
    const known = !track || this.#live || this.#asked !== null;
    await (known ? this.#filled : settled);
  }

  /** silenced: the server stopped the source by itself, so nobody needs to be told. */
  silenced(): void {
    this.#live = false;
  }

  /** unsafe: the engine has taken the track out, and lets none in again. */
  unsafe(why: Unsafe): void {
    void this.set(null);
    this.#events.failed(this.#source, why);
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (this.#stale()) await this.#step(this.#wanted);
    } catch {
      // The stay is over; a new one starts afresh.
    } finally {
      this.#working = false;
    }
  }

  /** #stale: something else is in the line, or is said of it, than should be. */
  #stale(): boolean {
    if (this.#wanted !== this.#inLine) return true;
    return this.#live && (!this.#wanted || this.#surface !== this.#told);
  }

  /** #hurry puts in what is still, or nothing, before all that is under way is done. */
  #hurry(track: MediaStreamTrack | null): void {
    const known = this.#live ? this.#told : this.#asked;
    const allowed = known === null || known === this.#surface;
    const due = allowed ? track : null;
    if (this.#inLine !== due) void this.#put(due);
  }

  /** #put puts a track into the line, after what was put there before. */
  #put(track: MediaStreamTrack | null): Promise<boolean> {
    const still = track !== null && this.#still;
    this.#inLine = track;
    const put = this.#filled.then(() => this.#engine.put(this.#source, track, still));
    this.#filled = put.catch(() => {});
    return put;
  }

  async #step(track: MediaStreamTrack | null): Promise<void> {
    if (!track) {
      const told = this.#live ? this.#events.publish(this.#source, false) : null;
      this.#live = false;
      await this.#put(null);
      await told;
      return;
    }
    // What is live already must not show anything that the server has not allowed.
    const other = this.#live && this.#surface !== this.#told;
    if (other && !(await this.#tell(track))) return;
    if (this.#wanted !== track) return;
    if (!(await this.#put(track))) return this.#give(track, "unready");
    if (!this.#live && this.#wanted) await this.#tell(track);
  }

  /** #tell says that a track is live; false when it may not be, and is not. */
  async #tell(track: MediaStreamTrack): Promise<boolean> {
    const surface = this.#surface;
    this.#asked = surface;
    const code = await this.#events.publish(this.#source, true, surface);
    this.#asked = null;
    if (code !== "ok") {
      await this.#give(track, code);
      return false;
    }
    this.#live = true;
    this.#told = surface;
    return true;
  }

  /** give up on a track: it must not be tried again, and must not stay in the line. */
  async #give(track: MediaStreamTrack, why: Exclude<Published, "ok">): Promise<void> {
    if (this.#wanted === track) this.#wanted = null;
    const told = this.#live ? this.#events.publish(this.#source, false) : null;
    this.#live = false;
    await this.#put(null);
    await told;
    this.#events.failed(this.#source, why);
  }
}
