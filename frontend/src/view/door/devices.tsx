import { useId } from "preact/hooks";
import type { Device, DeviceList } from "../../lib/devices";
import { type Chosen, known } from "../../model/source";
import { devices as words } from "../../text/devices";
import { join } from "../../text/join";

export interface DeviceChoiceProps {
  readonly devices: DeviceList;
  readonly chosen: Chosen;
  readonly canChooseSpeaker: boolean;
  /** whether what browsers do to make speech clear is off */
  readonly plain: boolean;
  /** null where the browser blurs nothing */
  readonly blurred: boolean | null;
  readonly choose: (kind: keyof Chosen, id: string) => void;
  /** for browsers that list no speakers, but ask for one; null for others */
  readonly askSpeaker: (() => void) | null;
  readonly setPlain: (plain: boolean) => void;
  readonly setBlurred: (blurred: boolean) => void;
}

/** DeviceChoice picks among what is plugged in; most people never need it. */
export function DeviceChoice(props: DeviceChoiceProps) {
  const { devices, chosen, choose } = props;
  return (
    <div class="device-choice">
      <Choice
        label={join.camera}
        devices={devices.cameras}
        chosen={chosen.camera}
        onChoose={(id) => choose("camera", id)}
      />
      <Choice
        label={join.microphone}
        devices={devices.microphones}
        chosen={chosen.microphone}
        onChoose={(id) => choose("microphone", id)}
      />
      {props.canChooseSpeaker ? (
        <Choice
          label={join.speaker}
          devices={devices.speakers}
          chosen={chosen.speaker}
          onChoose={(id) => choose("speaker", id)}
        />
      ) : null}
      {props.askSpeaker ? (
        <button type="button" class="button" onClick={props.askSpeaker}>
          {words.askSpeaker}
        </button>
      ) : null}
      <Switch
        label={words.clear}
        hint={words.clearHelp}
        on={!props.plain}
        onChange={(clear) => props.setPlain(!clear)}
      />
      {props.blurred === null ? null : (
        <Switch label={words.blur} on={props.blurred} onChange={props.setBlurred} />
      )}
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
        <option value="">{join.standard}</option>
        {devices.map((device, i) => (
          <option key={device.id} value={device.id}>
            {device.label || join.unnamed(label, i + 1)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Switch(props: {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="device-switch">
      <label class="switch">
        <input
          type="checkbox"
          checked={props.on}
          aria-describedby={props.hint ? id : undefined}
          onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
        />
        {props.label}
      </label>
      {props.hint ? (
        <p class="hint" id={id}>
          {props.hint}
        </p>
      ) : null}
    </div>
  );
}
