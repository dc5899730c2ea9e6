import type { Meeting } from "../lib/rest";
import { meetings as words } from "../text/meetings";
import { Cancel, Dialog } from "./dialog";
import { Form } from "./form";
import { Lines } from "./meeting-form";

/** SendInvitations writes to people by mail. */
export function SendInvitations(props: {
  readonly meeting: Meeting;
  readonly busy: boolean;
  readonly problem: string;
  readonly onSend: (emails: string) => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={words.sendTitle(props.meeting.title)} onClose={props.onClose}>
      <Form
        missing={{ emails: words.sendMissing }}
        submit={words.send}
        busyLabel={words.sending}
        busy={props.busy}
        problem={props.problem}
        onSubmit={(values) => props.onSend(values["emails"] ?? "")}
        aside={<Cancel onClose={props.onClose} />}
      >
        <Lines
          name="emails"
          label={words.sendTo}
          value={props.meeting.invitees.join("\n")}
          hint={words.sendToHint}
        />
        <p class="meaning">{words.sendMeaning}</p>
      </Form>
    </Dialog>
  );
}
