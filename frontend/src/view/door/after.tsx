import type { Ended } from "../../lib/wire.gen";
import { after as words } from "../../text/after";
import { common } from "../../text/common";
import { Notice } from "../plain";

/** Left is where one stands after leaving: outside, with the way back in. */
export function Left(props: { host: boolean; onRejoin: () => void }) {
  return (
    <Notice title={words.left} text={`${words.leftHelp} ${words.offNow}`}>
      <button type="button" class="button primary" onClick={props.onRejoin}>
        {words.rejoin}
      </button>
      {props.host ? <ReportsLink look="button quiet" /> : <HomeLink look="button quiet" />}
    </Notice>
  );
}

/** MeetingEnded offers a host the record, and everybody else the way out. */
export function MeetingEnded({ host, ended }: { host: boolean; ended: Ended | null }) {
  return (
    <Notice title={words.ended} text={endWords(ended)}>
      {host ? <ReportsLink look="button primary" /> : <HomeLink look="button primary" />}
    </Notice>
  );
}

interface TurnedAwayProps {
  readonly why: "denied" | "locked" | "expelled" | "wrong_key";
  /** by the link, or by number and password */
  readonly byLink: boolean;
  readonly onAgain: () => void;
}

/** TurnedAway says why the door did not open, and what to do about it. */
export function TurnedAway({ why, byLink, onAgain }: TurnedAwayProps) {
  const { title, text } = words.turnedAway[why === "wrong_key" && !byLink ? "wrong_password" : why];
  return (
    <Notice title={title} text={text}>
      {why === "expelled" ? null : (
        <button type="button" class="button primary" onClick={onAgain}>
          {common.tryAgain}
        </button>
      )}
      <HomeLink look={why === "expelled" ? "button primary" : "button quiet"} />
    </Notice>
  );
}

function ReportsLink({ look }: { look: string }) {
  return (
    <a class={look} href="/reports">
      {words.seeReports}
    </a>
  );
}

function HomeLink({ look }: { look: string }) {
  return (
    <a class={look} href="/">
      {common.home}
    </a>
  );
}

function endWords(ended: Ended | null): string {
  switch (ended?.reason) {
    case "ended_by_host":
      return `${words.endedByHost} ${words.offNow}`;
    case "empty":
      return `${words.endedEmpty} ${words.offNow}`;
    case "shutdown":
      return `${words.endedShutdown} ${words.offNow}`;
    default:
      return words.offNow;
  }
}
