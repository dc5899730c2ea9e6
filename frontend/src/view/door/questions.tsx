import type { Question } from "../../lib/rest";
import { type Asked, inputOf } from "../../model/entrance";
import { join as words } from "../../text/join";
import { Field, useField } from "../form";

/** Questions are what the site wants to know before one comes in. */
export function Questions({ email, questions, disclaimer }: Asked) {
  return (
    <>
      {email ? (
        <Field name="email" type="email" label={words.email} autoComplete="email" maxLength={254} />
      ) : null}
      {questions.map((question) => (
        <Answer key={question.name} {...question} />
      ))}
      {disclaimer ? <Disclaimer text={disclaimer.text} key={disclaimer.hash} /> : null}
    </>
  );
}

function Answer(question: Question) {
  const { label, required, choices } = question;
  const name = inputOf(question);
  const shown = required ? label : words.optional(label);
  return choices.length > 0 ? (
    <Choice name={name} label={shown} choices={choices} />
  ) : (
    <Field name={name} label={shown} autoComplete="off" maxLength={500} />
  );
}

function Choice(props: { name: string; label: string; choices: readonly string[] }) {
  const { props: field, said } = useField(props.name);
  return (
    <div class="field">
      <label for={field.id}>{props.label}</label>
      <select {...field}>
        <option value="">{words.choose}</option>
        {props.choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
      {said}
    </div>
  );
}

/** Disclaimer is read here, in its own words, and agreed to; the box is empty at first. */
function Disclaimer({ text }: { text: string }) {
  const { props: field, said } = useField("agree");
  return (
    <section class="disclaimer" aria-label={words.disclaimer}>
      <h2>{words.disclaimer}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <div class="disclaimer-text" role="document" aria-label={words.disclaimer} tabIndex={0}>
        {text}
      </div>
      <div class="field">
        <label class="tick">
          <input {...field} type="checkbox" value="yes" />
          <span>{words.agree}</span>
        </label>
        {said}
      </div>
    </section>
  );
}
