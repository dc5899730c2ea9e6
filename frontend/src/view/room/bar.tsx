import { useCallback, useState } from "preact/hooks";
import { room as words } from "../../text/room";
import { Icon } from "../icon";
import { useDismiss } from "../popover";

export interface BarProps {
  readonly title: string;
  readonly people: number;
  /** what goes on: who shares, who speaks out of sight */
  readonly happening: readonly string[];
}

/** Bar says where one is, with whom, and what protects it. */
export function Bar({ title, people, happening }: BarProps) {
  return (
    <header class="bar chrome">
      <h1 title={title}>{title}</h1>
      <p class="happening">{happening.join(" · ")}</p>
      <Protection />
      <p class="count">
        <Icon name="people" />
        <span class="unseen">{words.people(people)}</span>
        <span aria-hidden="true">{people}</span>
      </p>
    </header>
  );
}

/** Protection says plainly what is protected and what is not. */
function Protection() {
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const around = useDismiss(open, close);
  return (
    <div class="menu-around" ref={around}>
      <button type="button" class="protection" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="unlocked" />
        {words.notEncrypted}
      </button>
      {open ? (
        <section class="menu text below" aria-label={words.details}>
          <h2>{words.details}</h2>
          {words.notEncryptedDetails.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </section>
      ) : null}
    </div>
  );
}
