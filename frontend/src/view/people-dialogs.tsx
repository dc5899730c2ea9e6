import type { Handed, Person } from "../lib/people";
import { moment } from "../model/format";
import { common } from "../text/common";
import { people as words } from "../text/people";
import { Choice, Tick } from "./choice";
import { Cancel, Confirm, Dialog, type FormDialogProps } from "./dialog";
import { Field, Form, Problem, type Values } from "./form";
import { Once } from "./once";

const roles: readonly (readonly [string, string])[] = Object.entries(words.roleNames);

export function AddPerson(
  props: FormDialogProps & { readonly onSubmit: (values: Values) => void },
) {
  return (
    <Dialog title={words.addTitle} onClose={props.onClose}>
      <p>{words.addLead}</p>
      <Form
        missing={{ name: words.nameMissing, email: words.emailMissing }}
        submit={words.addGo}
        busyLabel={words.adding}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Field name="name" label={words.name} autoComplete="off" maxLength={100} />
        <Field name="email" type="email" label={words.email} autoComplete="off" />
        <Choice name="role" label={words.role} value="host" options={roles} hint={words.roleHint} />
      </Form>
    </Dialog>
  );
}

export interface EditPersonProps extends FormDialogProps {
  readonly person: Person;
  readonly onSubmit: (values: Values) => void;
  readonly onLink: () => void;
  readonly onDelete: () => void;
}

export function EditPerson(props: EditPersonProps) {
  const { person } = props;
  return (
    <Dialog title={person.name} onClose={props.onClose}>
      <p>
        <bdi>{person.email}</bdi>
      </p>
      <Form
        missing={{ name: words.nameMissing }}
        submit={common.save}
        busyLabel={words.saving}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Field
          name="name"
          label={words.name}
          value={person.name}
          autoComplete="off"
          maxLength={100}
        />
        <Choice
          name="role"
          label={words.role}
          value={person.role}
          options={roles}
          hint={words.roleHint}
        />
        <Tick
          name="disabled"
          label={words.disabled}
          hint={words.disabledHint}
          checked={person.disabled}
        />
      </Form>
      <fieldset class="actions" aria-label={words.account}>
        {person.disabled ? null : (
          <button type="button" class="button small" onClick={props.onLink}>
            {words.newLink}
          </button>
        )}
        <button type="button" class="button small quiet" onClick={props.onDelete}>
          {words.delete}
        </button>
      </fieldset>
    </Dialog>
  );
}

export function DeletePerson(
  props: Omit<FormDialogProps, "busy"> & { readonly person: Person; readonly onYes: () => void },
) {
  return (
    <Confirm
      title={words.deleteTitle(props.person.name)}
      text={words.deleteHelp}
      yes={words.deleteYes}
      problem={<Problem text={props.problem} />}
      onYes={props.onYes}
      onClose={props.onClose}
    />
  );
}

/** HandOver tells where the link is: with its owner's mail, or here to be handed over. */
export function HandOver(props: {
  readonly to: { readonly name: string; readonly email: string };
  readonly handed: Handed;
  readonly copied: boolean;
  readonly onCopy: (link: string) => void;
  readonly onClose: () => void;
}) {
  const { link, linkExpires } = props.handed;
  const until = moment(linkExpires);
  if (link === undefined)
    return (
      <Dialog title={words.mailedTitle} onClose={props.onClose}>
        <p>{words.mailed(props.to.email, until)}</p>
        <Done onClose={props.onClose} />
      </Dialog>
    );
  return (
    <Dialog title={words.handTitle} onClose={props.onClose}>
      <p>{words.hand(props.to.name, until)}</p>
      <Once
        label={words.link}
        secret={link}
        rows={3}
        words={words}
        copied={props.copied}
        onCopy={() => props.onCopy(link)}
        onClose={props.onClose}
      />
    </Dialog>
  );
}

function Done({ onClose }: { onClose: () => void }) {
  return (
    <div class="actions">
      <button type="button" class="button primary" onClick={onClose}>
        {words.done}
      </button>
    </div>
  );
}
