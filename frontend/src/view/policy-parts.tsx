import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Question } from "../lib/rest";
import { lines } from "../model/policy";
import { policy as words } from "../text/policy";

/** Group is a part of the policy, with its name. */
export function Group(props: { title: string; help?: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="card policy-group" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.help ? <p class="hint">{props.help}</p> : null}
      {props.children}
    </section>
  );
}

interface TickProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

export function Tick({ label, hint, on, onChange }: TickProps) {
  const id = useId();
  return (
    <div class="policy-tick">
      <input
        id={id}
        type="checkbox"
        checked={on}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        {hint ? (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function Line({ label, hint, value, onValue, ...input }: TextProps & { maxLength?: number }) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <input
        {...input}
        id={id}
        type="text"
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    </Labelled>
  );
}

interface AmountProps extends Omit<TextProps, "value" | "onValue"> {
  readonly value: number;
  readonly most: number;
  readonly onValue: (value: number) => void;
}

export function Amount({ label, hint, value, most, onValue }: AmountProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <input
        id={id}
        class="amount"
        type="number"
        min={0}
        max={most}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => onValue(Math.trunc(Number(currentTarget.value)) || 0)}
      />
    </Labelled>
  );
}

export function Area({ label, hint, value, onValue, rows = 4 }: TextProps & { rows?: number }) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <textarea
        id={id}
        rows={rows}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    </Labelled>
  );
}

interface ListProps extends Omit<TextProps, "value" | "onValue"> {
  readonly value: readonly string[];
  readonly onValue: (value: readonly string[]) => void;
}

/** List is a text with one entry a line. What is typed stays as it is until the field is left. */
export function List({ value, onValue, label, hint }: ListProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <textarea
        id={id}
        rows={3}
        value={value.join("\n")}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ currentTarget }) => onValue(lines(currentTarget.value))}
      />
    </Labelled>
  );
}

interface ChoiceProps extends TextProps {
  readonly choices: readonly (readonly string[])[];
}

export function Choice({ label, hint, value, choices, onValue }: ChoiceProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <select
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ currentTarget }) => onValue(currentTarget.value)}
      >
        {choices.map(([key = "", name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Labelled(props: {
  id: string;
  label: string;
  hint?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      {props.children}
      {props.hint ? (
        <p class="hint" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      ) : null}
    </div>
  );
}

interface QuestionsProps {
  readonly questions: readonly Question[];
  readonly readOnly: boolean;
  readonly onChange: (questions: readonly Question[]) => void;
}

/** Questions is where the administrator writes what people are asked at the door. */
export function QuestionsEditor({ questions, readOnly, onChange }: QuestionsProps) {
  const set = (at: number, change: Partial<Question>) =>
    onChange(questions.map((q, i) => (i === at ? { ...q, ...change } : q)));
  return (
    <div class="policy-questions">
      <h3>{words.questions}</h3>
      <p class="hint">{words.questionsHelp}</p>
      {questions.map((question, i) => (
        <fieldset key={question.name || i} class="policy-question">
          <legend>{words.question(i + 1)}</legend>
          <Line
            label={words.label}
            value={question.label}
            maxLength={200}
            onValue={(label) => set(i, { label })}
          />
          <Tick
            label={words.required}
            on={question.required}
            onChange={(required) => set(i, { required })}
          />
          <List
            label={words.choices}
            hint={words.choicesHint}
            value={question.choices}
            onValue={(choices) => set(i, { choices })}
          />
          {readOnly ? null : (
            <button
              type="button"
              class="button quiet"
              onClick={() => onChange(questions.filter((_, at) => at !== i))}
            >
              {words.removeQuestion(i + 1)}
            </button>
          )}
        </fieldset>
      ))}
      {readOnly ? null : (
        <button
          type="button"
          class="button"
          onClick={() =>
            onChange([...questions, { name: "", label: "", required: true, choices: [] }])
          }
        >
          {words.addQuestion}
        </button>
      )}
    </div>
  );
}
