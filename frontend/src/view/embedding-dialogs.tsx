import type { JoinKey } from "../lib/join-keys";
import { common } from "../text/common";
import { embedding as words } from "../text/embedding";
import { Choice } from "./choice";
import { Cancel, Confirm, Dialog, type FormDialogProps } from "./dialog";
import { Field, Form, Problem, useField, type Values } from "./form";
import { Once } from "./once";

type SubmitProps = FormDialogProps & { readonly onSubmit: (values: Values) => void };

/** AddKey takes the public half of an embedder's key. */
export function AddKey(props: SubmitProps) {
  return (
    <Dialog title={words.add} onClose={props.onClose}>
      <p>{words.addLead}</p>
      <Form
        missing={{ name: words.nameMissing, publicKey: words.publicKeyMissing }}
        submit={words.addGo}
        busyLabel={words.adding}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Field
          name="name"
          label={words.name}
          hint={words.nameHint}
          autoComplete="off"
          maxLength={100}
        />
        <KeyField />
        <Choice
          name="maxRole"
          label={words.role}
          value="attendee"
          options={Object.entries(words.roles).reverse()}
          hint={words.roleHint}
        />
      </Form>
    </Dialog>
  );
}

function KeyField() {
  const { props, said } = useField("publicKey");
  const hint = `${props.id}-hint`;
  const described = [hint, props["aria-describedby"]].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={props.id}>{words.publicKey}</label>
      <textarea
        {...props}
        aria-describedby={described}
        rows={5}
        dir="ltr"
        autoComplete="off"
        spellcheck={false}
      />
      <p class="hint" id={hint}>
        {words.publicKeyHint}
      </p>
      {said}
    </div>
  );
}

/** RenameKey gives a key another name. */
export function RenameKey(props: SubmitProps & { readonly of: JoinKey }) {
  return (
    <Dialog title={words.renameOf(props.of.name)} onClose={props.onClose}>
      <Form
        missing={{ name: words.nameMissing }}
        submit={common.save}
        busyLabel={words.renaming}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Field
          name="name"
          label={words.name}
          value={props.of.name}
          autoComplete="off"
          maxLength={100}
        />
      </Form>
    </Dialog>
  );
}

/** SampleToken shows what a token of a key is made of. */
export function SampleToken(props: {
  readonly of: JoinKey;
  readonly text: string;
  readonly copied: boolean;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={words.sampleTitle(props.of.name)} onClose={props.onClose}>
      <p>{words.sampleLead}</p>
      <Once
        label={words.sampleLabel}
        secret={props.text}
        rows={10}
        words={words}
        copied={props.copied}
        onCopy={props.onCopy}
        onClose={props.onClose}
      />
    </Dialog>
  );
}

/** RevokeKey asks before a key is good for nothing any more. */
export function RevokeKey(
  props: Omit<FormDialogProps, "busy"> & { readonly of: JoinKey; readonly onYes: () => void },
) {
  return (
    <Confirm
      title={words.revokeTitle(props.of.name)}
      text={words.revokeHelp}
      yes={words.revokeYes}
      problem={<Problem text={props.problem} />}
      onYes={props.onYes}
      onClose={props.onClose}
    />
  );
}
