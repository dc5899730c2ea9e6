import type { Fitness } from "../../lib/platform";
import type { Preview } from "../../lib/rest";
import { byNumberPath } from "../../model/address";
import { type Asked, missingIn } from "../../model/entrance";
import { clock, day, meetingNumber } from "../../model/format";
import { common } from "../../text/common";
import { join as words } from "../../text/join";
import { Field, Form, type Values } from "../form";
import { Frame } from "../frame";
import { Icon } from "../icon";
import { Notice } from "../plain";
import { Check, type CheckProps } from "./check";
import { DeviceChoice } from "./devices";
import { Questions } from "./questions";

/** Found is what the link or the number led to, so far. */
export type Found =
  | { readonly is: "unknown" }
  | { readonly is: "meeting"; readonly meeting: Preview }
  | { readonly is: "nothing" }
  | { readonly is: "ended" }
  | { readonly is: "login" }
  | { readonly is: "trouble"; readonly sentence: string };

export interface JoinProps {
  readonly byLink: boolean;
  readonly number: string;
  readonly name: string;
  readonly found: Found;
  readonly fitness: Fitness;
  readonly check: CheckProps;
  /** what the site asks of this person; null until that is known */
  readonly asked: Asked | null;
  readonly busy: boolean;
  readonly problem: string;
  /** null where this page is in no frame */
  readonly around: {
    /** the address of this door in a tab of its own */
    readonly outside: string;
    readonly hints: readonly { readonly text: string }[];
    readonly password: string;
  } | null;
  readonly onName: (name: string) => void;
  readonly onSubmit: (values: Values) => void;
  readonly onRetry: () => void;
}

/** Join is the door: what meeting it is, what one brings along, a name, one button. */
export function Join(props: JoinProps) {
  const { found, fitness } = props;
  if (fitness !== "fit") {
    return fitness === "insecure" ? (
      <Notice title={words.insecure} text={words.insecureHelp} />
    ) : (
      <Notice title={words.unsupported} text={words.unsupportedHelp} />
    );
  }
  switch (found.is) {
    case "nothing":
      return (
        <Notice title={words.noLink} text={words.noLinkHelp}>
          <a class="button primary" href={byNumberPath(props.number)}>
            {common.joinByNumber}
          </a>
        </Notice>
      );
    case "ended":
      return (
        <Notice title={words.endedTitle} text={words.endedHelp}>
          <Again {...props} />
        </Notice>
      );
    case "login":
      return (
        <Notice title={words.loginFirst} text={words.loginFirstHelp}>
          <a class="button primary" href="/signin">
            {common.signIn}
          </a>
          <Apart {...props} />
        </Notice>
      );
    case "trouble":
      return (
        <Notice title={words.title} text={found.sentence}>
          <Again {...props} />
          <Apart {...props} />
        </Notice>
      );
    default:
      return <Door {...props} />;
  }
}

function Again({ onRetry }: JoinProps) {
  return (
    <button type="button" class="button primary" onClick={onRetry}>
      {common.tryAgain}
    </button>
  );
}

/** Apart is the way out of a frame: to where one can sign in, and nobody else's page is around. */
function Apart({ around }: JoinProps) {
  if (!around) return null;
  return (
    <a class="button" href={around.outside} target="_blank" rel="noopener">
      {words.apart}
    </a>
  );
}

function Door(props: JoinProps) {
  const { check, around, found } = props;
  return (
    <Frame account={null}>
      <div class="door">
        <div class="door-words">
          <Heading {...props} />
          {around?.hints.map(({ text }) => (
            <p class="problem" role="status" key={text}>
              {text}
            </p>
          ))}
        </div>
        <Check {...check} />
        <div class="door-form">
          <Form
            missing={{
              ...(props.byLink || around ? {} : { number: words.numberMissing }),
              displayName: words.nameMissing,
              ...missingIn(props.asked),
            }}
            submit={words.button}
            busyLabel={words.joining}
            busy={props.busy}
            problem={props.problem}
            onSubmit={props.onSubmit}
          >
            {props.byLink || around ? null : <NumberField number={props.number} />}
            <Field
              name="displayName"
              label={words.name}
              value={props.name}
              autoComplete="name"
              maxLength={100}
              readOnly={found.is === "meeting" && found.meeting.displayNameFixed}
              onValue={props.onName}
            />
            {props.byLink ? null : (
              <Field
                name="password"
                type="password"
                label={words.password}
                value={around?.password ?? ""}
                hint={words.byNumberHelp}
                autoComplete="off"
              />
            )}
            {props.asked ? <Questions {...props.asked} /> : null}
          </Form>
          <p class="brings">{brings(check)}</p>
          <p class="hint">{words.others}</p>
          <p class="hint encrypted">
            <Icon name="protected" />
            <span>{words.encrypted}</span>
          </p>
        </div>
        <DeviceChoice {...check} />
      </div>
    </Frame>
  );
}

function NumberField({ number }: { number: string }) {
  return (
    <Field
      name="number"
      label={words.number}
      value={meetingNumber(number)}
      hint={words.numberHint}
      inputMode="numeric"
      autoComplete="off"
      maxLength={30}
    />
  );
}

function Heading({ byLink, found }: JoinProps) {
  if (!byLink) return <h1>{words.title}</h1>;
  if (found.is !== "meeting") return <h1>{common.loading}</h1>;
  const { title, hostDisplayName, start, role } = found.meeting;
  return (
    <>
      <h1>
        <bdi>{title}</bdi>
      </h1>
      <p class="lead">{role === "host" ? words.yours : words.invites(hostDisplayName)}</p>
      <p class="hint">{common.when(day(start), clock(start))}</p>
    </>
  );
}

/** brings says what is on, before anybody sees or hears it. */
function brings({ microphone, camera }: CheckProps): string {
  if (microphone.state === "off") {
    return camera.state === "off" ? words.withNothing : words.withCamera;
  }
  return camera.state === "off" ? words.withMicrophone : words.withBoth;
}
