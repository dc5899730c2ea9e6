import { useEffect, useId, useState } from "preact/hooks";
import type { Device, DeviceList } from "../../lib/devices";
import { initials } from "../../model/format";
import { type Chosen, known, type Local } from "../../model/source";
import { devices as troubles } from "../../text/devices";
import { join as words } from "../../text/join";
import { room } from "../../text/room";
import { Icon } from "../icon";
import { Video } from "../video";

export interface CheckProps {
  readonly name: string;
  readonly microphone: Local;
  readonly camera: Local;
  readonly cameraStream: MediaStream | null;
  readonly devices: DeviceList;
  readonly chosen: Chosen;
  readonly canChooseSpeaker: boolean;
  readonly toggle: (kind: "microphone" | "camera") => void;
  readonly choose: (kind: keyof Chosen, id: string) => void;
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
      <Trouble kind="microphone" local={microphone} />
      <Trouble kind="camera" local={camera} />
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
function Trouble(props: { kind: keyof typeof troubles; local: Local }) {
  const { trouble } = props.local;
  return (
    <div role="alert">
      {trouble ? <p class="problem">{troubles[props.kind][trouble]}</p> : null}
    </div>
  );
}

/** DeviceChoice picks among what is plugged in; most people never need it. */
export function DeviceChoice(
  props: Pick<CheckProps, "devices" | "chosen" | "canChooseSpeaker" | "choose">,
) {
  const { devices, chosen, choose } = props;
  return (
    <div class="device-choice">
      <Choice
        label={words.camera}
        devices={devices.cameras}
        chosen={chosen.camera}
        onChoose={(id) => choose("camera", id)}
      />
      <Choice
        label={words.microphone}
        devices={devices.microphones}
        chosen={chosen.microphone}
        onChoose={(id) => choose("microphone", id)}
      />
      {props.canChooseSpeaker ? (
        <Choice
          label={words.speaker}
          devices={devices.speakers}
          chosen={chosen.speaker}
          onChoose={(id) => choose("speaker", id)}
        />
      ) : null}
    </div>
  );
}

function Choice(props: {
  label: string;
  devices: readonly Device[];
  chosen: string;
  onChoose: (id: string) => void;
}) {
  const id = useId();
  const { devices, label } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={known(devices, props.chosen)}
        onChange={({ currentTarget }) => props.onChoose(currentTarget.value)}
      >
        <option value="">{words.standard}</option>
        {devices.map((device, i) => (
          <option key={device.id} value={device.id}>
            {device.label || words.unnamed(label, i + 1)}
          </option>
        ))}
      </select>
    </div>
  );
}
