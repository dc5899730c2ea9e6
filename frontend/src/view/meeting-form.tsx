import { useId } from "preact/hooks";
import type { Meeting } from "../lib/rest";
import { repeatOf, wallClock, zones } from "../model/schedule";
import { common } from "../text/common";
import { meetings as words } from "../text/meetings";
import { Choice, Tick } from "./choice";
import { Cancel, Dialog } from "./dialog";
import { Field, Form, type Values } from "./form";

export interface MeetingFormProps {
  /** null: a new one */
  readonly meeting: Meeting | null;
  readonly start: Date;
  readonly password: string;
  /** the person's own */
  readonly zone: string;
  /** invitations can be sent by mail */
  readonly mailWorks: boolean;
  /** meetings can be shown to everybody */
  readonly listingWorks: boolean;
  readonly busy: boolean;
  readonly problem: string;
  readonly onSubmit: (values: Values) => void;
  readonly onClose: () => void;
}

/** MeetingForm schedules a meeting or edits one: three fields, what the rest means, and more for who asks. */
export function MeetingForm(props: MeetingFormProps) {
  const { meeting } = props;
  const zone = meeting?.timezone ?? props.zone;
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
        aside={<Cancel onClose={props.onClose} />}
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
          value={wallClock(props.start, zone)}
          hint={words.timesIn(zone)}
        />
        <Field
          name="password"
          label={words.formPassword}
          value={props.password}
          autoComplete="off"
          hint={words.formPasswordHint}
        />
        <More {...props} zone={zone} />
        <p class="meaning">{words.meaning}</p>
      </Form>
    </Dialog>
  );
}

/** More is what most meetings do not need to say. */
function More(props: MeetingFormProps) {
  const { meeting, zone } = props;
  const repeat = repeatOf(meeting?.recurrence ?? "");
  return (
    <details class="more">
      <summary>{words.more}</summary>
      <div class="form">
        <Field
          name="minutes"
          label={words.minutes}
          value={String(meeting?.durationMinutes ?? 60)}
          inputMode="numeric"
        />
        <Choice
          name="timezone"
          label={words.timeZone}
          value={zone}
          options={zones(zone).map((name) => [name, name] as const)}
        />
        <Choice name="rhythm" label={words.repeat} value={repeat.rhythm} options={repeat.choices} />
        <Field
          name="times"
          label={words.times}
          value={repeat.times}
          inputMode="numeric"
          hint={words.timesHint}
        />
        <Lines name="agenda" label={words.agenda} value={meeting?.agenda ?? ""} />
        <People {...props} />
        <Options {...props} />
      </div>
    </details>
  );
}

function People({ meeting, mailWorks }: MeetingFormProps) {
  return (
    <>
      {mailWorks ? (
        <Lines
          name="invitees"
          label={words.invitees}
          value={(meeting?.invitees ?? []).join("\n")}
          hint={words.inviteesHint}
        />
      ) : null}
      <Field
        name="hosts"
        label={words.hosts}
        value={(meeting?.alternativeHosts ?? []).join(", ")}
        autoComplete="off"
        hint={words.hostsHint}
      />
    </>
  );
}

function Options({ meeting, mailWorks, listingWorks }: MeetingFormProps) {
  return (
    <>
      <Choice
        name="service"
        label={words.service}
        value={meeting?.serviceType ?? "MeetingCenter"}
        options={words.services}
      />
      <Tick name="lobby" label={words.lobbyOption} checked={meeting?.lobby ?? false} />
      <Tick
        name="account"
        label={words.accountOption}
        checked={meeting?.requireAttendeeLogin ?? false}
      />
      <Tick name="address" label={words.addressOption} checked={meeting?.requireEmail ?? false} />
      {mailWorks ? (
        <Tick
          name="unmailed"
          label={words.unmailedOption}
          checked={meeting?.excludePassword ?? false}
        />
      ) : null}
      {listingWorks ? (
        <Tick name="public" label={words.publicOption} checked={meeting?.publicMeeting ?? false} />
      ) : null}
    </>
  );
}

/** Lines is a field of several lines. */
export function Lines(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <textarea
        id={id}
        name={props.name}
        rows={3}
        defaultValue={props.value}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
      />
      {props.hint ? (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      ) : null}
    </div>
  );
}
