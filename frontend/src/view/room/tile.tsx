import type { Participant } from "../../lib/wire.gen";
import { initials } from "../../model/format";
import type { Size } from "../../model/layout";
import type { Picture } from "../../model/picture";
import { live } from "../../model/room";
import { tint } from "../../model/tint";
import { room as words } from "../../text/room";
import { Icon } from "../icon";
import { Video } from "../video";

export interface TileProps {
  readonly participant: Participant;
  readonly self: boolean;
  readonly speaking: boolean;
  readonly picture: Picture | null;
  readonly size: Size;
}

/** Tile is one person: their face or their initials, their name, and what they send. */
export function Tile({ participant, self, speaking, picture, size }: TileProps) {
  const shown = picture?.open === true && live(participant, "camera");
  return (
    <li class={speaking ? "tile speaking" : "tile"} style={pixels(size)}>
      {shown ? null : (
        <span class="avatar" data-tint={tint(participant.id)} aria-hidden="true">
          {initials(participant.name)}
        </span>
      )}
      {picture ? <Video stream={picture.stream} shown={shown} mirrored={self} /> : null}
      <TileName participant={participant} self={self} speaking={speaking} />
    </li>
  );
}

function TileName(props: Pick<TileProps, "participant" | "self" | "speaking">) {
  const { participant, self, speaking } = props;
  const audible = live(participant, "microphone");
  return (
    <p class="tag">
      {audible ? null : <Icon name="microphoneOff" />}
      {speaking ? <Icon name="sound" /> : null}
      <span class="name" title={participant.name}>
        {self ? words.you : participant.name}
      </span>
      <span class="unseen">{audible ? (speaking ? words.speaking : "") : words.muted}</span>
    </p>
  );
}

/** ShareTile is another share, which the person may put on the stage. */
export function ShareTile(props: {
  readonly participant: Participant;
  readonly picture: Picture | null;
  readonly size: Size;
  readonly onShow: () => void;
}) {
  const { participant, picture } = props;
  return (
    <li class="tile" style={pixels(props.size)}>
      <Video stream={picture?.stream ?? null} shown={picture?.open === true} />
      <button type="button" class="tile-button" onClick={props.onShow}>
        <span class="tag">
          <Icon name="screen" />
          <span class="name">{words.showShare(participant.name)}</span>
        </span>
      </button>
    </li>
  );
}

function pixels({ width, height }: Size) {
  return { width: `${width}px`, height: `${height}px` };
}
