import { computed, signal } from "@preact/signals";
import type { GroupView, Refusal } from "../../lib/group/view";
import type { Met } from "../../model/security";

/**
 * Gathering is what this page knows of the group beside who is in it: who is
 * known from before, by which door people came, whom the host has just let in,
 * and why the group is not followed any more, if it is not.
 */
export class Gathering {
  readonly view = signal<GroupView | null>(null);
  readonly refusal = signal<Refusal | null>(null);
  readonly met = signal<ReadonlyMap<string, Met>>(new Map());
  readonly byPassword = signal<ReadonlySet<string>>(new Set());
  readonly #admitted = signal<ReadonlySet<string>>(new Set());

  /** admitting are those who were let in and still wait for it to happen. */
  readonly admitting = computed(() => {
    const knocking = new Set(this.view.value?.knockers.map((k) => k.participant));
    return new Set([...this.#admitted.value].filter((id) => knocking.has(id)));
  });

  /** see takes in the group as it is now. */
  see(view: GroupView): void {
    this.view.value = view;
    const door = view.knockers.filter((k) => k.door === "password").map((k) => k.participant);
    if (door.some((id) => !this.byPassword.value.has(id))) {
      this.byPassword.value = new Set([...this.byPassword.value, ...door]);
    }
  }

  recognise(participant: string, met: Met): void {
    this.met.value = new Map(this.met.value).set(participant, met);
  }

  admit(participants: readonly string[]): void {
    this.#admitted.value = new Set([...this.#admitted.value, ...participants]);
  }

  /** begin forgets the group before: a new stay is in another, or not in one yet. */
  begin(): void {
    this.view.value = null;
    this.refusal.value = null;
  }

  leafOf(participant: string): number | null {
    return this.view.value?.members.find((m) => m.participant === participant)?.leaf ?? null;
  }
}
