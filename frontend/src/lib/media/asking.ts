const pause = 300;
const mostTries = 10;

/**
 * Asking asks for a key frame until one comes: no more often than the pause
 * allows, and no more than some times after the last reason to.
 */
export class Asking {
  readonly #ask: () => void;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** start: there is a reason to ask. */
  start(): void {
    this.#tries = mostTries;
    if (this.#timer === undefined) this.#next();
  }

  /** stop: one came, or nobody waits for it any more. */
  stop(): void {
    this.#tries = 0;
  }

  close(): void {
    this.stop();
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#timer = undefined;
    if (this.#tries-- <= 0) return;
    this.#timer = setTimeout(() => this.#next(), pause);
    this.#ask();
  }
}
