import { workerURL } from "../trusted";
import type { FrameMessage, FrameOptions } from "./frames.messages";
import script from "./frames.worker?worker&url";

const patience = 5_000;

/**
 * Frames owns the worker that every frame passes through, and knows which
 * transforms are in place. Chromium ignores a transform set after negotiation
 * without a word, and then frames go around it: so attach first, offer later,
 * and put in no track before the worker has acknowledged.
 */
export class Frames {
  readonly #worker = new Worker(workerURL(script));
  readonly #waiting = new Map<number, () => void>();
  readonly #keys = new Map<number, () => void>();
  #last = 0;

  constructor() {
    this.#worker.onmessage = ({ data }) => this.#hear(data as FrameMessage);
  }

  /** guard attaches a sender; resolves with whether the worker has it. */
  guard(sender: RTCRtpSender): Promise<boolean> {
    const id = ++this.#last;
    const attached = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), patience);
      this.#waiting.set(id, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    sender.transform = this.#transform({ id, side: "send" });
    return attached;
  }

  /** watch attaches a receiver, and calls back at each key frame. */
  watch(receiver: RTCRtpReceiver, key: () => void): void {
    const id = ++this.#last;
    this.#keys.set(id, key);
    receiver.transform = this.#transform({ id, side: "receive" });
  }

  close(): void {
    this.#worker.terminate();
  }

  #transform(options: FrameOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }

  #hear(message: FrameMessage): void {
    switch (message.type) {
      case "attached":
        this.#waiting.get(message.id)?.();
        this.#waiting.delete(message.id);
        return;
      case "key":
        this.#keys.get(message.id)?.();
    }
  }
}
