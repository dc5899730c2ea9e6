import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Refusal } from "../../lib/group/view";
import { lasting, nextLasting, type Since, seen } from "../../model/lasting";
import { room } from "../../text/room";
import { security as words } from "../../text/security";
import { Icon } from "../icon";

export interface AlarmProps {
  /** RoomState's strangers */
  readonly strangers: readonly string[];
  /** why this browser stopped sending; null while it sends */
  readonly refusal: Refusal | null;
  readonly onSecurity: () => void;
  readonly onRejoin: () => void;
  readonly onLeave: () => void;
}

/** The roster and the group tell of a newcomer one after the other. */
const patience = 3_000;

/** Alarm stands over the stage when the encryption is not as it must be. */
export function Alarm(props: AlarmProps) {
  const strangers = useLasting(props.strangers);
  const { refusal } = props;
  return (
    <div role="alert">
      {refusal ? (
        <Warning {...words.refusal[refusal]}>
          <button type="button" class="button primary" onClick={props.onRejoin}>
            {room.rejoin}
          </button>
          <button type="button" class="button" onClick={props.onLeave}>
            {room.leave}
          </button>
        </Warning>
      ) : null}
      {strangers.length > 0 && !refusal ? (
        <Warning title={words.strangers(strangers.length)} text={words.strangersHelp}>
          <button type="button" class="button" onClick={props.onSecurity}>
            {words.show}
          </button>
        </Warning>
      ) : null}
    </div>
  );
}

function Warning(props: { title: string; text: string; children: ComponentChildren }) {
  return (
    <div class="alarm">
      <Icon name="warning" />
      <div class="alarm-words">
        <p>
          <strong>{props.title}</strong>
        </p>
        <p>{props.text}</p>
      </div>
      <div class="actions">{props.children}</div>
    </div>
  );
}

/** useLasting are those ids that have been there for some seconds. */
function useLasting(ids: readonly string[]): readonly string[] {
  const since = useRef<Since>(new Map());
  const [, again] = useState(0);
  const now = performance.now();
  since.current = seen(since.current, ids, now);
  const next = nextLasting(since.current, now, patience);
  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => again(performance.now()), next);
    return () => clearTimeout(timer);
  }, [next]);
  return lasting(since.current, now, patience);
}
