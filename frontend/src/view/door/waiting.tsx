import type { WaitingFor } from "../../lib/wire.gen";
import { join as words } from "../../text/join";
import { Problem } from "../form";
import { Frame } from "../frame";
import { Check, type CheckProps } from "./check";
import { DeviceChoice } from "./devices";

export interface WaitingProps {
  readonly title: string;
  readonly waitingFor: WaitingFor;
  readonly check: CheckProps;
  /** for the host, who need not wait for anybody */
  readonly start: {
    readonly busy: boolean;
    readonly problem: string;
    readonly run: () => void;
  } | null;
  readonly onLeave: () => void;
}

/** Waiting is the time before one is in. One may look at oneself, and go. */
export function Waiting(props: WaitingProps) {
  const { title, check, start, onLeave } = props;
  const [state, help] = saying(props);
  return (
    <Frame account={null} busy>
      <div class="door">
        <div class="door-words">
          <h1>
            <bdi>{title}</bdi>
          </h1>
          <p class="waiting" role="status">
            {state}
          </p>
          <p class="hint">{help}</p>
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

/** saying is what one waits for, and what to know about it. */
function saying({ waitingFor, start, check }: WaitingProps): readonly [string, string] {
  switch (waitingFor) {
    case "start":
      return start ? [words.yourTurn, words.yourTurnHelp] : [words.waiting, words.waitingHelp];
    case "host":
      return [words.noHost, words.noHostHelp];
    case "admission":
      return [words.lobby, words.lobbyHelp(check.name)];
  }
}
