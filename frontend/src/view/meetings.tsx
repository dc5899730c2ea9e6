import type { Meeting } from "../lib/rest";
import { clock, day, meetingNumber } from "../model/format";
import type { Agenda } from "../model/meetings";
import { common } from "../text/common";
import { meetings as words } from "../text/meetings";
import { Problem } from "./form";
import { Frame, type FrameProps } from "./frame";
import { Icon } from "./icon";

interface MeetingActions {
  readonly start: (meeting: Meeting) => void;
  readonly copy: (meeting: Meeting) => void;
  readonly edit: (meeting: Meeting) => void;
  readonly remove: (meeting: Meeting) => void;
}

export interface MeetingsProps {
  readonly account: FrameProps["account"];
  /** null until it was loaded */
  readonly agenda: Agenda | null;
  readonly zone: string;
  readonly problem: string;
  /** the meeting that is being started, by id */
  readonly starting: string;
  /** the meeting whose invitation was copied last, by id */
  readonly copied: string;
  readonly actions: MeetingActions;
  readonly onSchedule: () => void;
}

export function Meetings(props: MeetingsProps) {
  const { agenda } = props;
  const none = agenda && agenda.upcoming.length + agenda.past.length === 0;
  return (
    <Frame account={props.account} here="/meetings">
      <div class="title-row">
        <h1>{words.title}</h1>
        <button
          type="button"
          class={agenda?.due ? "button" : "button primary"}
          onClick={props.onSchedule}
        >
          <Icon name="add" />
          {words.schedule}
        </button>
      </div>
      <Problem text={props.problem} />
      {agenda || props.problem ? null : <p class="hint">{common.loading}</p>}
      {none ? (
        <div class="empty">
          <p>{words.empty}</p>
          <p class="hint">{words.emptyHelp}</p>
        </div>
      ) : null}
      <List title={words.upcoming} meetings={agenda?.upcoming ?? []} {...props} />
      <List title={words.past} meetings={agenda?.past ?? []} {...props} />
      {agenda && !none ? <p class="hint">{words.zone(props.zone)}</p> : null}
    </Frame>
  );
}

function List(props: MeetingsProps & { title: string; meetings: readonly Meeting[] }) {
  if (props.meetings.length === 0) return null;
  return (
    <section>
      <h2>{props.title}</h2>
      <ul class="meetings">
        {props.meetings.map((meeting) => (
          <Row key={meeting.id} meeting={meeting} {...props} />
        ))}
      </ul>
    </section>
  );
}

function Row(props: MeetingsProps & { meeting: Meeting }) {
  const { meeting, actions, agenda, starting, copied } = props;
  const running = meeting.state === "inProgress";
  const idle = running ? words.rejoin : words.start;
  return (
    <li class="card meeting">
      <div class="meeting-head">
        <h3>{meeting.title}</h3>
        <p class="when">
          {`${day(meeting.start)}, ${clock(meeting.start)}`}
          {running ? <span class="badge live">{words.running}</span> : null}
          {meeting.state === "ended" ? <span class="badge">{words.ended}</span> : null}
        </p>
      </div>
      <dl class="facts">
        <Fact name={words.number} value={meetingNumber(meeting.meetingNumber)} />
        <Fact name={words.password} value={meeting.password} />
        <Fact name={words.link} value={meeting.webLink} />
      </dl>
      <fieldset class="actions" aria-label={words.actionsFor(meeting.title)}>
        <button
          type="button"
          class={agenda?.due === meeting.id ? "button primary" : "button"}
          onClick={() => actions.start(meeting)}
        >
          {starting === meeting.id ? words.starting : idle}
        </button>
        <button type="button" class="button" onClick={() => actions.copy(meeting)}>
          <Icon name="copy" />
          {words.copy}
        </button>
        <button type="button" class="button quiet" onClick={() => actions.edit(meeting)}>
          {words.edit}
        </button>
        <button type="button" class="button quiet" onClick={() => actions.remove(meeting)}>
          {words.remove}
        </button>
        <span role="status" class="said">
          {copied === meeting.id ? words.copied : ""}
        </span>
      </fieldset>
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi dir="ltr">{value}</bdi>
      </dd>
    </div>
  );
}
