import { useLayoutEffect, useRef } from "preact/hooks";
import { room as words } from "../../text/room";
import { Icon } from "../icon";

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
