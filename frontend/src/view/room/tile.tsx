import { isUp } from "../../model/hands";
import type { Size } from "../../model/layout";
import type { Picture } from "../../model/picture";
import { live, type Person } from "../../model/room";
import { keyOf } from "../../model/slots";
import { room as words } from "../../text/room";
import { talk } from "../../text/talk";
import { Icon } from "../icon";
import { pixels } from "../size";
import { Video } from "../video";
import { Avatar } from "./badge";

import { Pin, type PinProps, pinAndFollow } from "./pin";
import { Sign } from "./reactions";

export interface TileProps {
  readonly participant: Person;
  readonly self: boolean;
  readonly speaking: boolean;
  readonly picture: Picture | null;
  /** the reaction they give now; "" for none */
  readonly sign: string;
  readonly size: Size;
  /** puts the person on the stage; null for oneself */
  readonly onPin: PinProps["onPin"] | null;
}

/** Tile is one person: their face or their initials, their name, and what they send. */
export function Tile({ participant, self, speaking, picture, sign, size, onPin }: TileProps) {
  const shown = picture?.open === true && live(participant, "camera");
  const face = keyOf({ participant: participant.id, source: "camera" });
  return (
    <li class={speaking ? "tile speaking" : "tile"} style={pixels(size)}>
      {shown ? null : <Avatar {...participant} />}
      {picture ? <Video stream={picture.stream} shown={shown} mirrored={self} /> : null}
      <Sign sign={sign} />
      <Stands words={slowWords(picture)} />
      <TileName participant={participant} self={self} speaking={speaking} />
      {onPin ? <Pin picture={face} what={participant.name} pinned={false} onPin={onPin} /> : null}
    </li>
  );
}

/** TileName is what stands on somebody's picture. */
export function TileName(props: Pick<TileProps, "participant" | "self" | "speaking">) {
  const { participant, self, speaking } = props;
  const audible = live(participant, "microphone");
  return (
    <p class="tag">
      {audible ? null : <Icon name="microphoneOff" />}
      {speaking ? <Icon name="sound" /> : null}
      {isUp(participant) ? <Icon name="hand" /> : null}
      <span class="name" title={participant.name}>
        {self ? words.you : participant.name}
      </span>
      <span class="unseen">{audible ? (speaking ? words.speaking : "") : words.muted}</span>
      {isUp(participant) ? <span class="unseen">{talk.handUp}</span> : null}
    </p>
  );
}

/** slowWords says that a picture stands still for want of room; "" when it does not. */
export function slowWords(picture: Picture | null | undefined): string {
  return picture?.stands ? words.noRoom.here : "";
}

/** Stands says over a picture that it stands still. */
export function Stands({ words: said }: { words: string }) {
  if (!said) return null;
  return (
    <p class="stands">
      <span class="tag">
        <Icon name="pause" />
        <span class="name">{said}</span>
      </span>
    </p>
  );
}

/** ShareTile is another share, which the person may put on the stage. */
export function ShareTile(props: {
  readonly participant: Person;
  /** says that it stands still; "" when it does not */
  readonly stands: string;
  readonly picture: Picture | null;
  readonly size: Size;
  readonly onPin: PinProps["onPin"];
}) {
  const { participant, picture, stands } = props;
  const share = keyOf({ participant: participant.id, source: "screen" });
  const show = () => pinAndFollow(share, props.onPin);
  return (
    <li class="tile share" style={pixels(props.size)}>
      <Video stream={picture?.stream ?? null} shown={picture?.open === true} />
      <button type="button" class="tile-button" title={stands} onClick={show}>
        <span class="tag">
          <Icon name={stands ? "pause" : "screen"} />
          <span class="name">{words.showShare(participant.name)}</span>
        </span>
      </button>
    </li>
  );
}
