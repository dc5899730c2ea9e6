import { join as words } from "../../text/join";
import { Problem } from "../form";
import { Frame } from "../frame";
import { Check, type CheckProps, DeviceChoice } from "./check";

export interface WaitingProps {
  readonly title: string;
  readonly check: CheckProps;
  /** for the host, who need not wait for anybody */
  readonly start: {
    readonly busy: boolean;
    readonly problem: string;
    readonly run: () => void;
  } | null;
  readonly onLeave: () => void;
}

/** Waiting is the time before the host opens. One may look at oneself, and go. */
export function Waiting({ title, check, start, onLeave }: WaitingProps) {
  return (
    <Frame account={null}>
      <div class="door">
        <div class="door-words">
          <h1>{title}</h1>
          <p class="waiting" role="status">
            {start ? words.yourTurn : words.waiting}
          </p>
          <p class="hint">{start ? words.yourTurnHelp : words.waitingHelp}</p>
        </div>
        <Check {...check} />
        <div class="door-form">
          <Problem text={start?.problem ?? ""} />
          <div class="actions">
            {start ? (
              <button type="button" class="button primary" onClick={start.run}>
                {start.busy ? words.starting : words.start}
              </button>
            ) : null}
            <button type="button" class="button" onClick={onLeave}>
              {words.leave}
            </button>
          </div>
        </div>
        <DeviceChoice {...check} />
      </div>
    </Frame>
  );
}
