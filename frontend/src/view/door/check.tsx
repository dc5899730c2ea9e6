import { useEffect, useState } from "preact/hooks";
import type { Browser } from "../../lib/platform";
import { initials } from "../../model/format";
import type { Local } from "../../model/source";
import { troubleWords } from "../../model/trouble";
import { join as words } from "../../text/join";
import { room } from "../../text/room";
import { Icon } from "../icon";
import { Video } from "../video";
import type { DeviceChoiceProps } from "./devices";

export interface CheckProps extends DeviceChoiceProps {
  readonly name: string;
  readonly microphone: Local;
  readonly camera: Local;
  readonly cameraStream: MediaStream | null;
  /** whose words it is that tell how to allow a device */
  readonly browser: Browser;
  readonly toggle: (kind: "microphone" | "camera") => void;
  /** turns on what is off, or both off */
  readonly toggleBoth: () => void;
  /** listen tells how loud the microphone is, until it is stopped */
  readonly listen: (track: MediaStreamTrack, heard: (level: number) => void) => () => void;
}

/** Check shows what one would bring along. What is on here is on in the room, and nothing else. */
export function Check(props: CheckProps) {
  const { microphone, camera } = props;
  return (
    <section class="check" aria-label={words.check}>
      <Preview {...props} />
      <div class="check-row">
        <Toggle
          local={microphone}
          icons={["microphone", "microphoneOff"]}
          labels={[room.mute, room.unmute]}
          onClick={() => props.toggle("microphone")}
        />
        <Level track={microphone.track} listen={props.listen} />
        <Toggle
          local={camera}
          icons={["camera", "cameraOff"]}
          labels={[room.stopCamera, room.startCamera]}
          onClick={() => props.toggle("camera")}
        />
      </div>
      <button type="button" class="button quiet" onClick={props.toggleBoth}>
        {microphone.state === "off" || camera.state === "off" ? words.both : words.neither}
      </button>
      <Trouble kind="microphone" local={microphone} browser={props.browser} />
      <Trouble kind="camera" local={camera} browser={props.browser} />
    </section>
  );
}

function Preview(props: { name: string; camera: Local; cameraStream: MediaStream | null }) {
  const on = props.camera.state === "on";
  return (
    <div class="preview">
      <Video stream={props.cameraStream} shown={on} mirrored />
      {on ? null : (
        <div class="preview-off">
          <span class="avatar" aria-hidden="true">
            {initials(props.name)}
          </span>
        </div>
      )}
      <p class="tag">{on ? words.cameraOn : words.cameraOff}</p>
    </div>
  );
}

function Toggle(props: {
  local: Local;
  icons: readonly ["microphone" | "camera", "microphoneOff" | "cameraOff"];
  labels: readonly [string, string];
  onClick: () => void;
}) {
  const off = props.local.state === "off";
  return (
    <button
      type="button"
      class={off ? "button toggle" : "button toggle on"}
      aria-busy={props.local.state === "starting"}
      onClick={props.onClick}
    >
      <Icon name={off ? props.icons[1] : props.icons[0]} />
      {off ? props.labels[1] : props.labels[0]}
    </button>
  );
}

function Level(props: { track: MediaStreamTrack | null; listen: CheckProps["listen"] }) {
  const [level, setLevel] = useState(0);
  const { track, listen } = props;
  useEffect(() => {
    setLevel(0);
    return track ? listen(track, setLevel) : undefined;
  }, [track, listen]);
  return (
    <meter class="level" aria-label={words.level} min={0} max={1} value={level}>
      {Math.round(level * 100)}
    </meter>
  );
}

/** Trouble says why a device is not on, and what to do. */
function Trouble(props: { kind: "microphone" | "camera"; local: Local; browser: Browser }) {
  const { trouble } = props.local;
  const { kind, browser } = props;
  return (
    <div role="alert">
      {trouble ? <p class="problem">{troubleWords(kind, trouble, browser)}</p> : null}
    </div>
  );
}
