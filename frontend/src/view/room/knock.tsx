import type { Knocker } from "../../lib/group/view";
import { room as words } from "../../text/room";
import { Icon } from "../icon";

/** Knock tells a host that somebody waits, while the list of them is closed. */
export function Knock(props: { knockers: readonly Knocker[]; onShow: () => void }) {
  const { knockers } = props;
  const [first] = knockers;
  if (!first) return null;
  return (
    <section class="notice" aria-label={words.waitingTitle}>
      <Icon name="door" />
      <span>
        {knockers.length === 1 ? words.waitingOne(first.name) : words.waiting(knockers.length)}
      </span>
      <button type="button" class="button small" onClick={props.onShow}>
        {words.showWaiting}
      </button>
    </section>
  );
}
