import { signal } from "@preact/signals";
import type { Message, To } from "../../lib/group/view";
import {
  addresseeOf,
  type Chat,
  type Draft,
  emptyDraft,
  heard,
  messageTo,
  nothingSaid,
  read,
  said,
} from "../../model/chat";
import type { RoomState } from "../../model/room";
import { chat as words } from "../../text/chat";
import { addressees } from "./addressees";
import { Reactions } from "./reactions";

export interface TalkEvents {
  /** whether the message is on its way */
  send(to: To, text: string): Promise<boolean>;
  /** whether the sign is on its way to everyone */
  react(sign: number): Promise<boolean>;
  state(): RoomState;
  /** said to those who listen instead of look, while the chat is closed */
  announce(text: string): void;
}

/** Talk is the chat of one meeting. It is in this page's memory and goes with it. */
export class Talk {
  readonly chat = signal<Chat>(nothingSaid);
  readonly draft = signal<Draft>(emptyDraft);
  readonly problem = signal("");
  readonly reactions: Reactions;
  readonly #events: TalkEvents;
  #open = false;

  constructor(events: TalkEvents) {
    this.#events = events;
    this.reactions = new Reactions({ ...events, send: events.react });
  }

  /** look: the person has the chat before them, or has not. */
  look(open: boolean): void {
    this.#open = open;
    if (open) this.chat.value = read(this.chat.peek());
  }

  hear(message: Message): void {
    const at = { time: Date.now(), open: this.#open };
    this.chat.value = said(this.chat.peek(), this.#events.state(), message, at);
    if (!this.#open) this.#events.announce(heard(this.chat.peek().lines.at(-1)));
  }

  /** write keeps what is being written. */
  readonly write = (draft: Draft): void => {
    this.draft.value = draft;
    this.problem.value = "";
  };

  /** send sends the draft, and empties it once it is on its way. */
  async send(): Promise<void> {
    const draft = this.draft.peek();
    const addressee = addresseeOf(draft, addressees(this.#events.state()));
    if (!addressee) return;
    const to = messageTo(addressee);
    const text = draft.text.trim();
    if (!(await this.#events.send(to, text))) {
      this.problem.value = words.notSent;
      return;
    }
    this.hear({ from: this.#events.state().self, to, text });
    if (this.draft.peek() === draft) this.draft.value = { ...draft, text: "" };
  }

  /** clear leaves nothing of it. */
  clear(): void {
    this.chat.value = nothingSaid;
    this.draft.value = emptyDraft;
    this.problem.value = "";
    this.reactions.close();
  }
}
