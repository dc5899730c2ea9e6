import { rightsIn } from "../../lib/group/rules";
import { type Action, type Right, rightFor, rights } from "../../lib/policy.gen";
import { type Person, person, type RoomState } from "../../model/room";

/** may says what this person may do here, by the server's own tables. The server decides all the same. */
export function may(room: RoomState, action: Action): boolean {
  const self = person(room, room.self);
  if (!self || room.forbidden.includes(action)) return false;
  if (rights[action].includes(self.role)) return true;
  const right = rightFor[action];
  return self.role === "attendee" && right !== undefined && rightsOf(room, self).includes(right);
}

/** rightsOf are the rights of one attendee, or of all for whom nothing else was said. */
export function rightsOf(room: RoomState, who: Person | undefined): readonly Right[] {
  const rules = room.group?.rules;
  return rules ? rightsIn(rules, who?.key ?? "") : [];
}

/**
 * seen is the room without those whom this person is not to see: the other
 * attendees, where the list of participants is not for attendees. Who speaks or
 * shows something shows themselves.
 */
export function seen(room: RoomState): RoomState {
  const self = person(room, room.self);
  if (!self || may(room, "see_participants")) return room;
  const people = room.people.filter(
    ({ id, role, live }) => id === room.self || role !== "attendee" || live.length > 0,
  );
  return { ...room, people, absent: [] };
}
