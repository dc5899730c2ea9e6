import type { Engine } from "../../lib/media/engine";
import type { Code, Source, Surface } from "../../lib/wire.gen";

/** What became of a source that was to go live. */
export type Published = "ok" | "unready" | Code;

export interface PublishingEvents {
  publish(source: Source, live: boolean, surface?: Surface): Promise<Code>;
  /** the source is not live, and why */
  failed(source: Source, why: Exclude<Published, "ok">): void;
}

/**
 * Publishing keeps one source's line the way its track is. Starting puts the
 * track in and then says so; stopping says so first. Never a negotiation.
 */
export class Publishing {
  readonly #engine: Pick<Engine, "put">;
  readonly #source: Source;
  readonly #events: PublishingEvents;
  #wanted: MediaStreamTrack | null = null;
  #surface: Surface | undefined;
  #inLine: MediaStreamTrack | null = null;
  #live = false;
  #working = false;

  constructor(engine: Pick<Engine, "put">, source: Source, events: PublishingEvents) {
    this.#engine = engine;
    this.#source = source;
    this.#events = events;
  }

  /** set says what is to be sent from now on; null is nothing. */
  set(track: MediaStreamTrack | null, surface?: Surface): void {
    this.#wanted = track;
    this.#surface = surface;
    if (!this.#working) void this.#work();
  }

  /** silenced: the server stopped the source by itself, so nobody needs to be told. */
  silenced(): void {
    this.#live = false;
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (this.#wanted !== this.#inLine) await this.#step(this.#wanted);
    } catch {
      // The stay is over; a new one starts afresh.
    } finally {
      this.#working = false;
    }
  }

  async #step(track: MediaStreamTrack | null): Promise<void> {
    if (!track) {
      const told = this.#live ? this.#events.publish(this.#source, false) : null;
      this.#live = false;
      this.#inLine = null;
      await this.#engine.put(this.#source, null);
      await told;
      return;
    }
    if (!(await this.#engine.put(this.#source, track))) return this.#give(track, "unready");
    this.#inLine = track;
    if (this.#live) return;
    const code = await this.#events.publish(this.#source, true, this.#surface);
    if (code !== "ok") return this.#give(track, code);
    this.#live = true;
  }

  /** give up on a track: it must not be tried again, and must not stay in the line. */
  async #give(track: MediaStreamTrack, why: Exclude<Published, "ok">): Promise<void> {
    if (this.#wanted === track) this.#wanted = null;
    this.#inLine = null;
    await this.#engine.put(this.#source, null);
    this.#events.failed(this.#source, why);
  }
}
