import { room as words } from "../../text/room";
import { Confirm, Dialog } from "../dialog";
import { DeviceChoice, type DeviceChoiceProps } from "../door/devices";

/** EndMeeting asks before everybody is sent away. */
export function EndMeeting(props: { onYes: () => void; onClose: () => void }) {
  return (
    <Confirm
      title={words.endTitle}
      text={words.endHelp}
      yes={words.endForEveryone}
      onYes={props.onYes}
      onClose={props.onClose}
    />
  );
}

/** ExpelPerson asks before somebody is taken out. */
export function ExpelPerson(props: { name: string; onYes: () => void; onClose: () => void }) {
  return (
    <Confirm
      title={words.expelTitle(props.name)}
      text={words.expelHelp}
      yes={words.expel}
      onYes={props.onYes}
      onClose={props.onClose}
    />
  );
}

export interface ShortcutsProps {
  readonly keys: readonly (readonly [key: string, does: string])[];
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  readonly onClose: () => void;
}

export function Shortcuts(props: ShortcutsProps) {
  return (
    <Dialog title={words.shortcuts} onClose={props.onClose}>
      <dl class="keys">
        {props.keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          checked={props.singleKeys}
          onChange={({ currentTarget }) => props.onSingleKeys(currentTarget.checked)}
        />
        {words.singleKeys}
      </label>
    </Dialog>
  );
}

export function Devices(props: DeviceChoiceProps & { onClose: () => void }) {
  return (
    <Dialog title={words.devicesTitle} onClose={props.onClose}>
      <DeviceChoice {...props} />
    </Dialog>
  );
}
