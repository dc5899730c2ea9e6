import type { Attendee, Usage } from "../lib/rest";
import { duration, moment } from "../model/format";
import { common } from "../text/common";
import { reports as words } from "../text/reports";
import { Choice } from "./choice";
import { Course, type CourseProps } from "./course";
import { Filters } from "./filters";
import { Field, Problem, type Values } from "./form";
import { Frame, type FrameProps } from "./frame";
import { Icon } from "./icon";

/** Opened is the session whose attendees are shown. */
export interface Opened {
  readonly session: string;
  /** null until they were loaded */
  readonly attendees: readonly Attendee[] | null;
}

export interface ReportsProps {
  readonly account: FrameProps["account"];
  /** null until they were loaded */
  readonly sessions: readonly Usage[] | null;
  readonly more: boolean;
  readonly opened: Opened | null;
  /** what was held over time; null while that is not known */
  readonly course: CourseProps["course"] | null;
  readonly draw: CourseProps["draw"];
  readonly zone: string;
  readonly problem: string;
  /** whether filters leave anything out */
  readonly narrowed: boolean;
  /** where a report is as a file */
  readonly file: (report: string, format: "csv" | "json") => string;
  readonly onFilter: (values: Values) => void;
  readonly onOpen: (session: string) => void;
  readonly onMore: () => void;
}

export function Reports(props: ReportsProps) {
  const { sessions } = props;
  return (
    <Frame account={props.account} here="/reports" wide>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead(props.zone)}</p>
      <Narrow {...props} />
      <Problem text={props.problem} />
      {sessions || props.problem ? null : <p class="hint">{common.loading}</p>}
      {sessions?.length === 0 ? (
        <div class="empty">
          <p>{props.narrowed ? words.nothingFound : words.empty}</p>
          <p class="hint">{props.narrowed ? words.nothingFoundHelp : words.emptyHelp}</p>
        </div>
      ) : null}
      {sessions && sessions.length > 0 ? (
        <>
          {props.course ? <Course course={props.course} draw={props.draw} /> : null}
          <Sessions {...props} sessions={sessions} />
        </>
      ) : null}
      {props.more ? (
        <button type="button" class="button" onClick={props.onMore}>
          {words.more}
        </button>
      ) : null}
    </Frame>
  );
}

function Narrow(props: ReportsProps) {
  return (
    <>
      <Filters label={words.filters} onFilter={props.onFilter}>
        <Field name="title" label={words.titlePart} maxLength={200} autoComplete="off" />
        <Field name="meetingNumber" label={words.number} inputMode="numeric" autoComplete="off" />
        {props.account?.administers ? (
          <Field name="hostEmail" label={words.hostEmail} maxLength={254} autoComplete="off" />
        ) : null}
        <Choice name="sort" label={words.sort} value="" options={words.sorts} />
      </Filters>
      <ul class="files" aria-label={words.files}>
        {words.fileNames.map(([report, name]) => (
          <li key={report}>
            {name}
            <a class="button quiet" href={props.file(report, "csv")} download>
              {words.csv}
              <span class="unseen"> {name}</span>
            </a>
            <a class="button quiet" href={props.file(report, "json")} download>
              {words.json}
              <span class="unseen"> {name}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Sessions(props: ReportsProps & { sessions: readonly Usage[] }) {
  const heads = [
    words.meeting,
    words.host,
    words.start,
    words.end,
    words.duration,
    words.people,
    words.peak,
    words.howEnded,
  ];
  return (
    <table class="table">
      <caption class="unseen">{words.caption}</caption>
      <thead>
        <Head names={heads} />
      </thead>
      <tbody>
        {props.sessions.map((usage) => (
          <Session key={usage.sessionId} usage={usage} span={heads.length} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Session({ usage, span, opened, onOpen }: ReportsProps & { usage: Usage; span: number }) {
  const open = opened?.session === usage.sessionId ? opened : null;
  return (
    <>
      <tr class={open ? "opened" : ""}>
        <th scope="row" data-head={words.meeting}>
          <button
            type="button"
            class="row-button"
            aria-expanded={open !== null}
            onClick={() => onOpen(usage.sessionId)}
          >
            <Icon name="forward" />
            {usage.meetingTitle}
          </button>
        </th>
        <Cell head={words.host}>{usage.hostDisplayName}</Cell>
        <Cell head={words.start} look="time">
          {moment(usage.start)}
        </Cell>
        <Cell head={words.end} look="time">
          {usage.end ? moment(usage.end) : words.running}
        </Cell>
        <Cell head={words.duration} look="number">
          {usage.end ? duration(usage.durationSeconds) : ""}
        </Cell>
        <Cell head={words.people} look="number">
          {String(usage.totalParticipants)}
        </Cell>
        <Cell head={words.peak} look="number">
          {String(usage.peakAttendee)}
        </Cell>
        <Cell head={words.howEnded}>{reasonWords(usage.endReason)}</Cell>
      </tr>
      {open?.attendees ? (
        <tr class="inner">
          <td colSpan={span}>
            <Attendees title={usage.meetingTitle} attendees={open.attendees} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Attendees(props: { title: string; attendees: readonly Attendee[] }) {
  if (props.attendees.length === 0) return <p class="hint">{words.noAttendees}</p>;
  const heads = [words.name, words.role, words.joined, words.left, words.duration, words.howLeft];
  return (
    <table class="table plain">
      <caption>{words.attendees(props.title)}</caption>
      <thead>
        <Head names={heads} />
      </thead>
      <tbody>
        {props.attendees.map((one) => (
          <tr key={one.participantId}>
            <th scope="row" data-head={words.name}>
              {one.displayName}
            </th>
            <Cell head={words.role}>{typeWords(one.participantType)}</Cell>
            <Cell head={words.joined} look="time">
              {moment(one.joinedTime)}
            </Cell>
            <Cell head={words.left} look="time">
              {one.leftTime ? moment(one.leftTime) : words.present}
            </Cell>
            <Cell head={words.duration} look="number">
              {one.leftTime ? duration(one.durationSeconds) : ""}
            </Cell>
            <Cell head={words.howLeft}>{reasonWords(one.leaveReason)}</Cell>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head({ names }: { names: readonly string[] }) {
  return (
    <tr>
      {names.map((name) => (
        <th scope="col" key={name}>
          {name}
        </th>
      ))}
    </tr>
  );
}

/** On a phone the head is above its cell, for the table stands on end there. */
function Cell(props: { head: string; look?: "number" | "time"; children: string }) {
  return (
    <td data-head={props.head} class={props.look ?? ""}>
      {props.children}
    </td>
  );
}

function reasonWords(reason: string): string {
  const known: Readonly<Record<string, string>> = words.reason;
  return known[reason] ?? reason;
}

function typeWords(type: string): string {
  const known: Readonly<Record<string, string>> = words.type;
  return known[type] ?? type;
}
