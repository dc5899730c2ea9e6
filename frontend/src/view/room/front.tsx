import type { ComponentProps } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { room as words } from "../../text/room";
import { Confirm, Dialog } from "../dialog";
import { DeviceChoice } from "../door/check";
import { Icon } from "../icon";

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

export function Devices(props: ComponentProps<typeof DeviceChoice> & { onClose: () => void }) {
  return (
    <Dialog title={words.devicesTitle} onClose={props.onClose}>
      <DeviceChoice {...props} />
    </Dialog>
  );
}

export interface LostProps {
  readonly lost: { readonly trying: boolean; readonly why: string };
  readonly onRejoin: () => void;
  readonly onLeave: () => void;
}

/** Lost stands over a room that one is out of for the moment. */
export function Lost({ lost, onRejoin, onLeave }: LostProps) {
  const rejoin = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => rejoin.current?.focus(), []);
  return (
    <div class="lost" role="alert">
      <div class="card">
        <h2>
          <Icon name="warning" />
          {words.lost}
        </h2>
        {lost.why ? <p>{lost.why}</p> : null}
        <p>{lost.trying ? words.lostTrying : words.lostGivenUp}</p>
        <div class="actions">
          <button ref={rejoin} type="button" class="button primary" onClick={onRejoin}>
            {words.rejoin}
          </button>
          <button type="button" class="button" onClick={onLeave}>
            {words.leave}
          </button>
        </div>
      </div>
    </div>
  );
}
