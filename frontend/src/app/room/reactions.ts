import { effect, signal } from "@preact/signals";
import type { Reaction } from "../../lib/group/view";
import {
  fadesIn,
  fading,
  type Reactions as Given,
  noReactions,
  reacted,
  reactionWords,
} from "../../model/reactions";
import { person, type RoomState } from "../../model/room";
import { seen } from "./right";

export interface ReactionEvents {
  /** whether the sign is on its way */
  send(sign: number): Promise<boolean>;
  state(): RoomState;
  /** said to those who listen instead of look */
  announce(text: string): void;
}

/** Who listens is told of reactions at most that often, of all that came meanwhile. */
const breath = 4_000;

/** Reactions are the signs that people give in passing, and this person's own. */
export class Reactions {
  readonly shown = signal<Given>(noReactions);
  readonly #events: ReactionEvents;
  readonly #unsaid = new Map<string, number>();
  readonly #stop: () => void;
  #breathing: ReturnType<typeof setTimeout> | undefined;

  constructor(events: ReactionEvents) {
    this.#events = events;
    this.#stop = effect(() => this.#fade());
  }

  /** give shows a sign to everyone, oneself too, once it is on its way. It tells whether it is. */
  async give(sign: number): Promise<boolean> {
    const from = this.#events.state().self;
    const now = Date.now();
    if (reacted(this.shown.peek(), { from, sign }, now) === this.shown.peek()) return true;
    if (!(await this.#events.send(sign))) return false;
    this.shown.value = reacted(this.shown.peek(), { from, sign }, now);
    return true;
  }

  hear(reaction: Reaction): void {
    const before = this.shown.peek();
    this.shown.value = reacted(before, reaction, Date.now());
    if (this.shown.peek() === before) return;
    this.#unsaid.set(reaction.from, reaction.sign);
    if (this.#breathing === undefined) this.#say();
  }

  /** close leaves nothing of them. */
  close(): void {
    this.#stop();
    clearTimeout(this.#breathing);
    this.#unsaid.clear();
    this.shown.value = noReactions;
  }

  /** #fade takes each sign away in its time. */
  #fade(): (() => void) | undefined {
    const rest = fadesIn(this.shown.value, Date.now());
    if (rest === null) return;
    const timer = setTimeout(() => {
      this.shown.value = fading(this.shown.peek(), Date.now());
    }, rest);
    return () => clearTimeout(timer);
  }

  #say(): void {
    this.#breathing = undefined;
    const state = seen(this.#events.state());
    const given = [...this.#unsaid].flatMap(([id, sign]) => {
      const name = person(state, id)?.name;
      return name === undefined ? [] : [{ name, sign }];
    });
    this.#unsaid.clear();
    if (given.length === 0) return;
    this.#events.announce(reactionWords(given));
    this.#breathing = setTimeout(() => this.#say(), breath);
  }
}
