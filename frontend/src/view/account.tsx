import type { ComponentChildren } from "preact";
import type { ListedMeeting } from "../lib/rest";
import { byNumberPath } from "../model/address";
import { clock, day } from "../model/format";
import { account as words } from "../text/account";
import { common } from "../text/common";
import { Field, Form, type Values } from "./form";
import { Frame, type FrameProps } from "./frame";

export function Home(props: {
  readonly account: FrameProps["account"];
  readonly listed: readonly ListedMeeting[];
}) {
  const { account } = props;
  return (
    <Frame account={account} door={!account}>
      <section class="hero">
        <h1>{words.homeTitle}</h1>
        <p class="lead">{words.homeLead}</p>
        <div class="actions">
          <a class="button primary large" href="/join">
            {words.homeJoin}
          </a>
          {account ? (
            <a class="button large" href="/meetings">
              {words.toMeetings}
            </a>
          ) : null}
        </div>
        <p class="hint">{words.homeLink}</p>
        {account ? null : (
          <p class="hint">
            {words.homeHost} <a href="/signin">{common.signIn}</a>
          </p>
        )}
      </section>
      <OpenMeetings listed={props.listed} />
    </Frame>
  );
}

/** OpenMeetings are what hosts want everybody to see; most sites have none. */
function OpenMeetings({ listed }: { listed: readonly ListedMeeting[] }) {
  if (listed.length === 0) return null;
  return (
    <section class="open-meetings">
      <h2>{words.openMeetings}</h2>
      <ul>
        {listed.map((meeting) => (
          <li key={meeting.meetingNumber} class="card">
            <h3>{meeting.title}</h3>
            <p class="hint">
              {`${common.when(day(meeting.start), clock(meeting.start))} · ${meeting.hostDisplayName}`}
            </p>
            <a
              class="button small"
              href={byNumberPath(meeting.meetingNumber)}
              aria-label={words.joinNamed(meeting.title)}
            >
              {words.joinListed}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export interface AccountFormProps {
  readonly busy: boolean;
  readonly problem: string;
  readonly onSubmit: (values: Values) => void;
}

/** SetUp makes the first account; without the token of the link there is nothing to fill in. */
export function SetUp(props: AccountFormProps & { readonly hasToken: boolean }) {
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{words.setupTitle}</h1>
        {props.hasToken ? (
          <>
            <p class="lead">{words.setupLead}</p>
            <Form
              missing={{
                name: words.nameMissing,
                email: words.emailMissing,
                password: words.passwordMissing,
              }}
              submit={words.setup}
              busyLabel={words.settingUp}
              {...props}
            >
              <Field name="name" label={words.name} autoComplete="name" maxLength={100} />
              <Email />
              <Field
                name="password"
                type="password"
                label={words.password}
                autoComplete="new-password"
                hint={words.passwordHint}
              />
            </Form>
          </>
        ) : (
          <p class="problem">{words.setupMissing}</p>
        )}
      </section>
    </Frame>
  );
}

export function SignIn({
  others,
  ...props
}: AccountFormProps & {
  /** other ways than a password */
  readonly others: ComponentChildren;
  readonly registers: boolean;
}) {
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{words.signInTitle}</h1>
        <p class="lead">{words.signInLead}</p>
        <Form
          missing={{ email: words.emailMissing, password: words.passwordMissing }}
          submit={common.signIn}
          busyLabel={words.signingIn}
          {...props}
        >
          <Email />
          <Field
            name="password"
            type="password"
            label={words.password}
            autoComplete="current-password"
          />
        </Form>
        {others}
        <p class="ways">
          <a href="/forgot">{words.forgotLink}</a>
          {props.registers ? <a href="/register">{words.registerLink}</a> : null}
        </p>
      </section>
    </Frame>
  );
}

export function Email() {
  return <Field name="email" type="email" label={words.email} autoComplete="username" />;
}
