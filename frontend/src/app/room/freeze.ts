import { effect, signal } from "@preact/signals";
import type { Sent } from "../../lib/media/quiet";
import { Lens, type Still } from "../../lib/media/still";
import type { Standing } from "../../model/source";
import type { Sources } from "../sources";
import type { Showing } from "./showing";

const look = 500;
/** Every so many looks the others are told again: who came has not heard it. */
const tellEvery = 4;
/** A picture is sharp after some frames; Firefox may make the first a second late. */
const nothingSent: Sent = { frames: 0, bytes: 0, asked: 0 };
const redraws = { times: 6, pause: 250 };

/**
 * Freeze pauses a share at its source. The picture there is in that moment takes
 * the share's place in the line, before the encoder, and the encoder stops. It runs
 * again only for a while when somebody asks for a key frame, who came or has lost
 * the picture, and then it has nothing but that picture.
 */
export class Freeze {
  /** null while the share is not frozen, or not yet for sure */
  readonly standing = signal<Standing | null>(null);
  readonly #sources: Pick<Sources, "screen">;
  readonly #showing: () => Showing | null;
  readonly #stopWatching: () => void;
  #lens: Lens | null = null;
  #seen: MediaStreamTrack | null = null;
  #still: Still | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looks = 0;
  #asked = 0;
  /** the picture is being sent again; and it is to be sent once more after that */
  #repeating: Promise<void> | null = null;
  #wished = false;

  constructor(sources: Pick<Sources, "screen">, showing: () => Showing | null) {
    this.#sources = sources;
    this.#showing = showing;
    this.#stopWatching = effect(() => this.#watch(sources.screen.value.track));
  }

  /** pause freezes the share as it is now. */
  async pause(): Promise<void> {
    const screen = this.#sources.screen.peek();
    if (screen.state !== "on" || screen.frozen !== "no" || !this.#lens) return;
    const still = this.#lens.take();
    this.#still = still;
    this.#sources.screen.value = { ...screen, still: still.track, frozen: "picture" };
    await this.#settled();
    const { bytes, asked } = (await this.#sent()) ?? nothingSent;
    if (this.#still !== still) return;
    this.standing.value = { bytes, repeats: 0 };
    this.#asked = asked;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#look(), look);
  }

  /**
   * blank shows a blank picture in place of the last one, or the last one again.
   * Which one it is is said once that has gone out.
   */
  async blank(on: boolean): Promise<void> {
    const still = this.#still;
    if (this.#sources.screen.peek().frozen === "no" || !still) return;
    still.show(on);
    await this.#repeat();
    if (this.#still !== still) return;
    const frozen = still.blank ? "blank" : "picture";
    this.#sources.screen.value = { ...this.#sources.screen.peek(), frozen };
  }

  /** resume lets the others see again what the share shows. */
  async resume(): Promise<void> {
    const still = this.#end();
    this.#sources.screen.value = { ...this.#sources.screen.peek(), still: null, frozen: "no" };
    await this.#letGo(still);
  }

  close(): void {
    this.#stopWatching();
    this.#end()?.close();
    this.#lens?.close();
    this.#lens = null;
  }

  /** #watch: something else is shared, or nothing any more. */
  #watch(track: MediaStreamTrack | null): void {
    if (track === this.#seen) return;
    this.#seen = track;
    this.#lens?.close();
    this.#lens = track && new Lens(track);
    if (!track) void this.#letGo(this.#end());
  }

  /** #end gives back the picture there was, which is to be closed. */
  #end(): Still | null {
    const still = this.#still;
    clearInterval(this.#timer);
    this.standing.value = null;
    this.#still = null;
    return still;
  }

  /** #letGo closes a picture that is not sent any more. One that ends in the line would be noticed. */
  async #letGo(still: Still | null): Promise<void> {
    await this.#settled();
    still?.close();
  }

  /** #settled: nothing but what is to goes out any more. */
  #settled(): Promise<void> {
    return this.#showing()?.set(this.#sources.screen.peek()) ?? Promise.resolve();
  }

  async #sent(): Promise<Sent | null> {
    return (
      (await this.#showing()
        ?.sent()
        .catch(() => null)) ?? null
    );
  }

  /** #look sees what has gone out, and whether somebody asks for the picture. */
  async #look(): Promise<void> {
    if (++this.#looks % tellEvery === 0) this.#showing()?.again();
    const sent = await this.#sent();
    const now = this.standing.peek();
    if (!sent || !now) return;
    const { bytes, asked } = sent;
    if (bytes !== now.bytes) this.standing.value = { ...now, bytes };
    // After a new start of the connection it counts from the beginning.
    const again = asked !== this.#asked;
    this.#asked = asked;
    // Who asks while it is sent again gets it by that.
    if (!again || this.#repeating) return;
    await this.#repeat();
    const then = this.standing.peek();
    if (then) this.standing.value = { ...then, repeats: then.repeats + 1 };
  }

  /** #repeat sends the still picture again, as it is now. */
  #repeat(): Promise<void> {
    this.#wished = true;
    this.#repeating ??= this.#repeatAll();
    return this.#repeating;
  }

  async #repeatAll(): Promise<void> {
    while (this.#wished) {
      this.#wished = false;
      await this.#repeatOnce();
    }
    this.#repeating = null;
  }

  /** #repeatOnce draws it until it is sharp. */
  async #repeatOnce(): Promise<void> {
    const [showing, still] = [this.#showing(), this.#still];
    if (!showing || !still) return;
    const draw = async () => {
      for (let i = 0; i < redraws.times && this.#still === still; i++) {
        still.draw();
        await new Promise((next) => setTimeout(next, redraws.pause));
      }
    };
    await showing.repeat(draw).catch(() => {});
  }
}
