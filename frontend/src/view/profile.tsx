import type { Profile as Me, SignedIn, Token } from "../lib/people";
import { moment } from "../model/format";
import { device } from "../model/person";
import { account as accountWords } from "../text/account";
import { common } from "../text/common";
import { isTag, languages } from "../text/language";
import { profile as words } from "../text/profile";
import { Choice } from "./choice";
import { Field, Form, Problem, type Values } from "./form";
import { Frame, type FrameProps } from "./frame";
import { Icon } from "./icon";

/** Part is how one of the forms is doing. */
interface Part {
  readonly busy: boolean;
  readonly problem: string;
  readonly done: boolean;
  /** how often it went well */
  readonly times: number;
}

export interface ProfileProps {
  readonly account: FrameProps["account"];
  /** null until it was loaded */
  readonly me: Me | null;
  readonly logins: readonly SignedIn[];
  readonly tokens: readonly Token[];
  /** the browser's own, and all there are */
  readonly zone: string;
  readonly zones: readonly string[];
  readonly problem: string;
  readonly about: Part;
  readonly password: Part;
  readonly onAbout: (values: Values) => void;
  readonly onPassword: (values: Values) => void;
  readonly onEndLogin: (login: SignedIn) => void;
  readonly onEndLogins: () => void;
  readonly onMakeToken: () => void;
  readonly onDeleteToken: (token: Token) => void;
}

/** Profile is one's own account, and everything that comes in with it. */
export function Profile(props: ProfileProps) {
  const { me } = props;
  return (
    <Frame account={props.account} here="/profile" wide>
      <h1>{words.title}</h1>
      <Problem text={props.problem} />
      {me || props.problem ? null : <p class="hint">{common.loading}</p>}
      {me ? (
        <div class="profile">
          <About {...props} me={me} />
          <section class="card">
            <h2>{words.factors}</h2>
            <p class="hint">{words.factorsHelp}</p>
            <a class="button" href="/profile/signin">
              {words.toFactors}
            </a>
          </section>
          {me.hasPassword ? <Password {...props} me={me} /> : null}
          <Logins {...props} />
          <Tokens {...props} />
        </div>
      ) : null}
    </Frame>
  );
}

const lengths = [15, 30, 45, 60, 90, 120, 180, 240];

function About(props: ProfileProps & { me: Me }) {
  const { me, about } = props;
  const minutes = me.meetingDefaults.durationMinutes;
  const offered = [...new Set([...lengths, minutes])].sort((a, b) => a - b);
  return (
    <section class="card">
      <h2>{words.about}</h2>
      <p>
        <bdi>{me.email}</bdi>
      </p>
      <Form
        missing={{ name: words.nameMissing }}
        submit={common.save}
        busyLabel={words.saving}
        {...about}
        onSubmit={props.onAbout}
        aside={<Said text={about.done ? words.saved : ""} />}
      >
        <Field
          name="name"
          label={words.name}
          value={me.name}
          autoComplete="name"
          maxLength={100}
          hint={words.nameHint}
        />
        <Choice
          name="timeZone"
          label={words.timeZone}
          value={me.timeZone}
          options={[
            ["", words.browsersZone(props.zone)],
            ...props.zones.map((zone) => [zone, zone] as const),
          ]}
        />
        <Choice
          name="language"
          label={words.language}
          value={me.language}
          hint={words.languageHint}
          options={languageOptions(me.language)}
        />
        <Choice
          name="minutes"
          label={words.minutes}
          value={String(minutes)}
          options={offered.map((n) => [String(n), words.minutesOf(n)] as const)}
        />
      </Form>
    </section>
  );
}

/** languageOptions keeps what a program has set, even where there are no pages in it. */
function languageOptions(own: string): readonly (readonly [tag: string, name: string])[] {
  const known = Object.entries(languages).map(([tag, { name }]) => [tag, name] as const);
  const unknown = own && !isTag(own) ? [[own, own] as const] : [];
  return [["", words.browsersLanguage], ...known, ...unknown];
}

function Password(props: ProfileProps & { me: Me }) {
  const { password } = props;
  return (
    <section class="card">
      <h2>{words.password}</h2>
      <p class="hint">{words.passwordHelp}</p>
      <Form
        key={password.times}
        missing={{ current: words.currentMissing, password: words.newMissing }}
        submit={words.change}
        busyLabel={words.changing}
        {...password}
        onSubmit={props.onPassword}
        aside={<Said text={password.done ? words.changed : ""} />}
      >
        <input type="email" autoComplete="username" value={props.me.email} readOnly hidden />
        <Field
          name="current"
          type="password"
          label={words.current}
          autoComplete="current-password"
        />
        <Field
          name="password"
          type="password"
          label={words.new}
          autoComplete="new-password"
          hint={accountWords.passwordHint}
        />
      </Form>
    </section>
  );
}

function Said({ text }: { text: string }) {
  return (
    <span role="status" class="said">
      {text}
    </span>
  );
}

function Logins(props: ProfileProps) {
  return (
    <section class="card">
      <h2>{words.logins}</h2>
      <ul class="things">
        {props.logins.map((login) => (
          <Login key={login.id} login={login} {...props} />
        ))}
      </ul>
      <div class="actions">
        <button type="button" class="button" onClick={props.onEndLogins}>
          {words.everywhere}
        </button>
        <span class="hint">{words.everywhereHelp}</span>
      </div>
    </section>
  );
}

function Login({ login, onEndLogin }: ProfileProps & { login: SignedIn }) {
  const name = login.ipAddress ? device(login.agent) || words.unknown : words.unknown;
  return (
    <li>
      <div>
        <p>
          <bdi>{name}</bdi> {login.current ? <span class="badge">{words.thisOne}</span> : null}
        </p>
        <p class="hint">{words.lastSeen(moment(login.lastSeen), login.ipAddress)}</p>
      </div>
      {login.current ? null : (
        <button
          type="button"
          class="button small"
          aria-label={words.signOutOf(name)}
          onClick={() => onEndLogin(login)}
        >
          {words.signOut}
        </button>
      )}
    </li>
  );
}

function Tokens(props: ProfileProps) {
  return (
    <section class="card">
      <h2>{words.tokens}</h2>
      <p class="hint">{words.tokensHelp}</p>
      {props.tokens.length === 0 ? (
        <p>{words.noTokens}</p>
      ) : (
        <ul class="things">
          {props.tokens.map((token) => (
            <TokenRow key={token.id} token={token} {...props} />
          ))}
        </ul>
      )}
      <div class="actions">
        <button type="button" class="button" onClick={props.onMakeToken}>
          <Icon name="add" />
          {words.tokenMake}
        </button>
      </div>
    </section>
  );
}

function TokenRow({ token, onDeleteToken }: ProfileProps & { token: Token }) {
  const used = token.lastUsed ? words.tokenUsed(moment(token.lastUsed)) : words.tokenNever;
  return (
    <li>
      <div>
        <p>
          <bdi>{token.name}</bdi>
        </p>
        <p class="hint">{`${token.scopes.map(scopeName).join("; ")}.`}</p>
        <p class="hint">{`${used}. ${words.tokenExpires(moment(token.expires))}.`}</p>
      </div>
      <button
        type="button"
        class="button small quiet"
        aria-label={words.tokenDeleteOf(token.name)}
        onClick={() => onDeleteToken(token)}
      >
        {words.tokenDelete}
      </button>
    </li>
  );
}

function scopeName(scope: string): string {
  return isScope(scope) ? words.scopes[scope] : scope;
}

function isScope(scope: string): scope is keyof typeof words.scopes {
  return scope in words.scopes;
}
