const size = 1024;

/** ReplayWindow remembers which of the last 1,024 counters came already. */
export class ReplayWindow {
  readonly #seen = new Uint32Array(size / 32);
  #top = -1;

  /** fresh: this counter has not come, and is not too far behind to know. */
  fresh(counter: number): boolean {
    if (counter > this.#top) return true;
    return counter > this.#top - size && !this.#has(counter);
  }

  /** mark takes note of a counter; false when it was not fresh. */
  mark(counter: number): boolean {
    if (!this.fresh(counter)) return false;
    const from = Math.max(this.#top + 1, counter - size + 1);
    for (let skipped = from; skipped <= counter; skipped++) this.#put(skipped, false);
    this.#put(counter, true);
    this.#top = Math.max(this.#top, counter);
    return true;
  }

  #has(counter: number): boolean {
    const bit = counter % size;
    return (((this.#seen[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  #put(counter: number, seen: boolean): void {
    const bit = counter % size;
    const word = this.#seen[bit >>> 5] ?? 0;
    const mask = 1 << (bit & 31);
    this.#seen[bit >>> 5] = seen ? word | mask : word & ~mask;
  }
}
