import type { AuditEvent } from "../lib/records";
import { actionWords, differences } from "../model/change";
import { moment } from "../model/format";
import { audit as words } from "../text/audit";
import { common } from "../text/common";
import { Admin, Heads } from "./admin";
import { Choice } from "./choice";
import { Filters } from "./filters";
import { Field, Problem, type Values } from "./form";
import type { FrameProps } from "./frame";

export interface AuditProps {
  readonly account: FrameProps["account"];
  /** null until they were loaded */
  readonly events: readonly AuditEvent[] | null;
  readonly more: boolean;
  readonly zone: string;
  /** where the log is as a file */
  readonly file: string;
  readonly problem: string;
  readonly onFilter: (values: Values) => void;
  readonly onMore: () => void;
}

/** Audit is who changed what at the site. */
export function Audit(props: AuditProps) {
  const { events } = props;
  const actions: [string, string][] = [["", words.anyAction], ...Object.entries(words.actions)];
  return (
    <Admin account={props.account} here="/admin/audit" title={words.title}>
      <div class="title-row">
        <p class="lead">{words.lead(props.zone)}</p>
        <a class="button" href={props.file} download>
          {words.download}
        </a>
      </div>
      <Filters label={words.title} onFilter={props.onFilter}>
        <Field name="actor" label={words.actor} maxLength={254} autoComplete="off" />
        <Choice name="action" label={words.action} value="" options={actions} />
      </Filters>
      <Problem text={props.problem} />
      {events || props.problem ? null : <p class="hint">{common.loading}</p>}
      {events?.length === 0 ? (
        <div class="empty" role="status">
          <p>{words.empty}</p>
          <p class="hint">{words.emptyHelp}</p>
        </div>
      ) : null}
      {events && events.length > 0 ? <Table events={events} /> : null}
      {props.more ? (
        <button type="button" class="button" onClick={props.onMore}>
          {words.more}
        </button>
      ) : null}
    </Admin>
  );
}

function Table({ events }: { events: readonly AuditEvent[] }) {
  const heads = [words.what, words.who, words.when, words.where, words.change];
  return (
    <table class="table">
      <caption class="unseen">{words.caption}</caption>
      <Heads of={heads} />
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <th scope="row" data-head={words.what}>
              {actionWords(event.action)}
            </th>
            <td data-head={words.who}>{event.actor}</td>
            <td data-head={words.when} class="time">
              {moment(event.time)}
            </td>
            <td data-head={words.where}>{event.ipAddress}</td>
            <td data-head={words.change}>
              <Change event={event} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Change({ event }: { event: AuditEvent }) {
  const found = differences(event.before, event.after);
  if (found.length === 0) return null;
  return (
    <ul class="changes">
      {found.map((one) => (
        <li key={one.name}>
          {words.changed(one.name, one.before || words.nothing, one.after || words.nothing)}
        </li>
      ))}
    </ul>
  );
}
