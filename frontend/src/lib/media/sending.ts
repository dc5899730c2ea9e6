import type { Bytes } from "../sframe/bytes";
import { codecOf, wrap } from "../sframe/frame";
import type { Sealer } from "../sframe/sealer";
import type { Source } from "../wire.gen";
import type { SendCounts } from "./frames.messages";
import type { Sealing } from "./sealing";

/** Frame is the part of an encoded frame that is needed here, in both directions. */
export interface Frame {
  data: ArrayBuffer;
  /** of a video frame */
  readonly type?: string;
  getMetadata(): { readonly mimeType?: string };
}

/** Sending seals what one source sends. What cannot be sealed is not sent. */
export class Sending {
  readonly #source: Source;
  readonly #sealing: Sealing;
  readonly #counts = { sealed: 0, dropped: 0, failed: 0 };

  constructor(source: Source, sealing: Sealing) {
    this.#source = source;
    this.#sealing = sealing;
  }

  get counts(): SendCounts {
    return { ...this.#counts };
  }

  /** seal tells whether the frame may go on; then its bytes are sealed. It never throws. */
  async seal(frame: Frame): Promise<boolean> {
    // A voice that is silent: sealed, it would be sent. No browser counts it.
    if (!frame.type && !frame.data.byteLength) return false;
    const sealer = this.#sealing.sealer(this.#source);
    try {
      const sealed = sealer && (await sealedBy(await sealer, frame));
      if (sealed) {
        frame.data = sealed.buffer;
        this.#counts.sealed++;
        return true;
      }
    } catch {
      // As good as without a key.
    }
    this.#counts.dropped++;
    if (sealer) this.#counts.failed++;
    return false;
  }
}

async function sealedBy(sealer: Sealer, frame: Frame): Promise<Bytes | null> {
  const codec = codecOf(frame.getMetadata().mimeType);
  const wrapped = codec && wrap(codec, new Uint8Array(frame.data), frame.type === "key");
  return wrapped ? sealer.seal(wrapped.body, wrapped.metadata, wrapped.prefix) : null;
}
