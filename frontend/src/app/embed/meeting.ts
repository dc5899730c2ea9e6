import { computed, effect, signal } from "@preact/signals";
import type { Passed } from "../../lib/around";
import type { Wish } from "../../model/embed/commands";
import { changes, type Handles, type Told, tell, unseen } from "../../model/embed/events";
import { embed as words } from "../../text/embed";
import type { Entered, Hint } from "../around";
import type { Done } from "./embedding";
import { type Asking, obey } from "./obeying";
import { seenIn } from "./seeing";

const passes = {
  microphone: "microphone",
  camera: "camera",
  screen: "display-capture",
} as const satisfies Record<Asking, Passed>;

const kinds = ["microphone", "camera", "screen"] as const;

/** Who is asked takes longer to say no, in milliseconds. */
const tooSoon = 250;

/** For so long a question takes no click that was meant for what stood there, in milliseconds. */
const settling = 700;

/** For so long who said no is not asked again, in milliseconds. */
const peace = 30_000;

/** Meeting is one that somebody in a frame is in, as the page around it hears of it and takes part in it. */
export class Meeting {
  /** what that page wants the person to turn on, with the button that does it */
  readonly asks = computed(() =>
    kinds.filter((kind) => this.#asked.value.has(kind)).map(this.#ask),
  );
  /** what the person tried to use and may not, without having been asked */
  readonly vain = signal<readonly Passed[]>([]);
  readonly #entered: Entered;
  /** of this load, also for who comes in again */
  readonly #handles: Handles;
  /** what is asked, and since when */
  readonly #asked = signal<ReadonlyMap<Asking, number>>(new Map());
  /** what was said no to, and when */
  readonly #refused = new Map<Asking, number>();
  readonly #stops: readonly (() => void)[];

  constructor(entered: Entered, handles: Handles, told: (events: readonly Told[]) => void) {
    this.#entered = entered;
    this.#handles = handles;
    this.#stops = [
      this.#telling(told),
      ...kinds.map((kind) => effect(() => this.#forget(kind))),
      ...kinds.map((kind) => this.#trying(kind)),
    ];
  }

  obey(wish: Wish): Done {
    const ask = (what: Asking) => this.#askFor(what);
    return obey(wish, { ...this.#entered, handles: this.#handles, ask });
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  readonly #ask = (kind: Asking): Hint => {
    const { room, commands } = this.#entered;
    const run = () => {
      if (performance.now() - (this.#asked.value.get(kind) ?? 0) < settling) return;
      this.#drop(kind);
      if (kind === "screen") commands().share?.run();
      else void room.sources.start(kind);
    };
    const dismiss = () => {
      this.#refused.set(kind, performance.now());
      this.#drop(kind);
    };
    return { text: words.asks[kind], act: { label: words.turnOn[kind], run }, dismiss };
  };

  #askFor(kind: Asking): void {
    const now = performance.now();
    if (this.#asked.value.has(kind) || now - (this.#refused.get(kind) ?? -peace) < peace) return;
    this.#asked.value = new Map([...this.#asked.value, [kind, now]]);
  }

  #drop(kind: Asking): void {
    this.#asked.value = new Map([...this.#asked.value].filter(([one]) => one !== kind));
  }

  /** #forget: what is on need not be asked for. */
  #forget(kind: Asking): void {
    const on = this.#entered.room.sources[kind].value.state !== "off";
    if (on && this.#asked.peek().has(kind)) this.#drop(kind);
  }

  #telling(told: (events: readonly Told[]) => void): () => void {
    let before = unseen;
    return effect(() => {
      const seen = seenIn(this.#entered);
      if (!seen) return;
      const events = [...this.#trouble(), ...changes(before, seen, this.#handles)];
      before = seen;
      if (events.length > 0) told(events);
    });
  }

  #trouble(): readonly Told[] {
    const phase = this.#entered.room.phase.value;
    if (phase.at !== "turned_away") return [];
    return [tell("errorOccurred", { error: phase.why, sentence: words.away[phase.why] })];
  }

  /** #trying notices what is refused before anybody can have been asked. */
  #trying(kind: Asking): () => void {
    let began = 0;
    return effect(() => {
      const { state, trouble } = this.#entered.room.sources[kind].value;
      if (state === "starting") began = performance.now();
      const vain = trouble === "denied" && performance.now() - began < tooSoon;
      const others = this.vain.peek().filter((one) => one !== passes[kind]);
      if (vain) this.vain.value = [...others, passes[kind]];
      else if (others.length < this.vain.peek().length) this.vain.value = others;
    });
  }
}
