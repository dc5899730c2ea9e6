import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { common } from "../text/common";
import { Icon } from "./icon";

/** Dialog stands in front of everything until it is closed. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  const backdrop = (event: MouseEvent) => {
    if (event.target === element.current) props.onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog already; this is the click beside it.
    <dialog
      class="dialog"
      ref={element}
      aria-labelledby={id}
      onClick={backdrop}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{props.title}</h2>
          <button type="button" class="button icon-only" onClick={props.onClose}>
            <Icon name="close" />
            <span class="unseen">{common.close}</span>
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** Confirm asks before something that cannot be undone. */
export function Confirm(props: {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly problem?: ComponentChildren;
  readonly onYes: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.text}</p>
      {props.problem}
      <div class="actions">
        <button type="button" class="button danger" onClick={props.onYes}>
          {props.yes}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {common.cancel}
        </button>
      </div>
    </Dialog>
  );
}

/** FormDialogProps are those of a dialog with a form in it. */
export interface FormDialogProps {
  readonly busy: boolean;
  readonly problem: string;
  readonly onClose: () => void;
}

/** Cancel stands beside the button of such a form. */
export function Cancel({ onClose }: { onClose: () => void }) {
  return (
    <button type="button" class="button quiet" onClick={onClose}>
      {common.cancel}
    </button>
  );
}
