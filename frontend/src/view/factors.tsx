import type { ComponentChildren } from "preact";
import type { AppSecret, MySignIn, Passkey } from "../lib/factors";
import type { Drawing } from "../lib/qr";
import { day } from "../model/format";
import { common } from "../text/common";
import { signin as words } from "../text/signin";
import { Confirm } from "./dialog";
import { Field, Form, Problem, type Values } from "./form";
import { Frame, type FrameProps } from "./frame";

/** Asked is what stands in front of the page: something that cannot be undone. */
export type Asked =
  | { readonly is: "none" }
  | { readonly is: "passkey"; readonly passkey: Passkey }
  | { readonly is: "app" | "identity" };

export interface FactorsProps {
  readonly account: FrameProps["account"];
  readonly mine: MySignIn | null;
  readonly asked: Asked;
  /** an app that is being set up */
  readonly app: { readonly secret: AppSecret; readonly drawing: Drawing } | null;
  /** codes that are shown this once */
  readonly codes: readonly string[] | null;
  readonly copied: boolean;
  /** a second factor was wanted, and is there now */
  readonly opened: boolean;
  readonly knowsPasskeys: boolean;
  readonly busy: boolean;
  readonly problem: string;
  readonly ask: (asked: Asked) => void;
  readonly confirm: () => void;
  readonly addPasskey: (values: Values) => void;
  readonly beginApp: () => void;
  readonly finishApp: (values: Values) => void;
  readonly cancelApp: () => void;
  readonly newCodes: () => void;
  readonly copyCodes: () => void;
  readonly keptCodes: () => void;
  readonly link: () => void;
  readonly signInAgain: () => void;
}

/** Factors is the page about how one signs in. */
export function Factors(props: FactorsProps) {
  const { mine } = props;
  return (
    <Frame account={props.account} here="/profile">
      <h1>{words.title}</h1>
      <p class="lead">{mine?.needed ? words.needed : words.lead}</p>
      {props.opened ? (
        <p role="status">
          {words.done} <a href="/meetings">{words.toMeetings}</a>
        </p>
      ) : null}
      {props.app || props.asked.is !== "none" ? null : <Problem text={props.problem} />}
      {mine === null ? <p>{common.loading}</p> : <Ways {...props} mine={mine} />}
    </Frame>
  );
}

type Ready = FactorsProps & { readonly mine: MySignIn };

function Ways(props: Ready) {
  const { mine } = props;
  if (props.codes) return <Codes {...props} codes={props.codes} />;
  return (
    <>
      {mine.mayChange ? null : <Again {...props} />}
      <Passkeys {...props} />
      <App {...props} />
      {mine.provider === null ? null : <Provider {...props} label={mine.provider} />}
      <Question {...props} />
    </>
  );
}

