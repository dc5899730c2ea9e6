import { outside } from "./site";
import type { Code, Command, Event } from "./wire.gen";

/** Wire is what a socket needs of a WebSocket; a test brings its own. */
export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface SocketEvents {
  /** every event but replies, in order */
  event(event: Event): void;
  /** once; code is the WebSocket close code */
  closed(code: number): void;
}

/** Lost rejects the commands that were on their way when the socket closed. */
export class Lost extends Error {
  constructor() {
    super("the socket is closed");
    this.name = "Lost";
  }
}

type Named<T extends Command["type"]> = Extract<Command, { type: T }>["data"];

interface Pending {
  settle(code: Code): void;
  fail(reason: Lost): void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** More commands on their way than a person can give: something is wrong. */
const mostPending = 64;
const patience = 12_000;

/** Socket speaks the signalling protocol: numbered commands, their replies, events. */
export class Socket {
  readonly #wire: Wire;
  readonly #events: SocketEvents;
  readonly #pending = new Map<number, Pending>();
  /** resolves when the socket opened, or never will */
  readonly #ready: Promise<void>;
  #settled: () => void = () => {};
  #last = 0;
  #closed = false;

  constructor(wire: Wire, events: SocketEvents) {
    this.#wire = wire;
    this.#events = events;
    this.#ready = new Promise((resolve) => {
      this.#settled = resolve;
    });
    wire.onopen = () => this.#settled();
    wire.onmessage = ({ data }) => this.#receive(data);
    wire.onclose = ({ code }) => this.#close(code);
  }

  /**
   * command sends a command and resolves with the code of its reply. A server
   * that does not reply in time is as good as gone, except for join, which
   * may be answered by waiting for hours.
   */
  command<T extends Command["type"]>(type: T, data: Named<T>): Promise<Code> {
    return this.send({ type, data } as Command);
  }

  /** send is command for one that was put together elsewhere. */
  async send({ type, data }: Command): Promise<Code> {
    await this.#ready;
    if (this.#closed || this.#pending.size >= mostPending) throw new Lost();
    const id = ++this.#last;
    const reply = new Promise<Code>((settle, fail) => {
      const timer = type === "join" ? undefined : setTimeout(() => this.#giveUp(), patience);
      this.#pending.set(id, { settle, fail, timer });
    });
    this.#wire.send(JSON.stringify({ type, id, data }));
    return reply;
  }

  close(): void {
    this.#wire.close(1000);
    this.#close(1000);
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    const event = parse(data);
    if (!event) return;
    if (event.type === "reply") this.#reply(event.data.re, event.data.code);
    else this.#events.event(event);
  }

  #reply(id: number, code: Code): void {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    pending?.settle(code);
  }

  #giveUp(): void {
    this.#wire.close();
    this.#close(1006);
  }

  #close(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.fail(new Lost());
    }
    this.#pending.clear();
    this.#settled();
    this.#events.closed(code);
  }
}

/** connect opens the socket of one stay. The ticket travels as a subprotocol: in no URL, no log. */
export function connect(ticket: string): Wire {
  const url = new URL(outside("/v1/socket"), location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, ["conclave.v1", `ticket.${ticket}`]) as Wire;
}

const known: Readonly<Record<Event["type"], true>> = {
  admitted: true,
  codecs: true,
  committed: true,
  encodings_wanted: true,
  ended: true,
  hand_changed: true,
  ice_restarted: true,
  knock: true,
  knock_over: true,
  no_room: true,
  participant_joined: true,
  participant_left: true,
  policy_changed: true,
  reply: true,
  settled: true,
  source_changed: true,
  speakers: true,
  unmute_asked: true,
  waiting: true,
  welcome: true,
};

/** parse takes an event apart; what is newer than this page is left alone. */
function parse(data: unknown): Event | null {
  if (typeof data !== "string") return null;
  try {
    const frame = JSON.parse(data) as Event;
    return Object.hasOwn(known, frame.type) && typeof frame.data === "object" ? frame : null;
  } catch {
    return null;
  }
}
