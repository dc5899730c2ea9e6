import type { Bytes } from "./bytes";
import { type Key, open } from "./cipher";
import type { Header } from "./header";
import { ReplayWindow } from "./replay";

/** Unopened is why something was not opened. */
export type Unopened = "forged" | "replayed";

/** No sealer counts further. */
const mostCounter = 1n << 32n;

/** Opener opens what one key id sealed, each once, in whatever order it comes. */
export class Opener {
  readonly #key: Key;
  readonly #window = new ReplayWindow();

  constructor(key: Key) {
    this.#key = key;
  }

  /** open takes an SFrame and its header, which the caller has read to find this opener. */
  async open(header: Header, sframe: Bytes, metadata: Bytes): Promise<Bytes | Unopened> {
    if (header.counter >= mostCounter) return "forged";
    const counter = Number(header.counter);
    if (!this.#window.fresh(counter)) return "replayed";
    const plain = await open(this.#key, header, sframe, metadata).catch(() => null);
    if (!plain) return "forged";
    // What is forged must not use up a counter, so it is marked only now.
    return this.#window.mark(counter) ? plain : "replayed";
  }
}
