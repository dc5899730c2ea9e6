import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { happening, surfaceWords } from "../../model/announce";
import type { LocalScreen } from "../../model/source";
import { room as words } from "../../text/room";
import { Icon } from "../icon";
import { Video } from "../video";
import { Bar } from "./bar";
import { useChrome } from "./chrome";
import { Controls, type ControlsProps } from "./controls";
import { Lost, type LostProps } from "./front";
import { People, type PeopleProps } from "./people";
import { Floor, type FloorProps } from "./stage";

export interface RoomProps extends FloorProps, ControlsProps {
  readonly screen: LocalScreen;
  readonly screenStream: MediaStream | null;
  readonly fullScreen: boolean;
  readonly people: PeopleProps | null;
  readonly lost: LostProps["lost"] | null;
  readonly flowing: boolean;
  readonly soundBlocked: boolean;
  /** sentences that stay until they are dismissed */
  readonly notices: readonly { readonly text: string; readonly dismiss: () => void }[];
  readonly announcement: string;
  /** the dialog in front, if any */
  readonly front: ComponentChildren;
  readonly onSound: () => void;
  readonly onExitFullScreen: () => void;
  readonly onRejoin: () => void;
  readonly onLeave: () => void;
}

export function Room(props: RoomProps) {
  const { scene, state, people, lost } = props;
  const root = useRef<HTMLDivElement>(null);
  const chrome = useChrome(scene.hero !== null && !people && !props.shareOpen && !props.front);
  useFullScreen(root, props.fullScreen, props.onExitFullScreen);
  return (
    <div
      ref={root}
      class={["room", chrome ? "" : "quiet", props.fullScreen ? "full" : ""].join(" ")}
    >
      <div class="room-inside" inert={lost !== null}>
        <Bar title={state.title} people={state.people.length} happening={happening(state, scene)} />
        <main class="middle">
          <div class="middle-column">
            <OwnShare {...props} />
            <Floor {...props} />
          </div>
          {people ? <People {...people} /> : null}
        </main>
        <Notices {...props} />
        <Controls {...props} />
      </div>
      {lost ? <Lost {...props} lost={lost} /> : null}
      {props.front}
      <p class="unseen" aria-live="polite">
        {props.announcement}
      </p>
    </div>
  );
}

/** OwnShare is the plain statement that one shows something, and what. */
function OwnShare({ screen, screenStream }: RoomProps) {
  if (screen.state !== "on") return null;
  const whole = screen.surface === "monitor";
  return (
    <div class="own-share">
      {whole ? null : <Video stream={screenStream} shown label={words.yourShare} />}
      <p>
        <strong>
          <Icon name="screen" />
          {words.youShare(surfaceWords(screen.surface))}
        </strong>
        <span>{words.youShareHelp}</span>
      </p>
    </div>
  );
}

function Notices(props: RoomProps) {
  return (
    <div class="notices">
      {props.soundBlocked ? (
        <p class="notice" role="alert">
          <Icon name="sound" />
          <span>{words.soundBlocked}</span>
          <button type="button" class="button primary" onClick={props.onSound}>
            {words.turnOnSound}
          </button>
        </p>
      ) : null}
      {props.flowing ? null : (
        <p class="notice" role="status">
          <Icon name="warning" />
          <span>{words.mediaLost}</span>
        </p>
      )}
      {props.notices.map(({ text, dismiss }) => (
        <p class="notice" role="alert" key={text}>
          <Icon name="warning" />
          <span>{text}</span>
          <button type="button" class="button small" onClick={dismiss}>
            {words.dismiss}
          </button>
        </p>
      ))}
    </div>
  );
}

/** useFullScreen keeps the browser's full screen the way the state is, and the other way round. */
function useFullScreen(
  root: { readonly current: HTMLDivElement | null },
  wanted: boolean,
  exited: () => void,
): void {
  useEffect(() => {
    if (!wanted) return;
    const changed = () => document.fullscreenElement || exited();
    document.addEventListener("fullscreenchange", changed);
    root.current?.requestFullscreen().catch(exited);
    return () => {
      document.removeEventListener("fullscreenchange", changed);
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    };
  }, [wanted]);
}
