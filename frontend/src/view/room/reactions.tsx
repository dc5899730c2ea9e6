import { type Reactions, signOf } from "../../model/reactions";
import type { RoomState } from "../../model/room";
import type { Scene } from "../../model/scene";

/** Sign is what somebody shows now, on their tile. Who does not see it hears of it. */
export function Sign({ sign }: { sign: string }) {
  return sign ? (
    <span class="reaction" aria-hidden="true">
      {sign}
    </span>
  ) : null;
}

export interface ReactionsProps {
  readonly state: RoomState;
  readonly scene: Scene;
  readonly reactions: Reactions;
}

/** UnseenReactions are those of people who have no tile on screen. */
export function UnseenReactions({ state, scene, reactions }: ReactionsProps) {
  const drawn = new Set(scene.tiles.map(({ id }) => id));
  const given = state.people.filter(({ id }) => !drawn.has(id) && signOf(reactions, id) !== "");
  return (
    <ul class="reactions" aria-hidden="true">
      {given.slice(0, 5).map(({ id, name }) => (
        <li key={id}>
          <span class="sign">{signOf(reactions, id)}</span> {name}
        </li>
      ))}
    </ul>
  );
}
