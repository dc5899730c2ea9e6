import type { Frozen } from "../../lib/group/notice";
import type { Engine } from "../../lib/media/engine";
import type { Sent } from "../../lib/media/quiet";
import type { Code } from "../../lib/wire.gen";
import { type LocalScreen, noScreen, sentOf } from "../../model/source";
import type { Publishing } from "./publishing";

export interface ShowingEvents {
  /** for the server, which puts it on record */
  pause(paused: boolean): Promise<Code>;
  /** for the others, signed */
  say(frozen: Frozen): Promise<unknown>;
}

/**
 * Showing keeps the screen of one stay the way this browser's share is: what goes
 * out, and what is said of it. Pausing is said once nothing new goes out any more;
 * that it goes on, before it does.
 */
export class Showing {
  readonly #engine: Pick<Engine, "choose" | "repeat" | "sent">;
  readonly #screen: Publishing;
  readonly #audio: Publishing;
  readonly #events: ShowingEvents;
  #latest: LocalScreen = noScreen;
  #said: Frozen = "no";
  #saying: Promise<unknown> = Promise.resolve();

  constructor(
    engine: Pick<Engine, "choose" | "repeat" | "sent">,
    lines: { readonly screen: Publishing; readonly screen_audio: Publishing },
    events: ShowingEvents,
  ) {
    this.#engine = engine;
    this.#screen = lines.screen;
    this.#audio = lines.screen_audio;
    this.#events = events;
  }

  /** set takes what is to be shown from now on. It resolves when nothing else goes out any more. */
  async set(screen: LocalScreen): Promise<void> {
    this.#latest = screen;
    this.#engine.choose(screen.choice);
    const { frozen, surface, audio } = screen;
    const track = sentOf(screen);
    const still = frozen !== "no";
    if (!track) this.#said = "no";
    else if (!still) this.#say("no");
    const silent = still ? this.#audio.set(null) : null;
    const shown = this.#screen.set(track, surface, still);
    if (!still) void this.#audio.set(audio); // after the screen, which it is the sound of
    await Promise.all([shown, silent]);
    if (still && this.#latest === screen) this.#say(frozen);
  }

  /** again says once more how the share stands, for who has come since. */
  again(): void {
    if (this.#said !== "no") this.#events.say(this.#said).catch(() => {});
  }

  /** repeat sends the still picture once more, while it is drawn again. */
  repeat(drawn: () => Promise<void>): Promise<void> {
    return this.#engine.repeat(drawn);
  }

  sent(): Promise<Sent> {
    return this.#engine.sent();
  }

  #say(frozen: Frozen): void {
    const before = this.#said;
    if (frozen === before) return;
    this.#said = frozen;
    const paused = frozen !== "no";
    if (paused !== (before !== "no")) this.#events.pause(paused).catch(() => {});
    this.#saying = this.#saying.then(() => this.#events.say(frozen)).catch(() => {});
  }
}
