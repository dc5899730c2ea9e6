import { useId } from "preact/hooks";
import type { Meeting } from "../lib/rest";
import { clock, day, meetingNumber } from "../model/format";
import type { Agenda } from "../model/meetings";
import { repeats } from "../model/schedule";
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
  readonly invite: (meeting: Meeting) => void;
}

export interface MeetingsProps {
  readonly account: FrameProps["account"];
  /** null until it was loaded */
  readonly agenda: Agenda | null;
  /** the invite links that this device has, by meeting id */
  readonly links: ReadonlyMap<string, string>;
  readonly zone: string;
  readonly problem: string;
  /** the meeting that is being started, by id */
  readonly starting: string;
  /** the meeting whose invitation was copied last, by id */
  readonly copied: string;
  /** the meeting whose invitations were sent last, by id, and how many */
  readonly sent: { readonly id: string; readonly count: number };
  /** invitations can be sent by mail */
  readonly mailWorks: boolean;
  readonly actions: MeetingActions;
  readonly onSchedule: () => void;
  /** asks first: NewLink is the dialog */
  readonly onNewLink: (meeting: Meeting) => void;
  /** asks for it: PasteLink is the dialog */
  readonly onPasteLink: (meeting: Meeting) => void;
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
          <Row
            key={meeting.id}
            meeting={meeting}
            link={props.links.get(meeting.id) ?? null}
            {...props}
          />
        ))}
      </ul>
    </section>
  );
}

type RowProps = MeetingsProps & { readonly meeting: Meeting; readonly link: string | null };

function Row(props: RowProps) {
  const { meeting, link } = props;
  return (
    <li class="card meeting">
      <Head meeting={meeting} />
      <dl class="facts">
        <Fact name={words.number} value={meetingNumber(meeting.meetingNumber)} />
        <Fact name={words.password} value={meeting.password} />
        {link === null ? null : <Fact name={words.link} value={link} />}
      </dl>
      {link === null && meeting.access === "owner" ? <NoLink {...props} /> : null}
      <Acts {...props} />
    </li>
  );
}

function Head({ meeting }: { meeting: Meeting }) {
  const often = repeats(meeting.recurrence);
  return (
    <div class="meeting-head">
      <h3>
        <bdi>{meeting.title}</bdi>
      </h3>
      <p class="when">
        {often ? `${words.next}: ` : ""}
        {common.when(day(meeting.nextStart), clock(meeting.nextStart))}
        {often ? <span class="badge">{often}</span> : null}
        {meeting.access === "host" ? (
          <span class="badge">{words.hostedFor(meeting.hostDisplayName)}</span>
        ) : null}
        {meeting.state === "inProgress" ? <span class="badge live">{words.running}</span> : null}
        {meeting.state === "ended" ? <span class="badge">{words.ended}</span> : null}
      </p>
    </div>
  );
}

/** NoLink: the link was made on another device, and no server can tell it. */
function NoLink({ meeting, onNewLink, onPasteLink }: RowProps) {
  const id = useId();
  const button = (label: string, look: string, act: RowProps["onNewLink"]) => (
    <button type="button" class={look} aria-describedby={id} onClick={() => act(meeting)}>
      {label}
    </button>
  );
  return (
    <div class="no-link">
      <p id={id}>
        <strong>{words.noLink}</strong>
      </p>
      <p class="hint">{words.noLinkHelp}</p>
      <div class="actions">
        {button(words.pasteLink, "button small", onPasteLink)}
        {button(words.newLink, "button small quiet", onNewLink)}
      </div>
    </div>
  );
}

function Acts(props: RowProps) {
  const { meeting, link, actions, agenda, starting, copied, sent } = props;
  const idle = meeting.state === "inProgress" ? words.rejoin : words.start;
  return (
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
      {meeting.access === "owner" ? <OwnersActs {...props} /> : null}
      <span role="status" class="said">
        {copied === meeting.id ? (link === null ? words.copiedByNumber : words.copied) : ""}
        {sent.id === meeting.id ? words.sent(sent.count) : ""}
      </span>
    </fieldset>
  );
}

/** OwnersActs are not for others who may start the meeting. */
function OwnersActs({ meeting, actions, mailWorks }: RowProps) {
  const button = (label: string, act: (meeting: Meeting) => void) => (
    <button type="button" class="button quiet" onClick={() => act(meeting)}>
      {label}
    </button>
  );
  return (
    <>
      {mailWorks ? button(words.send, actions.invite) : null}
      {button(words.edit, actions.edit)}
      {button(words.remove, actions.remove)}
    </>
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
