import type { PasswordRequest, Person } from "../lib/people";
import { moment } from "../model/format";
import { stateOf } from "../model/person";
import { common } from "../text/common";
import { people as words } from "../text/people";
import { Admin, Heads } from "./admin";
import { Problem } from "./form";
import type { FrameProps } from "./frame";
import { Icon } from "./icon";

export interface PeopleProps {
  readonly account: FrameProps["account"];
  /** whether one may change anything here */
  readonly manages: boolean;
  /** null until they were loaded */
  readonly people: readonly Person[] | null;
  readonly requests: readonly PasswordRequest[];
  readonly more: boolean;
  readonly problem: string;
  readonly onSearch: (text: string) => void;
  readonly onMore: () => void;
  readonly onAdd: () => void;
  readonly onEdit: (person: Person) => void;
  readonly onApprove: (request: PasswordRequest) => void;
  readonly onDeny: (request: PasswordRequest) => void;
}

/** People is who has an account at the site. */
export function People(props: PeopleProps) {
  const { people, manages } = props;
  return (
    <Admin account={props.account} here="/admin/people" title={words.title}>
      <div class="title-row">
        <p class="lead">{words.lead}</p>
        {manages ? (
          <button type="button" class="button primary" onClick={props.onAdd}>
            <Icon name="add" />
            {words.add}
          </button>
        ) : null}
      </div>
      <Problem text={props.problem} />
      {props.requests.length > 0 ? <Requests {...props} /> : null}
      <Search onSearch={props.onSearch} />
      {people || props.problem ? null : <p class="hint">{common.loading}</p>}
      {people?.length === 0 ? <p role="status">{words.empty}</p> : null}
      {people && people.length > 0 ? <Table {...props} people={people} /> : null}
      {props.more ? (
        <button type="button" class="button" onClick={props.onMore}>
          {words.more}
        </button>
      ) : null}
    </Admin>
  );
}

function Search({ onSearch }: { onSearch: (text: string) => void }) {
  const submit = (event: { preventDefault(): void; readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("search");
    onSearch(typeof text === "string" ? text.trim() : "");
  };
  return (
    <search>
      <form class="search" onSubmit={submit}>
        <input
          name="search"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          autoComplete="off"
          maxLength={254}
        />
        <button type="submit" class="button">
          {words.searchGo}
        </button>
      </form>
    </search>
  );
}

function Table(props: PeopleProps & { people: readonly Person[] }) {
  const heads = [words.name, words.email, words.role, words.state, words.lastSignIn];
  return (
    <table class="table">
      <caption class="unseen">{words.caption}</caption>
      <Heads of={heads} actions={props.manages ? words.edit : ""} />
      <tbody>
        {props.people.map((person) => (
          <Row key={person.id} person={person} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ person, manages, onEdit }: PeopleProps & { person: Person }) {
  const state = stateOf(person);
  return (
    <tr>
      <th scope="row">
        <bdi>{person.name}</bdi>
      </th>
      <td data-head={words.email}>
        <bdi>{person.email}</bdi>
      </td>
      <td data-head={words.role}>{roleName(person.role)}</td>
      <td data-head={words.state}>
        {state === "active" ? (
          words.states.active
        ) : (
          <span class="badge">{words.states[state]}</span>
        )}
      </td>
      <td data-head={words.lastSignIn} class="time">
        {person.lastSignIn ? moment(person.lastSignIn) : words.never}
      </td>
      {manages ? (
        <td>
          <button
            type="button"
            class="button small"
            aria-label={words.editOf(person.name)}
            onClick={() => onEdit(person)}
          >
            {words.edit}
          </button>
        </td>
      ) : null}
    </tr>
  );
}

/** roleName is a role in words; one that this page does not know stays as it is. */
function roleName(role: string): string {
  return isRole(role) ? words.roleNames[role] : role;
}

function isRole(role: string): role is keyof typeof words.roleNames {
  return role in words.roleNames;
}

function Requests(props: PeopleProps) {
  return (
    <section class="card waiting-list" aria-labelledby="password-requests">
      <h2 id="password-requests">{words.requests}</h2>
      {props.manages ? <p class="hint">{words.requestsLead}</p> : null}
      <ul>
        {props.requests.map((request) => (
          <Request key={request.id} request={request} {...props} />
        ))}
      </ul>
    </section>
  );
}

function Request(props: PeopleProps & { request: PasswordRequest }) {
  const { request, manages } = props;
  const { name, email } = request.user;
  return (
    <li>
      <p>
        <strong>
          <bdi>{name}</bdi>
        </strong>{" "}
        <bdi>{email}</bdi> <span class="hint">{words.asked(moment(request.created))}</span>
      </p>
      {manages ? (
        <div class="actions">
          <button
            type="button"
            class="button small"
            aria-label={words.approveOf(name)}
            onClick={() => props.onApprove(request)}
          >
            {words.approve}
          </button>
          <button
            type="button"
            class="button small quiet"
            aria-label={words.denyOf(name)}
            onClick={() => props.onDeny(request)}
          >
            {words.deny}
          </button>
        </div>
      ) : null}
    </li>
  );
}
