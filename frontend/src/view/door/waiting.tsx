import { join as words } from "../../text/join";
import { Frame } from "../frame";
import { Check, type CheckProps, DeviceChoice } from "./check";

/** Waiting is the time before the host opens. One may look at oneself, and go. */
export function Waiting(props: { title: string; check: CheckProps; onLeave: () => void }) {
  return (
    <Frame account={null}>
      <div class="door">
        <div class="door-words">
          <h1>{props.title}</h1>
          <p class="waiting" role="status">
            {words.waiting}
          </p>
          <p class="hint">{words.waitingHelp}</p>
        </div>
        <Check {...props.check} />
        <div class="door-form">
          <button type="button" class="button" onClick={props.onLeave}>
            {words.leave}
          </button>
        </div>
        <DeviceChoice {...props.check} />
      </div>
    </Frame>
  );
}
