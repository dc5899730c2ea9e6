import { signal } from "@preact/signals";
import type { Engine } from "../../lib/media/engine";
import type { Code, SlotWish } from "../../lib/wire.gen";
import type { Picture } from "../../model/picture";
import { assign, emptySlot, keyOf, type Slot, type Wanted, wishes } from "../../model/slots";
import { type Counted, stalled } from "../../model/stall";

export interface PictureEvents {
  watch(slots: readonly SlotWish[]): Promise<Code>;
  refresh(mid: string): void;
  /** a participant's leaf in the group; null while they have none */
  leafOf(participant: string): number | null;
}

type VideoSlots = Pick<Engine, "slots" | "counters" | "expect">;

/**
 * A slot that was pointed at another person still shows the last frame of the
 * one before. It is covered from the moment of asking until a frame came that
 * the new person's key opened: only then is the picture theirs.
 */
type Cover = "asked" | "answered" | "open";

const debounce = 120;
const look = 1_000;
/** A slot is asked about at most every so many looks. */
const patience = 2;

/** Pictures decide which of the video slots holds what, and whether it may be seen. */
export class Pictures {
  /** by slots.keyOf */
  readonly shown = signal<ReadonlyMap<string, Picture>>(new Map());
  readonly #engine: VideoSlots;
  readonly #events: PictureEvents;
  readonly #streams = new Map<string, MediaStream>();
  readonly #covers = new Map<string, Cover>();
  /** whose frames each slot lets through */
  readonly #leaves = new Map<string, number | null>();
  readonly #idle = new Map<string, number>();
  /** the slots that the line has no room for, as the server says */
  #standing: readonly string[] = [];
  readonly #watchdog = setInterval(() => void this.#watch(), look);
  #slots: readonly Slot[] = [];
  #wanted: readonly Wanted[] = [];
  #counted: Counted = new Map();
  #told = "[]";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: VideoSlots, events: PictureEvents) {
    this.#engine = engine;
    this.#events = events;
    for (const pool of ["screen", "camera"] as const) {
      for (const { mid, stream } of engine.slots(pool)) {
        this.#streams.set(mid, stream);
        this.#slots = [...this.#slots, emptySlot(mid, pool)];
      }
    }
  }

  /** want says what is drawn now. Quick changes are told to the server once. */
  want(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    if (this.#told === "[]") return this.#tell();
    this.#timer = setTimeout(() => this.#tell(), debounce);
  }

  /** opened: a slot shows from now on whom it expects. */
  opened(mid: string, leaf: number): void {
    if (this.#leaves.get(mid) !== leaf) return;
    this.#covers.set(mid, "open");
    this.#publish();
  }

  /** stand: in these slots a picture stands still, as this browser's line has no room for it. */
  stand(mids: readonly string[]): void {
    this.#standing = mids;
    this.#publish();
  }

  /** regrouped: participants may have other leaves than before. */
  regrouped(): void {
    for (const { mid, wish } of this.#slots) {
      if (wish && this.#leaves.get(mid) !== this.#events.leafOf(wish.participant)) {
        this.#covers.set(mid, "answered");
        this.#expect(mid, wish);
      }
    }
    this.#publish();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watchdog);
  }

  #tell(): void {
    const before = this.#slots;
    this.#slots = assign(before, this.#wanted);
    const list = wishes(this.#slots);
    const told = JSON.stringify(list);
    if (told === this.#told) return;
    this.#told = told;
    const changed = this.#slots.filter((slot, i) => moves(before[i], slot));
    for (const { mid, wish } of changed) {
      this.#covers.set(mid, "asked");
      this.#expect(mid, wish);
    }
    const moved = changed.map((slot) => slot.mid);
    this.#standing = this.#standing.filter((mid) => !moved.includes(mid));
    this.#publish();
    this.#events
      .watch(list)
      .then((code) => code === "ok" && this.#answered(moved))
      .catch(() => {});
  }

  #expect(mid: string, wish: Wanted | null): void {
    const leaf = wish && this.#events.leafOf(wish.participant);
    this.#leaves.set(mid, leaf);
    this.#engine.expect(mid, leaf, wish?.source ?? "camera");
  }

  #answered(mids: readonly string[]): void {
    for (const mid of mids) {
      if (this.#covers.get(mid) === "asked") this.#covers.set(mid, "answered");
      this.#idle.set(mid, 0);
    }
  }

  #publish(): void {
    const shown = new Map<string, Picture>();
    for (const { mid, wish } of this.#slots) {
      const stream = this.#streams.get(mid);
      if (!wish || !stream) continue;
      const open = this.#covers.get(mid) === "open";
      shown.set(keyOf(wish), { stream, open, stands: this.#standing.includes(mid) });
    }
    this.shown.value = shown;
  }

  /** #watch asks for a key frame where a picture should move and does not. */
  async #watch(): Promise<void> {
    const before = this.#counted;
    const busy = this.#slots.filter((slot) => slot.wish);
    if (busy.length === 0) return;
    this.#counted = await this.#engine.counters();
    for (const { mid } of busy) {
      const stands = stalled(before.get(mid), this.#counted.get(mid));
      const waits = this.#covers.get(mid) === "answered";
      const idle = stands || waits ? (this.#idle.get(mid) ?? 0) + 1 : 0;
      this.#idle.set(mid, idle);
      const due = stands ? 1 : 0;
      if (idle > 0 && idle % patience === due) this.#events.refresh(mid);
    }
  }
}

function moves(before: Slot | undefined, after: Slot): boolean {
  const key = (slot: Slot | undefined) => (slot?.wish ? keyOf(slot.wish) : "");
  return key(before) !== key(after);
}
