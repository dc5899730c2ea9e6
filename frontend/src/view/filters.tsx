import type { ComponentChildren } from "preact";
import { reports as words } from "../text/reports";
import { type Values, valuesOf } from "./form";

/** Filters says which rows of a long list are shown. */
export function Filters(props: {
  readonly label: string;
  readonly onFilter: (values: Values) => void;
  readonly children: ComponentChildren;
}) {
  const submit = (event: { preventDefault(): void; readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    props.onFilter(valuesOf(event.currentTarget));
  };
  return (
    <search>
      <form class="filters" aria-label={props.label} onSubmit={submit}>
        <Day name="from" label={words.from} />
        <Day name="to" label={words.to} />
        {props.children}
        <button type="submit" class="button">
          {words.show}
        </button>
      </form>
    </search>
  );
}

function Day({ name, label }: { name: string; label: string }) {
  return (
    <div class="field">
      <label for={`filter-${name}`}>{label}</label>
      <input id={`filter-${name}`} name={name} type="date" />
    </div>
  );
}
