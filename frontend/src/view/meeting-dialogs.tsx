import type { Meeting } from "../lib/rest";
import { meetings as words } from "../text/meetings";
import { Cancel, Confirm, Dialog } from "./dialog";
import { Field, Form, Problem } from "./form";

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

/** NewLink asks before the links of earlier invitations stop working. */
export function NewLink(props: {
  readonly meeting: Meeting;
  readonly problem: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Confirm
      title={words.newLinkTitle(props.meeting.title)}
      text={words.newLinkHelp}
      yes={words.newLink}
      problem={<Problem text={props.problem} />}
      onYes={props.onYes}
      onClose={props.onClose}
    />
  );
}

/** PasteLink takes the link from an invitation that was sent. */
export function PasteLink(props: {
  readonly busy: boolean;
  readonly problem: string;
  readonly onLink: (link: string) => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={words.pasteLinkTitle} onClose={props.onClose}>
      <Form
        missing={{ link: words.invitationLinkMissing }}
        submit={words.useLink}
        busyLabel={words.usingLink}
        busy={props.busy}
        problem={props.problem}
        onSubmit={(values) => props.onLink((values["link"] ?? "").trim())}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Field
          name="link"
          label={words.invitationLink}
          autoComplete="off"
          hint={words.invitationLinkHint}
        />
        <p class="meaning">{words.pasteLinkHelp}</p>
      </Form>
    </Dialog>
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
        dir="auto"
        aria-label={words.invitationText}
        value={props.text}
        onFocus={(event) => event.currentTarget.select()}
      />
    </Dialog>
  );
}
