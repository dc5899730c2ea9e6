import { useId, useLayoutEffect, useRef } from "preact/hooks";
import {
  type Addressee,
  type Addressees,
  addresseeOf,
  type Draft,
  keyOfAddressee,
  type Reach,
  reach,
  restWords,
  sendable,
} from "../../model/chat";
import type { RoomState } from "../../model/room";
import { chat as words } from "../../text/chat";
import { Problem } from "../form";

export interface ComposerProps {
  readonly state: RoomState;
  readonly addressees: Addressees;
  /** kept by the page: closing the panel loses no word */
  readonly draft: Draft;
  /** why the last message was not sent, as a sentence */
  readonly problem: string;
  readonly onDraft: (draft: Draft) => void;
  /** sends the draft as it is; whoever does empties it */
  readonly onSend: () => void;
}

/** Composer is where a message is written. It goes to whom is chosen, or nowhere. */
export function Composer(props: ComposerProps) {
  const { state, draft } = props;
  const reached = reach(draft, state, props.addressees);
  const ready = sendable(draft, state, props.addressees);
  const send = () => ready && props.onSend();
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Problem text={reached === "there" ? props.problem : helpFor[reached]} />
      <For {...props} reached={reached} />
      <Text {...props} onEnter={send} />
      <div class="composer-foot">
        <p class="hint" aria-live="polite">
          {restWords(draft.text)}
        </p>
        <button type="submit" class="button primary" aria-disabled={!ready}>
          {words.send}
        </button>
      </div>
    </form>
  );
}

const helpFor = { gone: words.goneHelp, forbidden: words.forbiddenHelp };

/** For chooses whom a message is for. Who cannot be reached any more stays chosen, so that it goes to nobody else by mistake. */
function For({ addressees: all, draft, reached, onDraft }: ComposerProps & { reached: Reach }) {
  const id = useId();
  const chosen = addresseeOf(draft, all);
  const choose = (key: string) => {
    const to = all.find((one) => keyOfAddressee(one) === key);
    if (to) onDraft({ ...draft, to });
  };
  return (
    <div class="composer-to">
      <label for={id}>{words.to}</label>
      <select
        id={id}
        value={chosen ? keyOfAddressee(chosen) : ""}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {chosen && reached !== "there" ? (
          <option value={keyOfAddressee(chosen)} disabled>
            {words[reached](nameOf(chosen))}
          </option>
        ) : null}
        {all.map((to) => (
          <option key={keyOfAddressee(to)} value={keyOfAddressee(to)}>
            {nameOf(to)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Text is the message. Whom it is for is settled with its first letter. */
function Text({
  addressees: all,
  draft,
  onDraft,
  onEnter,
}: ComposerProps & { onEnter: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  // On a touch screen the keyboard would cover what one came to read.
  useLayoutEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, []);
  return (
    <textarea
      ref={field}
      class="composer-text"
      rows={3}
      dir="auto"
      aria-label={words.message}
      placeholder={words.placeholder}
      value={draft.text}
      onInput={({ currentTarget: { value } }) =>
        onDraft({ to: addresseeOf(draft, all), text: value })
      }
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        onEnter();
      }}
    />
  );
}

function nameOf(to: Addressee): string {
  if (to.to === "one") return to.name;
  return words[to.to];
}
