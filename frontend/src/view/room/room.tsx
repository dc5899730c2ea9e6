import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Knocker, Refusal } from "../../lib/group/view";
import { happening } from "../../model/announce";
import { protection } from "../../model/security";
import { room as words } from "../../text/room";
import { Icon } from "../icon";
import { Alarm } from "./alarm";
import { Bar } from "./bar";
import { useChrome } from "./chrome";
import { Controls, type ControlsProps } from "./controls";
import { Knock } from "./knock";
import { Lost, type LostProps } from "./lost";
import { OwnShare, type OwnShareProps } from "./own-share";
import { UnseenReactions } from "./reactions";
import { Floor, type FloorProps } from "./stage";

interface Notice {
  readonly text: string;
  /** what to do about it */
  readonly act?: { readonly label: string; readonly run: () => void };
  readonly dismiss: () => void;
}

export interface RoomProps extends FloorProps, ControlsProps, OwnShareProps {
  readonly fullScreen: boolean;
  /** the panel beside the stage, if one is open */
  readonly panel: ComponentChildren;
  /** why this browser stopped sending; null while it sends */
  readonly refusal: Refusal | null;
  /** who waits to come in, for those who may let them */
  readonly knockers: readonly Knocker[];
  readonly lost: LostProps["lost"] | null;
  readonly flowing: boolean;
  readonly soundBlocked: boolean;
  /** sentences that stay until they are dismissed */
  readonly notices: readonly Notice[];
  readonly announcement: string;
  /** the dialog in front, if any */
  readonly front: ComponentChildren;
  readonly onSound: () => void;
  readonly onPeople: () => void;
  readonly onSecurity: () => void;
  readonly onExitFullScreen: () => void;
  readonly onRejoin: () => void;
  readonly onLeave: () => void;
}

export function Room(props: RoomProps) {
  const { scene, state, lost } = props;
  const root = useRef<HTMLDivElement>(null);
  const { reactions, layout } = props.commands;
  const menu = props.shareOpen || reactions?.open === true || layout?.open === true;
  const reading = scene.heroes.some(({ source }) => source === "screen") || props.fullScreen;
  const chrome = useChrome(reading && !props.panel && !menu && !props.front);
  useFullScreen(root, props.fullScreen, props.onExitFullScreen);
  return (
    <div
      ref={root}
      class={["room", chrome ? "" : "quiet", props.fullScreen ? "full" : ""].join(" ")}
    >
      <div class="room-inside" inert={lost !== null}>
        <Bar
          title={state.title}
          people={state.people.length}
          happening={happening(state, scene)}
          protection={protection(state.group, props.refusal)}
          locked={state.group?.rules.locked === true}
          security={props.commands.security}
        />
        <main class="middle">
          <div class="middle-column">
            <Alarm {...props} strangers={state.strangers} />
            <OwnShare {...props} />
            <Floor {...props} />
            <UnseenReactions {...props} />
          </div>
          {props.panel}
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

function Notices(props: RoomProps) {
  return (
    <div class="notices">
      <Knock knockers={props.knockers} onShow={props.onPeople} />
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
      {props.notices.map(({ text, act, dismiss }) => (
        <p class="notice" role="alert" key={text}>
          <Icon name="warning" />
          <span>{text}</span>
          {act ? (
            <button type="button" class="button small primary" onClick={act.run}>
              {act.label}
            </button>
          ) : null}
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
