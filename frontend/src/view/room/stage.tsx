import { useRef } from "preact/hooks";
import { standsWords } from "../../model/announce";
import type { Picture } from "../../model/picture";
import { type Reactions, signOf } from "../../model/reactions";
import type { RoomState } from "../../model/room";
import { keyOf } from "../../model/slots";
import { room as words } from "../../text/room";
import { Icon } from "../icon";
import { useSize } from "../size";
import { Heroes, type HeroesProps, mirrored } from "./hero";
import { ShareTile, slowWords, Tile } from "./tile";

export interface FloorProps extends Omit<HeroesProps, "self" | "speakers"> {
  /** the signs people give now */
  readonly reactions: Reactions;
  readonly state: RoomState;
  readonly onMeasured: (width: number, height: number, pixelRatio: number) => void;
  readonly onPage: (page: number) => void;
}

/** Floor is where people and shares are: what the stage is for with a strip of people, or all alike. */
export function Floor(props: FloorProps) {
  const floor = useRef<HTMLDivElement>(null);
  useSize(floor, props.onMeasured);
  const { scene, state } = props;
  return (
    <div class="floor" data-strip={scene.strip} ref={floor}>
      <section class="stage" aria-label={words.stage}>
        {scene.heroes.length > 0 ? (
          <Heroes {...props} self={state.self} speakers={state.speakers} />
        ) : (
          <Faces {...props} />
        )}
      </section>
      {scene.strip === "none" ? null : (
        <section class="strip" aria-label={words.faces}>
          <Faces {...props} />
        </section>
      )}
    </div>
  );
}

function Faces(props: FloorProps) {
  const { scene, state } = props;
  return (
    <>
      <ul class="tiles">
        {scene.others.map((other) => (
          <ShareTile
            key={`share ${other.id}`}
            participant={other}
            stands={standsWords(state, other) || slowWords(pictureOf(props, other.id, "screen"))}
            picture={pictureOf(props, other.id, "screen")}
            size={scene.tile}
            onPin={props.onPin}
          />
        ))}
        {scene.tiles.map((participant) => (
          <Tile
            key={participant.id}
            participant={participant}
            self={participant.id === state.self}
            speaking={state.speakers.includes(participant.id)}
            picture={faceOf(props, participant.id)}
            sign={signOf(props.reactions, participant.id)}
            size={scene.tile}
            onPin={participant.id === state.self ? null : props.onPin}
          />
        ))}
      </ul>
      {scene.pages > 1 ? <Pager {...props} /> : null}
    </>
  );
}

function Pager({ scene, onPage }: FloorProps) {
  return (
    <div class="pager">
      <button
        type="button"
        class="button icon-only"
        disabled={scene.page === 0}
        onClick={() => onPage(scene.page - 1)}
      >
        <Icon name="back" />
        <span class="unseen">{words.fewerPeople}</span>
      </button>
      <span>{words.page(scene.page + 1, scene.pages)}</span>
      <button
        type="button"
        class="button icon-only"
        disabled={scene.page === scene.pages - 1}
        onClick={() => onPage(scene.page + 1)}
      >
        <Icon name="forward" />
        <span class="unseen">{words.morePeople}</span>
      </button>
    </div>
  );
}

function pictureOf(props: FloorProps, participant: string, source: "camera" | "screen") {
  return props.pictures.get(keyOf({ participant, source })) ?? null;
}

function faceOf(props: FloorProps, participant: string): Picture | null {
  if (participant !== props.state.self) return pictureOf(props, participant, "camera");
  return mirrored(props.mirror) ?? null;
}
