import { useId } from "preact/hooks";

/** Choice is a field with a few answers, of which one is given. */
export function Choice(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly options: readonly (readonly [value: string, label: string])[];
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        name={props.name}
        defaultValue={props.value}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value} selected={value === props.value}>
            {label}
          </option>
        ))}
      </select>
      {props.hint ? (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      ) : null}
    </div>
  );
}

/** Tick is a field with a yes and a no. */
export function Tick(props: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly checked?: boolean;
}) {
  const id = useId();
  return (
    <div class="tick">
      <input
        id={id}
        name={props.name}
        type="checkbox"
        value="yes"
        defaultChecked={props.checked ?? false}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
      />
      <label for={id}>{props.label}</label>
      {props.hint ? (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      ) : null}
    </div>
  );
}
