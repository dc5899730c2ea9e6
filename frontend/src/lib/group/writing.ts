import { type Action, chatWith, rightFor, rights } from "../policy.gen";
import type { Rules } from "../wire.gen";
import { rightsIn } from "./rules";
import type { Member, To } from "./view";

/** Written is the part of a group that says who may write to whom. */
interface Written {
  readonly rules: Rules;
  members(): readonly Member[];
}

/**
 * mayWrite says whether the rules let a member write to whom a message is for. The
 * server asks the same, and of what it lets through every reader asks it again.
 */
export function mayWrite(group: Written, from: Member, to: To): boolean {
  const action = needed(group, to);
  if (!action) return false;
  if (rights[action].includes(from.role)) return true;
  const right = rightFor[action];
  return (
    from.role === "attendee" &&
    right !== undefined &&
    rightsIn(group.rules, from.key).includes(right)
  );
}

function needed(group: Written, to: To): Action | null {
  switch (to.to) {
    case "everyone":
      return "chat_everyone";
    case "hosts":
      return chatWith.host;
    case "presenters":
      return chatWith.presenter;
    case "one": {
      const reader = group.members().find(({ participant }) => participant === to.participant);
      return reader ? chatWith[reader.role] : null;
    }
  }
}
