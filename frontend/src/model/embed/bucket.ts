/** How many messages the page around this one may send: a second, and at once. */
const perSecond = 20;
const atOnce = 40;
/** How often it is told that there were more, in milliseconds. */
const quiet = 10_000;

/** Bucket counts messages: so many are read, the rest is dropped. */
export class Bucket {
  #left = atOnce;
  #at: number;
  #told = Number.NEGATIVE_INFINITY;

  /** now is in milliseconds, of any clock that only goes forward. */
  constructor(now: number) {
    this.#at = now;
  }

  /** take tells whether one more is read; "tell" when it is not, and its sender should hear of it. */
  take(now: number): "read" | "drop" | "tell" {
    this.#left = Math.min(atOnce, this.#left + ((now - this.#at) * perSecond) / 1000);
    this.#at = now;
    if (this.#left >= 1) {
      this.#left--;
      return "read";
    }
    if (now - this.#told < quiet) return "drop";
    this.#told = now;
    return "tell";
  }
}
