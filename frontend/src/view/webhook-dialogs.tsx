import type { Webhook } from "../lib/webhooks";
import { moment } from "../model/format";
import { hostOf, typeWords } from "../model/webhooks";
import { common } from "../text/common";
import { webhooks as words } from "../text/webhooks";
import { Tick } from "./choice";
import { Cancel, Confirm, Dialog, type FormDialogProps } from "./dialog";
import { Field, Form, Problem, type Values } from "./form";
import { Once } from "./once";

interface FormProps extends FormDialogProps {
  /** all that a webhook can be told of */
  readonly events: readonly string[];
  readonly onSubmit: (values: Values) => void;
}

export function AddWebhook(props: FormProps) {
  return (
    <Dialog title={words.addTitle} onClose={props.onClose}>
      <Form
        missing={{ url: words.addressMissing }}
        submit={words.addGo}
        busyLabel={words.adding}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Address value="" />
        <Events all={props.events} ticked={props.events} />
      </Form>
    </Dialog>
  );
}

export function EditWebhook(
  props: FormProps & {
    readonly webhook: Webhook;
    readonly onSecret: () => void;
    readonly onDelete: () => void;
  },
) {
  const { webhook } = props;
  return (
    <Dialog title={hostOf(webhook.url)} onClose={props.onClose}>
      <Form
        missing={{ url: words.addressMissing }}
        submit={common.save}
        busyLabel={words.saving}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Address value={webhook.url} />
        <Events all={props.events} ticked={webhook.events} />
        <Tick
          name="enabled"
          label={words.enabled}
          hint={words.enabledHint}
          checked={webhook.enabled}
        />
      </Form>
      <div class="actions">
        <button type="button" class="button small" onClick={props.onSecret}>
          {words.newSecret}
        </button>
        <button type="button" class="button small quiet" onClick={props.onDelete}>
          {words.delete}
        </button>
      </div>
    </Dialog>
  );
}

function Address({ value }: { value: string }) {
  return (
    <Field
      name="url"
      label={words.address}
      value={value}
      hint={words.addressHint}
      autoComplete="off"
      maxLength={2000}
    />
  );
}

function Events(props: { readonly all: readonly string[]; readonly ticked: readonly string[] }) {
  return (
    <fieldset class="ticks">
      <legend>{words.events}</legend>
      {props.all.map((name) => (
        <Tick
          key={name}
          name={name}
          label={typeWords(name)}
          checked={props.ticked.includes(name)}
        />
      ))}
    </fieldset>
  );
}

/** Secret shows what a webhook's messages are signed with, once. */
export function Secret(props: {
  readonly secret: string;
  readonly oldUntil: string | null;
  readonly copied: boolean;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={words.secretTitle} onClose={props.onClose}>
      <p>{words.secretHelp}</p>
      {props.oldUntil ? <p>{words.oldSecret(moment(props.oldUntil))}</p> : null}
      <Once
        label={words.secret}
        secret={props.secret}
        rows={2}
        words={words}
        copied={props.copied}
        onCopy={props.onCopy}
        onClose={props.onClose}
      />
    </Dialog>
  );
}

interface AskProps extends Omit<FormDialogProps, "busy"> {
  readonly onYes: () => void;
}

/** RotateSecret asks first: the receiver has to be told. */
export function RotateSecret(props: AskProps) {
  const { problem, ...rest } = props;
  return (
    <Confirm
      {...rest}
      title={words.newSecret}
      text={words.newSecretHelp}
      yes={words.newSecretGo}
      problem={<Problem text={problem} />}
    />
  );
}

export function DeleteWebhook(props: AskProps & { readonly webhook: Webhook }) {
  const { problem, webhook, ...rest } = props;
  return (
    <Confirm
      {...rest}
      title={words.deleteTitle(hostOf(webhook.url))}
      text={words.deleteHelp}
      yes={words.deleteYes}
      problem={<Problem text={problem} />}
    />
  );
}

export function DiscardAll(props: AskProps) {
  const { problem, ...rest } = props;
  return (
    <Confirm
      {...rest}
      title={words.discardTitle}
      text={words.discardHelp}
      yes={words.discardYes}
      problem={<Problem text={problem} />}
    />
  );
}
