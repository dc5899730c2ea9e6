import { startWorker } from "../trusted";
import type { Source } from "../wire.gen";
import type {
  Expected,
  FrameCommand,
  FrameCounts,
  FrameMessage,
  FrameOptions,
} from "./frames.messages";
import script from "./frames.worker?worker&url";

const attachPatience = 5_000;
const countPatience = 3_000;

export interface WatchEvents {
  /** the slot shows from now on whom it was said to expect last */
  shown(leaf: number): void;
  needsKeyFrame(): void;
}

interface Watched {
  readonly events: WatchEvents;
  turn: number;
}

/**
 * Frames owns the worker that every frame passes through, and knows which
 * transforms are in place. Chromium ignores a transform set after negotiation
 * without a word, and then frames go around it: so attach first, offer later,
 * and put in no track before the worker has acknowledged.
 */
export class Frames {
  /** the worker is no more */
  ondead: (() => void) | null = null;
  readonly #worker: Worker;
  readonly #attaching = new Map<number, () => void>();
  readonly #counting = new Map<number, (counts: FrameCounts) => void>();
  readonly #watched = new Map<number, Watched>();
  #last = 0;

  /** start starts the worker; it rejects when that is not the one the page was built with. */
  static async start(): Promise<Frames> {
    return new Frames(await startWorker(script));
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#worker.onmessage = ({ data }) => this.#hear(data as FrameMessage);
    this.#worker.onerror = () => this.#die();
    this.#worker.onmessageerror = () => this.#die();
  }

  /** guard attaches a sender; attached resolves with whether the worker has it. */
  guard(sender: RTCRtpSender, source: Source): { id: number; attached: Promise<boolean> } {
    const id = ++this.#last;
    const attached = answer<true>(attachPatience, (told) =>
      this.#attaching.set(id, () => told(true)),
    );
    const transform = this.#transform({ id, side: "send", source });
    sender.transform = transform;
    // One that is not in place now will be ignored, though the worker says it has it.
    const inPlace = sender.transform === transform;
    return { id, attached: attached.then((told) => told === true && inPlace) };
  }

  /** watch attaches a receiver, and gives the id by which it is told whom to expect. */
  watch(receiver: RTCRtpReceiver, kind: "audio" | "video", events: WatchEvents): number {
    const id = ++this.#last;
    this.#watched.set(id, { events, turn: 0 });
    receiver.transform = this.#transform({ id, side: "receive", kind });
    return id;
  }

  /** keys is the way by which the group's worker hands over the keys. It is given once. */
  keys(port: MessagePort): void {
    this.#worker.postMessage({ type: "keys", port } satisfies FrameCommand, [port]);
  }

  settled(epoch: number): void {
    this.#say({ type: "settled", epoch });
  }

  /** expect says whose frames a video slot lets through; null is nobody's. */
  expect(id: number, expected: Expected | null): void {
    const watched = this.#watched.get(id);
    if (watched) this.#say({ type: "expect", id, turn: ++watched.turn, expected });
  }

  /** counts asks what became of the frames; null when the worker does not answer. */
  async counts(): Promise<FrameCounts | null> {
    const query = ++this.#last;
    const counted = answer<FrameCounts>(countPatience, (told) => this.#counting.set(query, told));
    this.#say({ type: "count", query });
    const counts = await counted;
    this.#counting.delete(query);
    return counts;
  }

  close(): void {
    this.ondead = null;
    this.#worker.terminate();
  }

  #die(): void {
    const dead = this.ondead;
    this.close();
    dead?.();
  }

  #transform(options: FrameOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }

  #say(command: FrameCommand): void {
    this.#worker.postMessage(command);
  }

  #hear(message: FrameMessage): void {
    switch (message.type) {
      case "attached":
        this.#attaching.get(message.id)?.();
        this.#attaching.delete(message.id);
        return;
      case "counted":
        return this.#counting.get(message.query)?.(message.counts);
      case "needs_key_frame":
        return this.#watched.get(message.id)?.events.needsKeyFrame();
      case "shown": {
        const watched = this.#watched.get(message.id);
        // The slot may have been given to somebody else since.
        if (watched?.turn === message.turn) watched.events.shown(message.leaf);
      }
    }
  }
}

/** Patience ends in steps: what stops this page for a while, or the whole machine, takes one of them. */
const steps = 6;

/** answer waits for one; null when it does not come in time. */
function answer<T>(patience: number, ask: (told: (value: T) => void) => void): Promise<T | null> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number) => {
      if (left === 0) return resolve(null);
      timer = setTimeout(() => wait(left - 1), patience / steps);
    };
    wait(steps);
    ask((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
