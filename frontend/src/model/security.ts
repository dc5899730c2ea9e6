import type { GroupView, Identity, Member, Refusal } from "../lib/group/view";
import { pictures } from "../text/pictures";
import { security as words } from "../text/security";
import { person, type RoomState } from "./room";

/** Protection is what becomes of what one says and shows now. */
export type Protection = "encrypted" | "joining" | "stopped";

/** Met is what this device knows of somebody from before. */
export type Met =
  | "met"
  | "new"
  /** the same name was here before, with another key */
  | "changed";

export function protection(group: GroupView | null, refusal: Refusal | null): Protection {
  if (refusal) return "stopped";
  return group ? "encrypted" : "joining";
}

/** Picture is one of those that stand for a code, and how it is called. */
interface Picture {
  readonly picture: string;
  readonly name: string;
}

/** picturesOf are the code's pictures. */
export function picturesOf(numbers: readonly number[]): readonly Picture[] {
  const all = Object.entries(pictures).map(([picture, name]) => ({ picture, name }));
  return numbers.flatMap((n) => all[n] ?? []);
}

/**
 * readers lists who can read, of those in seen: where somebody is not to see all, what
 * they see of the room, the others being counted only.
 */
export function readers(seen: RoomState, hidden: boolean): readonly Member[] {
  const members = seen.group?.members ?? [];
  return hidden ? members.filter(({ participant }) => person(seen, participant)) : members;
}

/** standing says what vouches for a name. */
export function standing({ guest, org }: Pick<Identity, "guest" | "org">): string {
  return guest ? words.guest : words.signedInAt(org);
}
