import { moved as words } from "../text/moved";
import type { Moved } from "./source";

/** movedWords says what is used now, and why. */
export function movedWords({ kind, back, label }: Moved): string {
  return back ? words.back[kind](label) : words.away[kind](label);
}
