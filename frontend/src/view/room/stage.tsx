import { useRef, useState } from "preact/hooks";
import type { Participant } from "../../lib/wire.gen";
import type { Picture } from "../../model/picture";
import type { RoomState } from "../../model/room";
import { placeShare, type Scene } from "../../model/scene";
import { keyOf } from "../../model/slots";
import { room as words } from "../../text/room";
import { Icon } from "../icon";
import { useSize } from "../size";
import { Video } from "../video";
import { ShareTile, Tile } from "./tile";

export interface FloorProps {
  readonly state: RoomState;
  readonly scene: Scene;
  readonly pictures: ReadonlyMap<string, Picture>;
  /** one's own camera, which needs no server */
  readonly mirror: MediaStream | null;
  readonly pixelRatio: number;
  readonly onMeasured: (width: number, height: number, pixelRatio: number) => void;
  readonly onPage: (page: number) => void;
  readonly onShare: (participant: string) => void;
  readonly onFullScreen: () => void;
}

/** Floor is where people and shares are: a share with a strip of people, or people alone. */
export function Floor(props: FloorProps) {
  const floor = useRef<HTMLDivElement>(null);
  useSize(floor, props.onMeasured);
  const { scene } = props;
  return (
    <div class="floor" data-strip={scene.strip} ref={floor}>
      <section class="stage" aria-label={words.stage}>
        {scene.hero ? (
          <Hero {...props} hero={scene.hero} key={scene.hero.id} />
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

/** Hero is the share on the stage, at its own pixels when they fit. */
function Hero(props: FloorProps & { hero: Participant }) {
  const { hero, scene, pixelRatio } = props;
  const [size, setSize] = useState({ width: 0, height: 0 });
  const picture = pictureOf(props, hero.id, "screen");
  const { left, top, width, height } = placeShare(size, scene, pixelRatio);
  const open = picture?.open === true;
  return (
    <div
      class="hero-share"
      style={{ width: `${scene.stage.width}px`, height: `${scene.stage.height}px` }}
    >
      <Video
        stream={picture?.stream ?? null}
        shown={open}
        label={words.shareOf(hero.name)}
        style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` }}
        onSize={setSize}
        onDblClick={props.onFullScreen}
      />
      {open ? null : <p class="coming">{words.reconnecting}</p>}
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
            picture={pictureOf(props, other.id, "screen")}
            size={scene.tile}
            onShow={() => props.onShare(other.id)}
          />
        ))}
        {scene.tiles.map((participant) => (
          <Tile
            key={participant.id}
            participant={participant}
            self={participant.id === state.self}
            speaking={state.speakers.includes(participant.id)}
            picture={faceOf(props, participant.id)}
            size={scene.tile}
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
  return props.mirror ? { stream: props.mirror, open: true } : null;
}
