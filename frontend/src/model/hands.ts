import type { HandChanged } from "../lib/wire.gen";
import { talk as words } from "../text/talk";
import { type Person, person, type RoomEvent, type RoomState } from "./room";

/** queue lists who wants to speak, whose hand went up first before the others. */
export function queue(room: RoomState): readonly Person[] {
  return room.people.filter(isUp).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
}

/** isUp tells whether somebody's hand is. */
export function isUp(someone: Pick<Person, "hand"> | undefined): boolean {
  return (someone?.hand ?? 0) > 0;
}

/** handWords says that a hand went up, and what became of one's own; "" for the rest. */
export function handWords(after: RoomState, { participant, hand, by }: HandChanged): string {
  const who = person(after, participant);
  if (!who) return "";
  if (who.id !== after.self) return hand > 0 ? words.raised(who.name) : "";
  if (by !== undefined) return ""; // a notice says it
  return hand > 0 ? words.youRaised(queue(after).indexOf(who) + 1) : words.youLowered;
}

/** lowered says who took this person's hand down; "" when nobody did. */
export function lowered(room: RoomState, event: RoomEvent): string {
  if (event.type !== "hand_changed" || event.data.participant !== room.self) return "";
  const { by } = event.data;
  return by === undefined ? "" : words.loweredBy(person(room, by)?.name ?? words.somebody);
}
