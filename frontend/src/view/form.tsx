import { type ComponentChildren, createContext } from "preact";
import { useContext, useId, useRef, useState } from "preact/hooks";

/** Missing says, for each field that must be filled, what to do when it is not. */
type Missing = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string>>;

const Errors = createContext<Missing>({});

export interface FormProps {
  readonly missing: Missing;
  readonly submit: string;
  readonly busyLabel: string;
  readonly busy: boolean;
  /** what went wrong the last time, as a sentence */
  readonly problem: string;
  readonly onSubmit: (values: Values) => void;
  /** beside the button */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Form checks that nothing is missing, in our words, and hands over what was typed. */
export function Form(props: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<Missing>({});
  const submit = (event: Event) => {
    event.preventDefault();
    if (props.busy || !form.current) return;
    const values = valuesOf(form.current);
    const empty = Object.entries(props.missing).filter(([name]) => !values[name]?.trim());
    setErrors(Object.fromEntries(empty));
    const first = empty[0]?.[0];
    if (first === undefined) props.onSubmit(values);
    else focus(form.current, first);
  };
  return (
    <form ref={form} class="form" noValidate onSubmit={submit}>
      <Errors.Provider value={errors}>{props.children}</Errors.Provider>
      <Problem text={props.problem} />
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={props.busy}>
          {props.busy ? props.busyLabel : props.submit}
        </button>
        {props.aside}
      </div>
    </form>
  );
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password" | "datetime-local";
  readonly value?: string;
  readonly hint?: string;
  readonly autoComplete?: string;
  readonly inputMode?: "numeric";
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  /** for a value that is needed before it is submitted */
  readonly onValue?: (value: string) => void;
}

export function Field(props: FieldProps) {
  const { label, hint, ...input } = props;
  const id = useId();
  const error = useContext(Errors)[props.name];
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Input {...input} id={id} described={described} wrong={error !== undefined} />
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  );
}

type InputProps = Omit<FieldProps, "label" | "hint"> & {
  readonly id: string;
  readonly described: string;
  readonly wrong: boolean;
};

/** useField is what a field of a kind of its own needs: an id, and what is wrong with it. */
export function useField(name: string) {
  const id = useId();
  const error = useContext(Errors)[name];
  const props = {
    ...{ id, name },
    "aria-invalid": error !== undefined ? true : undefined,
    "aria-describedby": error === undefined ? undefined : `${id}-error`,
  };
  const said = error ? (
    <p class="error" id={`${id}-error`}>
      {error}
    </p>
  ) : null;
  return { props, said };
}

/** Each kind of input is an element type of its own to Preact. */
function Input({ value = "", onValue, type = "text", described, wrong, ...rest }: InputProps) {
  const input = {
    ...rest,
    ...(onValue ? { value, onInput: typed(onValue) } : { defaultValue: value }),
    "aria-invalid": wrong ? true : undefined,
    "aria-describedby": described || undefined,
    dir: directionOf(type, rest.inputMode),
  };
  switch (type) {
    case "text":
      return <input {...input} type="text" />;
    case "email":
      return <input {...input} type="email" />;
    case "password":
      return <input {...input} type="password" />;
    case "datetime-local":
      return <input {...input} type="datetime-local" />;
  }
}

/** directionOf: names run as they are written, addresses and numbers from left to right everywhere. */
function directionOf(type: FieldProps["type"], inputMode: FieldProps["inputMode"]): "auto" | "ltr" {
  return type === "text" && inputMode === undefined ? "auto" : "ltr";
}

function typed(onValue: (value: string) => void) {
  return (event: { readonly currentTarget: HTMLInputElement }) =>
    onValue(event.currentTarget.value);
}

/** Problem is a sentence that is read out as soon as it appears. */
export function Problem({ text }: { text: string }) {
  return <div role="alert">{text ? <p class="problem">{text}</p> : null}</div>;
}

/** valuesOf is what was typed, by the names of the fields. */
export function valuesOf(form: HTMLFormElement): Values {
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") values[name] = value;
  }
  return values;
}

function focus(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}
