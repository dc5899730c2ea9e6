import { bytes, type Wishes } from "./hello";
import { isRecord, own, type Plain, type PlainRecord, plain, record, words } from "./plain";
import { loading, longest, mostPending, patience, protocol } from "./protocol";

/** Refused is why something was not done: a MeetingError. */
class Refused extends Error {
  override readonly name = "MeetingError";
  constructor(readonly code: string) {
    super(`The meeting refused it: ${code}`);
  }
}

/** Ears are what hears the frame. */
export interface Ears {
  /** the frame has answered: what it can */
  able(commands: readonly string[], events: readonly string[]): void;
  event(type: string, payload: PlainRecord): void;
  /** the frame does not answer */
  silent(): void;
}

/** Page is what of the embedder's window the channel needs. */
export type Page = Pick<Window, "addEventListener" | "removeEventListener">;

interface Pending {
  readonly message: object;
  readonly promise: Promise<unknown>;
  readonly done: (result: Plain | undefined) => void;
  readonly failed: (code: string) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Channel is the only way between the embedder's page and the frame. Each time that
 * the frame has loaded, it shakes hands with it anew, with a nonce that only a page at
 * the meeting's origin is sent. It believes what comes from there, out of the frame
 * and after that; what does not is counted and forgotten. Commands that come before
 * wait.
 */
export class Channel {
  /** how many messages were not for us, or made no sense */
  ignored = 0;

  #nonce = "";
  #open = false;
  #closed = false;
  /** the frame has not answered in time; until it does, or is loaded again, nobody need wait */
  #silent = false;
  #lastId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pending = new Map<number, Pending>();

  constructor(
    private readonly frame: HTMLIFrameElement,
    private readonly origin: string,
    private readonly wishes: Wishes,
    private readonly ears: Ears,
    private readonly page: Page,
  ) {
    page.addEventListener("message", this.#hear);
    frame.addEventListener("load", this.#greet);
    this.#expect(loading);
  }

  /**
   * command resolves with what read makes of the frame's answer, and rejects with
   * Refused. The promise is to be handed on as it is: of one that is made from it,
   * nobody knows that a meeting which was taken away need not answer.
   */
  command(name: string, args?: unknown): Promise<Plain | undefined>;
  command<T>(name: string, args: unknown, read: (result?: Plain) => T): Promise<T>;
  command(name: string, args?: unknown, read: (result?: Plain) => unknown = same) {
    if (this.#closed) return Promise.reject(new Refused("frame_gone"));
    if (this.#silent) return Promise.reject(new Refused("no_answer"));
    if (this.#pending.size >= mostPending) return Promise.reject(new Refused("too_many_messages"));
    const id = ++this.#lastId;
    const message = copy({
      v: protocol,
      id,
      command: name,
      ...(args === undefined ? {} : { args }),
    });
    if (!message) return Promise.reject(new Refused("bad_arguments"));
    const pending = this.#wait(id, message, read);
    if (this.#open) this.#send(pending);
    return pending.promise;
  }

  /** close ends it: nothing is heard any more, and whoever waits is told. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.page.removeEventListener("message", this.#hear);
    this.frame.removeEventListener("load", this.#greet);
    this.#giveUp("frame_gone");
  }

  readonly #greet = (): void => {
    // What an earlier page in the frame was asked, this one knows nothing about.
    if (this.#open) this.#giveUp("frame_gone");
    this.#open = false;
    this.#nonce = nonce();
    this.#post({ v: protocol, hello: this.#nonce, options: this.wishes });
    this.#expect(patience);
  };

  readonly #hear = (event: MessageEvent): void => {
    const { contentWindow } = this.frame;
    if (!contentWindow || event.source !== contentWindow || event.origin !== this.origin)
      this.ignored++;
    else if (!isRecord(event.data) || !this.#understands(event.data)) this.ignored++;
  };

  #understands(data: Readonly<Record<string, unknown>>): boolean {
    if (own(data, "v") !== protocol) return false;
    if (Object.hasOwn(data, "hello")) return this.#answered(data);
    if (!this.#open) return false;
    if (Object.hasOwn(data, "reply")) return this.#replied(data);
    return this.#said(data);
  }

  #answered(data: object): boolean {
    if (this.#open || this.#nonce === "" || own(data, "hello") !== this.#nonce) return false;
    this.#open = true;
    this.#silent = false;
    clearTimeout(this.#timer);
    this.ears.able(words(own(data, "commands")), words(own(data, "events")));
    for (const pending of this.#pending.values()) this.#send(pending);
    return true;
  }

  #replied(data: object): boolean {
    const id = own(data, "reply");
    const pending = typeof id === "number" ? this.#pending.get(id) : undefined;
    const ok = own(data, "ok");
    if (!pending || typeof ok !== "boolean") return false;
    if (ok) pending.done(plain(own(data, "result")));
    else pending.failed(code(own(data, "error")));
    return true;
  }

  #said(data: object): boolean {
    const [type] = words([own(data, "type")]);
    if (type === undefined) return false;
    this.ears.event(type, record(own(data, "payload")));
    return true;
  }

  #wait(id: number, message: object, read: (result?: Plain) => unknown): Pending {
    let done: (result: unknown) => void = () => {};
    let failed: (reason: Refused) => void = () => {};
    const promise = new Promise<unknown>((resolve, reject) => {
      done = resolve;
      failed = reject;
    });
    const pending: Pending = {
      ...{ message, promise, timer: undefined },
      done: (result) => {
        this.#settle(id);
        done(read(result));
      },
      failed: (reason) => {
        this.#settle(id);
        failed(new Refused(reason));
      },
    };
    this.#pending.set(id, pending);
    return pending;
  }

  #send(pending: Pending): void {
    this.#post(pending.message);
    pending.timer = setTimeout(() => pending.failed("no_answer"), patience);
  }

  #settle(id: number): void {
    clearTimeout(this.#pending.get(id)?.timer);
    this.#pending.delete(id);
  }

  #giveUp(reason: string): void {
    for (const pending of [...this.#pending.values()]) {
      // Whoever takes a meeting away need not wait for what it was asked before.
      pending.promise.catch(() => {});
      pending.failed(reason);
    }
  }

  #expect(within: number): void {
    clearTimeout(this.#timer);
    this.#silent = false;
    this.#timer = setTimeout(() => {
      this.#silent = true;
      this.#giveUp("no_answer");
      this.ears.silent();
    }, within);
  }

  /** #post says something to a page at the meeting's origin, and to no other that may be in the frame. */
  #post(message: object): void {
    this.frame.contentWindow?.postMessage(message, this.origin);
  }
}

function same(result?: Plain): Plain | undefined {
  return result;
}

/** copy is a message as the frame gets it, or null where it is too long or is no JSON. */
function copy(message: object): object | null {
  try {
    const text = JSON.stringify(message);
    return bytes(text) <= longest ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** nonce is new each time, and not to be guessed: 32 hexadecimal digits. */
function nonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function code(value: unknown): string {
  return typeof value === "string" && /^[a-z_]{1,40}$/.test(value) ? value : "refused";
}
