import { account as words } from "../text/account";
import { common } from "../text/common";
import { Field, Form, type Values } from "./form";
import { Frame, type FrameProps } from "./frame";

export function Home({ account }: { account: FrameProps["account"] }) {
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
    </Frame>
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

export function SignIn(props: AccountFormProps) {
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
      </section>
    </Frame>
  );
}

function Email() {
  return <Field name="email" type="email" label={words.email} autoComplete="username" />;
}
