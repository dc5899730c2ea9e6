import type { Origin } from "../sframe/kid";

/**
 * Progress remembers each picture's last key frame. One from before it, kept
 * back by somebody on the way, would turn the picture back.
 */
export class Progress {
  readonly #last = new Map<number, { readonly epoch: number; readonly counter: bigint }>();

  /** advance notes a key frame; false when it is not newer than the last. */
  advance({ context, leaf }: Origin, epoch: number, counter: bigint): boolean {
    const picture = context * 2 ** 16 + leaf;
    const last = this.#last.get(picture);
    const newer = !last || epoch > last.epoch || (epoch === last.epoch && counter > last.counter);
    if (newer) this.#last.set(picture, { epoch, counter });
    return newer;
  }
}
