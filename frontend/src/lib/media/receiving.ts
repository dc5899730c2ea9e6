import { type Bytes, join } from "../sframe/bytes";
import { codecOf, type Unwrapped, unwrap } from "../sframe/frame";
import { decodeHeader, type Header } from "../sframe/header";
import { contexts, type Origin, originOf } from "../sframe/kid";
import type { Allowance } from "./allowance";
import { Asking } from "./asking";
import type { Drop, Expected, ReceiveCounts } from "./frames.messages";
import type { KeyRing } from "./keyring";
import type { Progress } from "./progress";
import type { Frame } from "./sending";

/** How long a frame waits for its key. */
const holdTime = 2_000;

export interface ReceivingEvents {
  /** hands an opened frame to the browser */
  pass(frame: Frame): void;
  /** the first frame since the turn passed */
  shown(turn: number, leaf: number): void;
  needsKeyFrame(): void;
}

/** What all lines of one worker share. */
export interface Shared {
  readonly ring: KeyRing;
  readonly allowance: Allowance;
  readonly progress: Progress;
}

interface Queued {
  readonly frame: Frame;
  readonly size: number;
  readonly due: number;
}

/** Sealed is a frame that was read as far as that goes without a key. */
interface Sealed extends Unwrapped {
  readonly header: Header;
  readonly origin: Origin;
}

/**
 * Receiving opens what comes in on one line, in order. A frame whose key is not
 * here yet holds up those behind it, for a while. Whatever is dropped leaves a
 * hole in a picture, so after it the picture goes on with a key frame only.
 */
export class Receiving {
  readonly #kind: "audio" | "video";
  readonly #shared: Shared;
  readonly #events: ReceivingEvents;
  readonly #asking: Asking;
  readonly #dropped: Partial<Record<Drop, number>> = {};
  #opened = 0;
  #queue: Queued[] = [];
  #expected: Expected | null = null;
  #turn = 0;
  #toShow = false;
  #broken = false;
  #working = false;
  #again = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(kind: "audio" | "video", shared: Shared, events: ReceivingEvents) {
    this.#kind = kind;
    this.#shared = shared;
    this.#events = events;
    this.#asking = new Asking(() => events.needsKeyFrame());
  }

  get counts(): ReceiveCounts {
    return { opened: this.#opened, held: this.#queue.length, dropped: { ...this.#dropped } };
  }

  /** expect says whose picture may be shown from now on. What comes first must be a key frame. */
  expect(expected: Expected | null, turn: number): void {
    this.#expected = expected;
    this.#turn = turn;
    this.#toShow = expected !== null;
    this.#broken = true;
    this.#asking.stop();
    this.wake();
  }

  /** take takes a frame, and holds it while it must. */
  take(frame: Frame): void {
    if (this.#closed) return;
    const size = frame.data.byteLength;
    if (this.#shared.allowance.take(size)) {
      this.#queue.push({ frame, size, due: performance.now() + holdTime });
    } else {
      this.#drop("overflow", true);
    }
    this.wake();
  }

  /** wake looks again at what is held: there is a new key, or somebody else is expected. */
  wake(): void {
    this.#again = true;
    if (!this.#working) void this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#asking.close();
    clearTimeout(this.#timer);
    for (const { size } of this.#queue.splice(0)) this.#shared.allowance.give(size);
  }

  async #work(): Promise<void> {
    this.#working = true;
    clearTimeout(this.#timer);
    while (this.#again) {
      this.#again = false;
      await this.#drain();
    }
    this.#working = false;
    const [first] = this.#queue;
    if (first) this.#timer = setTimeout(() => this.wake(), first.due - performance.now());
  }

  /** #drain goes on until nothing is left, or what is first must wait. */
  async #drain(): Promise<void> {
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      if (!(await this.#handled(first)) || this.#closed) return;
      this.#queue.shift();
      this.#shared.allowance.give(first.size);
    }
  }

  /** #handled tells whether the frame is done with; one that waits for its key is not. */
  async #handled({ frame, due }: Queued): Promise<boolean> {
    try {
      if (frame.data.byteLength === 0) return this.#skip("empty");
      const sealed = this.#read(frame);
      if (!sealed) return this.#drop("malformed", true);
      if (!this.#isExpected(sealed.origin)) return this.#drop("unexpected", false);
      if (this.#broken && frame.type !== "key") return this.#drop("broken", true);
      const found = this.#shared.ring.find(sealed.origin);
      if (found === "stranger") return this.#drop(found, false);
      if (found === "old") return this.#drop(found, true);
      if (found !== "unknown") return await this.#open(frame, sealed, found);
      return performance.now() < due ? false : this.#drop("expired", true);
    } catch {
      return this.#drop("failed", true);
    }
  }

  async #open(
    frame: Frame,
    { header, origin, sframe, metadata, clear }: Sealed,
    { epoch, opener }: Exclude<ReturnType<KeyRing["find"]>, string>,
  ): Promise<boolean> {
    const turn = this.#turn;
    const plain = await (await opener).open(header, sframe, metadata);
    if (plain === "replayed") return this.#skip(plain);
    if (plain === "forged") return this.#drop(plain, true);
    // While it was opened, the slot may have been given to somebody else.
    if (this.#closed || turn !== this.#turn) return this.#drop("unexpected", false);
    const key = frame.type === "key";
    if (key && !this.#shared.progress.advance(origin, epoch, header.counter)) {
      return this.#drop("backwards", true);
    }
    this.#pass(frame, clear.length > 0 ? join(clear, plain) : plain);
    if (key) this.#mended();
    if (this.#toShow) this.#events.shown(turn, origin.leaf);
    this.#toShow = false;
    return true;
  }

  #pass(frame: Frame, plain: Bytes): void {
    frame.data = plain.buffer;
    this.#events.pass(frame);
    this.#opened++;
  }

  #read(frame: Frame): Sealed | null {
    const codec = codecOf(frame.getMetadata().mimeType);
    const unwrapped = codec && unwrap(codec, new Uint8Array(frame.data));
    const header = unwrapped && decodeHeader(unwrapped.sframe);
    const origin = header && originOf(header.kid);
    return origin && { ...unwrapped, header, origin };
  }

  /** Any member may speak in a slot for sound; a picture's is for one person. */
  #isExpected({ context, leaf }: Origin): boolean {
    if (this.#kind === "audio") {
      return context === contexts.microphone || context === contexts.screen_audio;
    }
    const expected = this.#expected;
    return expected !== null && contexts[expected.source] === context && expected.leaf === leaf;
  }

  /**
   * #skip counts what leaves no hole: padding. Browsers send empty packets of
   * sound, and repeat packets of pictures, out of which the same frame comes again,
   * number for number. It is always true, for the frame is done with.
   */
  #skip(why: Drop): true {
    this.#dropped[why] = (this.#dropped[why] ?? 0) + 1;
    return true;
  }

  /** #drop counts what leaves one. */
  #drop(why: Drop, ask: boolean): true {
    this.#skip(why);
    if (this.#kind === "audio") return true;
    this.#broken = true;
    if (ask && this.#expected) this.#asking.start();
    return true;
  }

  #mended(): void {
    this.#broken = false;
    this.#asking.stop();
  }
}
