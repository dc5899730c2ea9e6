import { useRef } from "preact/hooks";
import { common } from "../text/common";
import { demo as words } from "../text/demo";
import { Field, Form, type Values } from "./form";
import { Frame } from "./frame";

export interface DemoProps {
  /** of this page, which has to be allowed */
  readonly origin: string;
  /** what a developer writes */
  readonly code: string;
  readonly shown: boolean;
  readonly problem: string;
  /** what the frame said, the newest first */
  readonly lines: readonly string[];
  readonly show: (values: Values, place: HTMLElement) => void;
  readonly remove: () => void;
}

/** Demo shows a meeting as another page would. */
export function Demo(props: DemoProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <Frame account={null} busy={props.shown}>
      <section class="card">
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <p>
          {words.first(props.origin)} <a href="/admin/policy">{words.toPolicy}</a>
        </p>
        <Form
          missing={{ link: words.linkMissing }}
          submit={words.show}
          busyLabel={words.showing}
          busy={false}
          problem={props.problem}
          onSubmit={(values) => place.current && props.show(values, place.current)}
          aside={
            props.shown ? (
              <button type="button" class="button" onClick={props.remove}>
                {words.remove}
              </button>
            ) : null
          }
        >
          <Field name="link" label={words.link} hint={words.linkHint} autoComplete="off" />
          <Field name="name" label={words.name} autoComplete="name" maxLength={100} />
        </Form>
        <div ref={place} />
        <h2>{words.said}</h2>
        <pre class="excerpt">{props.lines.join("\n") || words.nothing}</pre>
        <h2>{words.yours}</h2>
        <pre class="excerpt" dir="ltr">
          {props.code}
        </pre>
      </section>
    </Frame>
  );
}

/** NoDemo is what there is of it elsewhere. */
export function NoDemo() {
  return (
    <Frame account={null}>
      <section class="narrow card">
        <h1>{common.missing}</h1>
        <p>{common.missingHelp}</p>
      </section>
    </Frame>
  );
}
