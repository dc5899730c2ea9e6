import type { JoinKey } from "../lib/join-keys";
import { moment } from "../model/format";
import { common } from "../text/common";
import { embedding as words } from "../text/embedding";
import { Admin, Heads } from "./admin";
import { Problem } from "./form";
import type { FrameProps } from "./frame";
import { Icon } from "./icon";

export interface EmbeddingProps {
  readonly account: FrameProps["account"];
  /** whether one may change anything here */
  readonly manages: boolean;
  /** null until they were loaded */
  readonly origins: readonly string[] | null;
  /** null until they were loaded */
  readonly keys: readonly JoinKey[] | null;
  readonly problem: string;
  readonly onAdd: () => void;
  readonly onSample: (key: JoinKey) => void;
  readonly onRename: (key: JoinKey) => void;
  readonly onRevoke: (key: JoinKey) => void;
}

/** Embedding is who may show the site's meetings elsewhere, and sign people in to them. */
export function Embedding(props: EmbeddingProps) {
  return (
    <Admin account={props.account} here="/admin/embedding" title={words.title}>
      <p class="lead">{words.lead}</p>
      <Problem text={props.problem} />
      {props.keys || props.problem ? null : <p class="hint">{common.loading}</p>}
      {props.origins ? <Origins origins={props.origins} /> : null}
      {props.keys ? <Keys {...props} keys={props.keys} /> : null}
    </Admin>
  );
}

function Origins({ origins }: { origins: readonly string[] }) {
  return (
    <section class="card things" aria-labelledby="origins">
      <h2 id="origins">{words.origins}</h2>
      {origins.length === 0 ? (
        <p>{words.originsNone}</p>
      ) : (
        <ul>
          {origins.map((origin) => (
            <li key={origin}>
              <bdi dir="ltr">{origin}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href="/admin/policy">{words.originsEdit}</a>
      </p>
    </section>
  );
}

function Keys(props: EmbeddingProps & { readonly keys: readonly JoinKey[] }) {
  return (
    <section class="waiting-list" aria-labelledby="keys">
      <h2 id="keys">{words.keys}</h2>
      <div class="title-row">
        <p class="lead">{words.keysLead}</p>
        {props.manages ? (
          <button type="button" class="button primary" onClick={props.onAdd}>
            <Icon name="add" />
            {words.add}
          </button>
        ) : null}
      </div>
      {props.keys.length === 0 ? <p role="status">{words.empty}</p> : <Table {...props} />}
      {props.manages && props.keys.length > 0 ? <p class="hint">{words.rotate}</p> : null}
    </section>
  );
}

function Table(props: EmbeddingProps & { readonly keys: readonly JoinKey[] }) {
  return (
    <table class="table">
      <caption class="unseen">{words.caption}</caption>
      <Heads of={[words.name, words.algorithm, words.role, words.used]} actions={words.actions} />
      <tbody>
        {props.keys.map((key) => (
          <Row key={key.id} of={key} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ of, ...props }: EmbeddingProps & { readonly of: JoinKey }) {
  return (
    <tr>
      <th scope="row">
        <bdi>{of.name}</bdi>
        <p class="hint">{words.made(moment(of.created), of.createdBy)}</p>
      </th>
      <td data-head={words.algorithm}>{of.algorithm}</td>
      <td data-head={words.role}>{roleName(of.maxRole)}</td>
      <td data-head={words.used} class="time">
        {of.lastUsed ? moment(of.lastUsed) : words.never}
      </td>
      <td>
        {of.revoked ? (
          <span class="badge">{words.revoked(moment(of.revoked))}</span>
        ) : (
          <Actions of={of} {...props} />
        )}
      </td>
    </tr>
  );
}

function Actions({ of, ...props }: EmbeddingProps & { readonly of: JoinKey }) {
  const { name } = of;
  const acts = [
    [words.sample, words.sampleOf(name), props.onSample],
    [words.rename, words.renameOf(name), props.onRename],
    [words.revoke, words.revokeOf(name), props.onRevoke],
  ] as const;
  return (
    <div class="actions">
      {acts.slice(0, props.manages ? acts.length : 1).map(([label, full, act]) => (
        <button
          key={label}
          type="button"
          class="button small"
          aria-label={full}
          onClick={() => act(of)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** roleName is a role in words; one that this page does not know stays as it is. */
function roleName(role: string): string {
  return isRole(role) ? words.roles[role] : role;
}

function isRole(role: string): role is keyof typeof words.roles {
  return role in words.roles;
}
