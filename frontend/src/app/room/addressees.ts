import { chatWith } from "../../lib/policy.gen";
import type { Addressee, Addressees } from "../../model/chat";
import type { Person, RoomState } from "../../model/room";
import { may, seen } from "./right";

/** addressees lists whom this person may write to, of those who are here and whom they may see. */
export function addressees(room: RoomState): Addressees {
  const others = seen(room).people.filter((p) => p.id !== room.self);
  const some = (role: "host" | "presenter") =>
    may(room, chatWith[role]) && others.some((p) => p.role === role);
  const one = ({ id, name }: Person): Addressee => ({ to: "one", participant: id, name });
  return [
    ...(may(room, "chat_everyone") ? [{ to: "everyone" } as const] : []),
    ...(some("host") ? [{ to: "hosts" } as const] : []),
    ...(some("presenter") ? [{ to: "presenters" } as const] : []),
    ...others.filter((p) => may(room, chatWith[p.role])).map(one),
  ];
}
