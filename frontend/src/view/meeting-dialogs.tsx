import type { Meeting } from "../lib/rest";
import { localInput } from "../model/meetings";
import { common } from "../text/common";
import { meetings as words } from "../text/meetings";
import { Confirm, Dialog } from "./dialog";
import { Field, Form, Problem, type Values } from "./form";

export interface MeetingFormProps {
  /** null: a new one */
  readonly meeting: Meeting | null;
  readonly start: Date;
  readonly password: string;
  readonly zone: string;
  readonly busy: boolean;
  readonly problem: string;
  readonly onSubmit: (values: Values) => void;
  readonly onClose: () => void;
}

/** MeetingForm schedules a meeting or edits one: three fields, and what the rest means. */
export function MeetingForm(props: MeetingFormProps) {
  const { meeting } = props;
  return (
    <Dialog title={meeting ? words.editTitle : words.schedule} onClose={props.onClose}>
      <Form
        missing={{
          title: words.titleMissing,
          start: words.startMissing,
          password: words.passwordMissing,
        }}
        submit={meeting ? common.save : words.formSchedule}
        busyLabel={meeting ? words.saving : words.scheduling}
        busy={props.busy}
        problem={props.problem}
        onSubmit={props.onSubmit}
        aside={
          <button type="button" class="button quiet" onClick={props.onClose}>
            {common.cancel}
          </button>
        }
      >
        <Field
          name="title"
          label={words.formTitle}
          value={meeting?.title ?? ""}
          autoComplete="off"
          maxLength={200}
        />
        <Field
          name="start"
          label={words.formStart}
          type="datetime-local"
          value={localInput(props.start)}
          hint={words.zone(props.zone)}
        />
        <Field
          name="password"
          label={words.formPassword}
          value={props.password}
          autoComplete="off"
          hint={words.formPasswordHint}
        />
        <p class="meaning">{words.meaning}</p>
      </Form>
    </Dialog>
  );
}

export function DeleteMeeting(props: {
  readonly meeting: Meeting;
  readonly problem: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Confirm
      title={words.removeTitle(props.meeting.title)}
      text={words.removeHelp}
      yes={words.removeYes}
      problem={<Problem text={props.problem} />}
      onYes={props.onYes}
      onClose={props.onClose}
    />
  );
}

/** InvitationText is for browsers that keep the clipboard to themselves. */
export function InvitationText(props: { readonly text: string; readonly onClose: () => void }) {
  return (
    <Dialog title={words.invitationText} onClose={props.onClose}>
      <p>{words.copyFailed}</p>
      <textarea
        class="invitation"
        readOnly
        rows={10}
        aria-label={words.invitationText}
        value={props.text}
        onFocus={(event) => event.currentTarget.select()}
      />
    </Dialog>
  );
}
