import { computed, signal } from "@preact/signals";
import {
  build,
  isEmbedder,
  markFramed,
  onceLoaded,
  paint,
  parentOrigin,
  tellParent,
} from "../../lib/around";
import { wishFirst } from "../../lib/language";
import { heedParent, type Letter } from "../../lib/parent";
import { isReadable, stronger } from "../../model/embed/accent";
import { Bucket } from "../../model/embed/bucket";
import { commandNames, type Refused, readCommand, type Wish } from "../../model/embed/commands";
import { eventNames, type Told, tell } from "../../model/embed/events";
import { type Incoming, noWishes, protocol, read, type Wishes } from "../../model/embed/message";

/** Done is what came of a command; asked: the person was, and nothing has happened yet. */
export type Done = { readonly result?: unknown } | { readonly error: Refused };

/** How long the page around this one has after this one is loaded, until it does without, in milliseconds. */
const patience = 700;

/**
 * Embedding is this page's end of the talk with the page around it. It speaks to
 * whom it has shaken hands with, once for each load, and to nobody else.
 */
export class Embedding {
  readonly wishes = signal<Wishes>(noWishes);
  /** how many messages made no sense, came too often, or from somewhere else */
  ignored = 0;
  /** where the page around this one is from; "" while nobody says it */
  readonly origin = computed(() => this.#pinned.value || parentOrigin());
  /** does what that page wants, once there is somebody who can */
  oncommand: (wish: Wish) => Done = () => ({ error: "not_in_meeting" });
  readonly #pinned = signal("");
  readonly #bucket = new Bucket(performance.now());
  /** what there was to tell before the handshake */
  readonly #untold: Told[] = [];
  #greeted: () => void = () => {};
  readonly #hello = new Promise<void>((resolve) => {
    this.#greeted = resolve;
  });

  constructor() {
    markFramed();
    heedParent((letter) => this.#hear(letter));
  }

  /** greet waits for the handshake, for a page is drawn as that asks for; but not for long. */
  greet(): Promise<void> {
    return Promise.race([this.#hello, onceLoaded(patience)]);
  }

  /** tell says something to the page around this one. Of what was too early the last is kept. */
  tell(...told: readonly Told[]): void {
    if (this.#pinned.value) for (const one of told) this.#say({ v: protocol, ...one });
    else this.#untold.splice(0, Math.max(0, this.#untold.push(...told) - mostUntold));
  }

  #say(message: object): void {
    tellParent(this.#pinned.value, message);
  }

  #hear({ origin, data }: Letter): void {
    const known = this.#pinned.value;
    if (known && origin !== known) return this.#ignore();
    const turn = this.#bucket.take(performance.now());
    if (turn === "tell" && known) this.tell(tell("errorOccurred", { error: "too_many_messages" }));
    const incoming = turn === "read" ? read(data) : null;
    if (incoming?.is === "hello" && !known && isEmbedder(origin)) this.#shake(origin, incoming);
    else if (incoming?.is === "command" && known) this.#obey(incoming);
    else this.#ignore();
  }

  #ignore(): void {
    this.ignored++;
  }

  #shake(origin: string, { nonce, wishes }: Extract<Incoming, { is: "hello" }>): void {
    this.#pinned.value = origin;
    this.wishes.value = wishes;
    if (wishes.lang) wishFirst(wishes.lang);
    if (wishes.accent && isReadable(wishes.accent)) {
      paint("--accent", wishes.accent);
      paint("--accent-strong", stronger(wishes.accent));
    }
    const [commands, events] = [commandNames, eventNames];
    this.#say({ v: protocol, hello: nonce, version: build, commands, events });
    this.tell(...this.#untold.splice(0));
    this.#greeted();
  }

  #obey({ id, name, args }: Extract<Incoming, { is: "command" }>): void {
    const wish = readCommand(name, args);
    const done: Done = typeof wish === "string" ? { error: wish } : this.oncommand(wish);
    const ok = !("error" in done);
    this.#say({ v: protocol, reply: id, ok, ...done });
  }
}

const mostUntold = 50;
