import { type Content, type ContentChoice, fastest, innocent, judge, pace } from "./content";

/** Flow is what has gone through a line since it was made. */
export interface Flow {
  /** in milliseconds */
  readonly at: number;
  readonly frames: number;
  readonly bytes: number;
  /** bits a second that the encoder may make of it; null where the browser does not say */
  readonly target: number | null;
}

/** Tune is how a line is set. */
export interface Tune {
  readonly content: Content;
  /** most pictures a second */
  readonly pace: number;
}

/** Tunable is the line of the screen as it is tuned. */
export interface Tunable {
  /** null when nothing is known */
  flow(): Promise<Flow | null>;
  tune(tune: Tune): Promise<void>;
  hint(track: MediaStreamTrack, content: Content): void;
}

const pause = 500;

/**
 * Tuning keeps the line of the screen as what is shared needs it. While nobody
 * says what that is, it looks: not at the picture, which a browser does not draw
 * in a page that is hidden behind what it shares, but at what is sent of it.
 */
export class Tuning {
  /** the share is sent as something else from now on */
  onchange: ((content: Content) => void) | null = null;
  readonly #line: Tunable;
  #choice: ContentChoice = "auto";
  #verdict = innocent;
  #pace: number = fastest;
  #flow: Flow | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(line: Tunable) {
    this.#line = line;
  }

  /** tune is how the line is to be. */
  get tune(): Tune {
    const content = this.#choice === "auto" ? this.#verdict.content : this.#choice;
    return { content, pace: content === "text" ? this.#pace : fastest };
  }

  /** choose says what is shared. */
  choose(choice: ContentChoice): void {
    this.#change(() => {
      this.#choice = choice;
    });
  }

  /** share is told what is put into the line, and what is taken out of it: null. */
  share(track: MediaStreamTrack | null): void {
    this.close();
    if (!track) return;
    this.#change(() => {
      this.#verdict = innocent;
    });
    this.#line.hint(track, this.tune.content);
    this.#timer = setInterval(() => void this.#look(), pause);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#flow = null;
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    const now = await this.#line.flow().catch(() => null);
    if (timer !== this.#timer || !now) return;
    const before = this.#flow;
    this.#flow = now;
    if (!before || now.at <= before.at) return;
    const seen = {
      ms: now.at - before.at,
      frames: now.frames - before.frames,
      bytes: now.bytes - before.bytes,
      pace: this.tune.pace,
      target: now.target,
    };
    this.#change(() => {
      this.#verdict = judge(this.#verdict, seen);
      if (now.target !== null) this.#pace = pace(now.target);
    });
  }

  #change(by: () => void): void {
    const before = this.tune;
    by();
    const now = this.tune;
    if (now.content === before.content && now.pace === before.pace) return;
    this.#line.tune(now).catch(() => {});
    if (now.content !== before.content) this.onchange?.(now.content);
  }
}
