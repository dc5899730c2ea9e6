import { Icon } from "./icon";

/** Once is a secret that is shown this one time, to be copied. */
export function Once(props: {
  readonly label: string;
  readonly secret: string;
  readonly rows: number;
  readonly words: { readonly copy: string; readonly copied: string; readonly done: string };
  readonly copied: boolean;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}) {
  return (
    <>
      <textarea
        class="invitation"
        readOnly
        rows={props.rows}
        dir="ltr"
        aria-label={props.label}
        value={props.secret}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="actions">
        <button type="button" class="button primary" onClick={props.onCopy}>
          <Icon name="copy" />
          {props.words.copy}
        </button>
        <button type="button" class="button quiet" onClick={props.onClose}>
          {props.words.done}
        </button>
        <span role="status" class="said">
          {props.copied ? props.words.copied : ""}
        </span>
      </div>
    </>
  );
}