function Factor(props: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="card factor">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

function Again({ mine, signInAgain }: Ready) {
  const second = mine.totp || mine.passkeys.length > 0;
  return (
    <section class="card factor">
      <p>{second ? words.againWithFactor : words.again}</p>
      <div class="actions">
        <button type="button" class="button primary" onClick={signInAgain}>
          {words.signInAgain}
        </button>
      </div>
    </section>
  );
}

function Passkeys({ mine, ask, addPasskey, busy, knowsPasskeys }: Ready) {
  const works = mine.passkeysWork && knowsPasskeys;
  return (
    <Factor title={words.passkeys}>
      <p>{words.passkeysLead}</p>
      {mine.passkeys.length > 0 ? (
        <ul class="keys">
          {mine.passkeys.map((key) => (
            <li key={key.id}>
              <span>
                <strong>{key.name}</strong>
                <br />
                <span class="hint">{about(key)}</span>
              </span>
              {mine.mayChange ? (
                <button
                  type="button"
                  class="button small"
                  aria-label={words.deletePasskeyNamed(key.name)}
                  onClick={() => ask({ is: "passkey", passkey: key })}
                >
                  {words.delete}
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {works ? null : (
        <p class="hint">{mine.passkeysWork ? words.oldBrowser : words.passkeysNot}</p>
      )}
      {works && mine.mayChange ? (
        <Form
          missing={{ name: words.passkeyNameMissing }}
          submit={words.addPasskey}
          busyLabel={words.adding}
          busy={busy}
          problem=""
          onSubmit={addPasskey}
        >
          <Field
            name="name"
            label={words.passkeyName}
            hint={words.passkeyNameHint}
            maxLength={100}
          />
        </Form>
      ) : null}
    </Factor>
  );
}

function about(key: Passkey): string {
  const used = key.lastUsed === null ? words.unused : words.used(day(key.lastUsed));
  return `${words.added(day(key.created))}, ${used}, ${words.worksAt(key.host)}`;
}

function App(props: Ready) {
  const { mine } = props;
  if (props.app) return <NewApp {...props} {...props.app} />;
  return (
    <Factor title={words.app}>
      <p>{mine.totp ? `${words.appOn} ${words.codesLeft(mine.recoveryCodes)}` : words.appOff}</p>
      {mine.mayChange ? (
        <div class="actions">
          {mine.totp ? (
            <>
              <button type="button" class="button" onClick={props.newCodes}>
                {words.newCodes}
              </button>
              <button type="button" class="button" onClick={() => props.ask({ is: "app" })}>
                {words.turnOff}
              </button>
            </>
          ) : (
            <button type="button" class="button" onClick={props.beginApp}>
              {words.setUpApp}
            </button>
          )}
        </div>
      ) : null}
    </Factor>
  );
}

function NewApp(props: Ready & { readonly secret: AppSecret; readonly drawing: Drawing }) {
  const { size, path } = props.drawing;
  return (
    <Factor title={words.app}>
      <p>{words.scan}</p>
      <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.picture}>
        <path d={path} shape-rendering="crispEdges" />
      </svg>
      <p>
        {words.key} <span class="key-text">{grouped(props.secret.secret)}</span>
      </p>
      <Form
        missing={{ code: words.codeMissing }}
        submit={words.turnOn}
        busyLabel={words.turningOn}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.finishApp}
        aside={
          <button type="button" class="button" onClick={props.cancelApp}>
            {common.cancel}
          </button>
        }
      >
        <Field
          name="code"
          label={words.code}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={10}
        />
      </Form>
    </Factor>
  );
}

function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}

function Codes(props: Ready & { readonly codes: readonly string[] }) {
  return (
    <Factor title={words.codesTitle}>
      <p>{words.codesLead}</p>
      <ul class="codes">
        {props.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" class="button primary" onClick={props.keptCodes}>
          {words.kept}
        </button>
        <button type="button" class="button" onClick={props.copyCodes}>
          {props.copied ? words.copied : words.copy}
        </button>
      </div>
    </Factor>
  );
}

function Provider({ mine, label, ask, link }: Ready & { readonly label: string }) {
  return (
    <Factor title={words.linked(label)}>
      <p>{mine.identity === null ? words.notLinked(label) : words.linkedAs(mine.identity)}</p>
      {mine.mayChange ? (
        <div class="actions">
          {mine.identity === null ? (
            <button type="button" class="button" onClick={link}>
              {words.link(label)}
            </button>
          ) : (
            <button type="button" class="button" onClick={() => ask({ is: "identity" })}>
              {words.unlink}
            </button>
          )}
        </div>
      ) : null}
    </Factor>
  );
}

/** Question asks before something goes that one signs in with. */
function Question({ asked, ask, confirm, problem, mine }: Ready) {
  if (asked.is === "none") return null;
  const [title, text, yes] = question(asked, mine);
  return (
    <Confirm
      title={title}
      text={text}
      yes={yes}
      problem={<Problem text={problem} />}
      onYes={confirm}
      onClose={() => ask({ is: "none" })}
    />
  );
}

function question(asked: Exclude<Asked, { is: "none" }>, mine: MySignIn): [string, string, string] {
  switch (asked.is) {
    case "passkey":
      return [words.deletePasskey, words.deletePasskeyText(asked.passkey.name), words.delete];
    case "app":
      return [words.turnOffTitle, words.turnOffText, words.turnOff];
    case "identity":
      return [words.unlinkTitle, words.unlinkText(mine.provider ?? ""), words.unlink];
  }
}
