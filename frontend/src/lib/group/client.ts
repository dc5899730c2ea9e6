import type { Bytes } from "../sframe/bytes";
import { startWorker } from "../trusted";
import type { Code, Command, Event } from "../wire.gen";
import script from "./group.worker?worker&url";
import type { Credentials, FromGroup, ToGroup } from "./messages";
import type { Ticket } from "./newcomer";
import type { Frozen, Notice } from "./notice";
import type { Met } from "./people";
import type { RulesChange } from "./rules";
import type { GroupView, Message, Reaction, Refusal, To } from "./view";

export type { Ticket };

/** GroupEvents are told from the moment somebody is in the group. */
export interface GroupEvents {
  view(view: GroupView): void;
  met(participant: string, met: Met): void;
  /** a command to send; what came of it is returned */
  command(command: Command): Promise<Code>;
  message(message: Message): void;
  reaction(reaction: Reaction): void;
  notice(notice: Notice): void;
  /** a change of the rules was not taken: a code of the server, or as if it were one */
  unruled(code: string): void;
  /** this person does not follow the group any more, and sends nothing more */
  refused(refusal: Refusal): void;
}

/** PublicKeys are what one shows of oneself, base64url. */
export interface PublicKeys {
  readonly signatureKey: string;
  readonly sealingKey: string;
}

const patience = 20_000;

/**
 * GroupClient is the page's end of the group's worker, one for each stay. The
 * page sees names, numbers and plain messages; keys never come here.
 */
export class GroupClient {
  events: GroupEvents | null = null;
  readonly keys: Promise<PublicKeys>;
  readonly #worker: Worker;
  #closed = false;
  readonly #sealing = new Map<number, (bytes: Bytes | null) => void>();
  #identified: ((ticket: Ticket | null) => void) | null = null;
  #last = 0;
  #gotKeys: (keys: PublicKeys) => void = () => {};

  /** start starts the worker; keys go out on port, to the worker of frames. */
  static async start(port: MessagePort): Promise<GroupClient> {
    return new GroupClient(await startWorker(script), port);
  }

  private constructor(worker: Worker, port: MessagePort) {
    this.#worker = worker;
    this.keys = new Promise((resolve, reject) => {
      this.#gotKeys = resolve;
      setTimeout(() => reject(new Error("the group's worker does not answer")), patience);
    });
    // Whoever joins hears of a failure; nobody else needs to.
    this.keys.catch(() => {});
    worker.onmessage = ({ data }) => this.#hear(data as FromGroup);
    worker.onerror = () => this.events?.refused("broken");
    worker.postMessage({ type: "begin", port } satisfies ToGroup, [port]);
  }

  /** identify makes the ticket out of what the site answered; null when there is no way in. */
  async identify(credentials: Credentials): Promise<Ticket | null> {
    const ticket = new Promise<Ticket | null>((resolve) => {
      this.#identified = resolve;
      setTimeout(() => resolve(null), patience);
    });
    this.#say({ type: "identify", credentials });
    return ticket;
  }

  /** hear passes on an event of the socket. */
  hear(event: Event): void {
    this.#say({ type: "event", event });
  }

  admit(participants: readonly string[]): void {
    this.#say({ type: "admit", participants });
  }

  setRules(change: RulesChange): void {
    this.#say({ type: "rules", change });
  }

  /** expel has who has that key taken out, whatever the server says of them; or takes that back. */
  expel(key: string, expelled: boolean): void {
    this.#say({ type: "expel", key, expelled });
  }

  /** seal makes a chat message ready to send; null when it cannot be. */
  seal(to: To, text: string): Promise<Bytes | null> {
    const id = ++this.#last;
    this.#say({ type: "seal", id, to, text });
    return this.#sealed(id);
  }

  /** sealReaction makes a sign for everyone ready to send; null when it cannot be. */
  sealReaction(sign: number): Promise<Bytes | null> {
    const id = ++this.#last;
    this.#say({ type: "react", id, sign });
    return this.#sealed(id);
  }

  /** notify makes ready to send what one says of one's own share; null when it cannot be. */
  notify(frozen: Frozen): Promise<Bytes | null> {
    const id = ++this.#last;
    this.#say({ type: "notify", id, frozen });
    return this.#sealed(id);
  }

  /** open takes in a message from a data channel; what is in it comes as an event. */
  open(bytes: Bytes): void {
    this.#say({ type: "open", bytes });
  }

  close(): void {
    this.#closed = true;
    this.events = null;
    this.#worker.terminate();
    for (const sealed of this.#sealing.values()) sealed(null);
    this.#sealing.clear();
  }

  #sealed(id: number): Promise<Bytes | null> {
    return new Promise((resolve) => this.#sealing.set(id, resolve));
  }

  #say(message: ToGroup): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromGroup): void {
    if (this.#closed) return;
    switch (message.type) {
      case "keys":
        return this.#gotKeys(withoutType(message));
      case "identified":
        return this.#identified?.(withoutType(message));
      case "unidentified":
        return this.#identified?.(null);
      case "view":
        return this.events?.view(message.view);
      case "met":
        return this.events?.met(message.participant, message.met);
      case "command":
        return void this.#command(message.id, message.command);
      case "sealed":
        this.#sealing.get(message.id)?.(message.bytes);
        this.#sealing.delete(message.id);
        return;
      case "message":
        return this.events?.message(message.message);
      case "reaction":
        return this.events?.reaction(message.reaction);
      case "notice":
        return this.events?.notice(message.notice);
      case "unruled":
        return this.events?.unruled(message.code);
      case "refused":
        return this.events?.refused(message.refusal);
    }
  }

  async #command(id: number, command: Command): Promise<void> {
    const code = await (this.events?.command(command) ?? Promise.reject()).catch(
      () => "lost" as const,
    );
    this.#say({ type: "replied", id, code });
  }
}

/** withoutType is what a message carries: it goes on to places that take nothing else. */
function withoutType<T extends FromGroup>({ type: _, ...rest }: T): Omit<T, "type"> {
  return rest;
}
