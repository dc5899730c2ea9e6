import { profile as words } from "../text/profile";
import { Choice, Tick } from "./choice";
import { Cancel, Dialog } from "./dialog";
import { Field, Form, type Values } from "./form";
import { Once } from "./once";

const days = [7, 30, 90, 180, 365];

/** MakeToken asks what a program may do. */
export function MakeToken(props: {
  /** the scopes that are of any use to one's role */
  readonly scopes: readonly (keyof typeof words.scopes)[];
  readonly busy: boolean;
  readonly problem: string;
  readonly onSubmit: (values: Values) => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={words.tokenMake} onClose={props.onClose}>
      <Form
        missing={{ name: words.tokenNameMissing }}
        submit={words.tokenMake}
        busyLabel={words.tokenMaking}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Field name="name" label={words.tokenName} autoComplete="off" maxLength={100} />
        <fieldset class="ticks">
          <legend>{words.tokenMay}</legend>
          {props.scopes.map((scope) => (
            <Tick key={scope} name={scope} label={words.scopes[scope]} checked={scope === "read"} />
          ))}
        </fieldset>
        <Choice
          name="days"
          label={words.tokenDays}
          value="90"
          options={days.map((n) => [String(n), words.tokenDaysOf(n)] as const)}
        />
      </Form>
    </Dialog>
  );
}

/** NewToken shows a token, once. */
export function NewToken(props: {
  readonly token: string;
  readonly copied: boolean;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={words.tokenMade} onClose={props.onClose}>
      <p>{words.tokenMadeHelp}</p>
      <Once
        label={words.token}
        secret={props.token}
        rows={2}
        words={words}
        copied={props.copied}
        onCopy={props.onCopy}
        onClose={props.onClose}
      />
    </Dialog>
  );
}
