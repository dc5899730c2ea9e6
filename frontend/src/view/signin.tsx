import { common } from "../text/common";
import { signin as words } from "../text/signin";
import type { AccountFormProps } from "./account";
import { Field, Form } from "./form";
import { Frame } from "./frame";

/** CodeStep comes after the password, for who has an authenticator app. */
export function CodeStep({
  startOver,
  ...props
}: AccountFormProps & { readonly startOver: () => void }) {
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{words.codeTitle}</h1>
        <p class="lead">{words.codeLead}</p>
        <Form
          missing={{ code: words.codeMissing }}
          submit={common.signIn}
          busyLabel={common.loading}
          aside={
            <button type="button" class="button quiet" onClick={startOver}>
              {words.startOver}
            </button>
          }
          {...props}
        >
          <Field
            name="code"
            label={words.code}
            hint={words.codeHint}
            autoComplete="one-time-code"
            maxLength={30}
          />
        </Form>
      </section>
    </Frame>
  );
}

/** Others are the ways in that are not a password, as far as the site has any. */
export function Others(props: {
  readonly passkey: (() => void) | null;
  readonly provider: string | null;
  readonly toProvider: () => void;
}) {
  if (!props.passkey && props.provider === null) return null;
  return (
    <>
      <p class="or">
        <span>{words.or}</span>
      </p>
      <div class="others">
        {props.passkey ? (
          <button type="button" class="button" onClick={props.passkey}>
            {words.passkey}
          </button>
        ) : null}
        {props.provider === null ? null : (
          <button type="button" class="button" onClick={props.toProvider}>
            {words.provider(props.provider)}
          </button>
        )}
      </div>
    </>
  );
}
