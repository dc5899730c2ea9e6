import type { Welcome } from "../lib/people";
import { account as words } from "../text/account";
import { common } from "../text/common";
import { type AccountFormProps, Email } from "./account";
import { Field, Form, Problem } from "./form";
import { Frame } from "./frame";

export interface ChooseProps extends AccountFormProps {
  /** whose link it is: null until that is known */
  readonly welcome: Welcome | null;
  readonly hasToken: boolean;
  /** the link is good for nothing (any more), as a sentence */
  readonly refused: string;
}

/** Choose sets the password of an account, by a link. */
export function Choose(props: ChooseProps) {
  const { welcome } = props;
  const refused = props.hasToken ? props.refused : words.welcomeMissing;
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{words.welcomeTitle[welcome?.purpose ?? "invite"]}</h1>
        {refused ? (
          <>
            <Problem text={refused} />
            <a href="/forgot">{words.askAnother}</a>
          </>
        ) : null}
        {refused || welcome ? null : <p class="hint">{common.loading}</p>}
        {welcome && !refused ? (
          <>
            <p class="lead">{words.welcomeLead(welcome.name, welcome.email)}</p>
            <Form
              missing={{ password: words.passwordMissing }}
              submit={words.choosePassword}
              busyLabel={words.choosing}
              {...props}
            >
              <input type="email" autoComplete="username" value={welcome.email} readOnly hidden />
              <Field
                name="password"
                type="password"
                label={words.password}
                autoComplete="new-password"
                hint={words.passwordHint}
              />
            </Form>
          </>
        ) : null}
      </section>
    </Frame>
  );
}

export interface AskProps extends AccountFormProps {
  /** the request was taken */
  readonly done: boolean;
}

/** Register asks for an account. Open is null until it is known whether the site wants that. */
export function Register(props: AskProps & { readonly open: boolean | null }) {
  if (props.open === false)
    return <Told title={words.registerClosed} text={words.registerClosedHelp} />;
  if (props.done) return <Told title={words.registerDone} text={words.registerDoneHelp} />;
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{words.registerTitle}</h1>
        <p class="lead">{words.registerLead}</p>
        <Form
          missing={{ name: words.nameMissing, email: words.emailMissing }}
          submit={words.register}
          busyLabel={words.registering}
          {...props}
        >
          <Field name="name" label={words.name} autoComplete="name" maxLength={100} />
          <Email />
        </Form>
        <Back />
      </section>
    </Frame>
  );
}

/** Forgot asks for a new password. */
export function Forgot(props: AskProps & { readonly waits: boolean }) {
  if (props.done)
    return props.waits ? (
      <Told title={words.forgotWaits} text={words.forgotWaitsHelp} />
    ) : (
      <Told title={words.forgotDone} text={words.forgotDoneHelp} />
    );
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{words.forgotTitle}</h1>
        <p class="lead">{words.forgotLead}</p>
        <Form
          missing={{ email: words.emailMissing }}
          submit={words.forgot}
          busyLabel={words.forgetting}
          {...props}
        >
          <Email />
        </Form>
        <Back />
      </section>
    </Frame>
  );
}

function Told({ title, text }: { title: string; text: string }) {
  return (
    <Frame account={null}>
      <section class="narrow card" role="status">
        <h1>{title}</h1>
        <p>{text}</p>
        <Back />
      </section>
    </Frame>
  );
}

function Back() {
  return (
    <p class="ways">
      <a href="/signin">{words.backToSignIn}</a>
    </p>
  );
}
