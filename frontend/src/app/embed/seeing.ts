import { type Seen, type Somebody, unseen } from "../../model/embed/events";
import type { Entered } from "../around";

/** somebodyIn are those whom the person sees, as far as the page around this one may know them. */
export function somebodyIn({ people }: Entered): readonly Somebody[] {
  return people().map(({ id, name, role, hand }) => ({ id, name, role, hand: (hand ?? 0) > 0 }));
}

/** seenIn is the meeting as it may be told; null while it is about to change, as on the way back into it. */
export function seenIn(entered: Entered): Seen | null {
  const { room } = entered;
  const { at } = room.phase.value;
  if (room.isOver()) return { ...unseen, over: true };
  if (at !== "inside" || !room.self.value) return null;
  return {
    self: room.state.value.self,
    people: somebodyIn(entered),
    knocking: entered.knockers().map(({ participant: id, name }) => ({ id, name })),
    muted: room.sources.microphone.value.state !== "on",
    videoMuted: room.sources.camera.value.state !== "on",
    sharing: room.sources.screen.value.state === "on",
    tiles: room.viewing.choice.value.layout === "grid",
    over: false,
  };
}
