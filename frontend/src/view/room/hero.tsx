import { useState } from "preact/hooks";
import { standsWords } from "../../model/announce";
import type { Picture } from "../../model/picture";
import { live, type RoomState } from "../../model/room";
import { type Hero, heroKey, placeShare, type Scene } from "../../model/scene";
import { room as words } from "../../text/room";
import { pixels } from "../size";
import { Video } from "../video";
import { Avatar } from "./badge";
import { Pin } from "./pin";
import { Stands, slowWords, TileName } from "./tile";

export interface HeroesProps {
  readonly state: RoomState;
  readonly scene: Scene;
  readonly pictures: ReadonlyMap<string, Picture>;
  /** one's own camera, which needs no server */
  readonly mirror: MediaStream | null;
  readonly self: string;
  readonly speakers: readonly string[];
  readonly pixelRatio: number;
  /** slots.keyOf of what is pinned */
  readonly pinned: string;
  readonly onPin: (key: string) => void;
  readonly onFullScreen: () => void;
}

/** Heroes are what the stage is for: one picture, or two shares beside each other. */
export function Heroes(props: HeroesProps) {
  const { heroes, stacked } = props.scene;
  return (
    <div class="heroes" data-stacked={stacked}>
      {heroes.map((hero) =>
        hero.source === "screen" ? (
          <Share {...props} hero={hero} key={heroKey(hero)} />
        ) : (
          <Face {...props} hero={hero} key={heroKey(hero)} />
        ),
      )}
    </div>
  );
}

/** Share is a share on the stage, at its own pixels when they fit. */
function Share(props: HeroesProps & { hero: Hero }) {
  const { hero, scene, pixelRatio } = props;
  const [size, setSize] = useState({ width: 0, height: 0 });
  const picture = props.pictures.get(heroKey(hero));
  const open = picture?.open === true;
  const { name } = hero.person;
  return (
    <div class="hero-picture hero-share" style={pixels(scene.stage)}>
      <Video
        stream={picture?.stream ?? null}
        shown={open}
        label={words.shareOf(name)}
        style={pixels(placeShare(size, scene, pixelRatio))}
        onSize={setSize}
        onDblClick={props.onFullScreen}
      />
      {open ? null : <p class="coming">{words.reconnecting}</p>}
      <Stands words={standsWords(props.state, hero.person) || slowWords(picture)} />
      <PinOf {...props} what={words.shareNamed(name)} />
    </div>
  );
}

/** Face is somebody on the stage, whole and as large as can be. */
function Face(props: HeroesProps & { hero: Hero }) {
  const { hero, scene } = props;
  const { person } = hero;
  const self = person.id === props.self;
  const picture = self ? mirrored(props.mirror) : props.pictures.get(heroKey(hero));
  const shown = picture?.open === true && live(person, "camera");
  const speaking = props.speakers.includes(person.id);
  return (
    <div class="hero-picture hero-face" style={pixels(scene.stage)}>
      {shown ? null : <Avatar {...person} />}
      {picture ? (
        <Video
          stream={picture.stream}
          shown={shown}
          mirrored={self}
          onDblClick={props.onFullScreen}
        />
      ) : null}
      <Stands words={slowWords(picture)} />
      <TileName participant={person} self={self} speaking={speaking} />
      <PinOf {...props} what={person.name} />
    </div>
  );
}

function PinOf({ hero, what, pinned, onPin }: HeroesProps & { hero: Hero; what: string }) {
  const key = heroKey(hero);
  return <Pin picture={key} what={what} pinned={pinned === key} onPin={onPin} />;
}

/** mirrored is one's own picture, as far as there is one. */
export function mirrored(mirror: MediaStream | null): Picture | undefined {
  return mirror ? { stream: mirror, open: true } : undefined;
}
