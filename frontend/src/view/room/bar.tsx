import type { Command } from "../../model/command";
import type { Protection } from "../../model/security";
import { room as words } from "../../text/room";
import { security } from "../../text/security";
import { Icon } from "../icon";

export interface BarProps {
  readonly title: string;
  readonly people: number;
  /** what goes on: who shares, who speaks out of sight */
  readonly happening: readonly string[];
  readonly protection: Protection;
  readonly locked: boolean;
  readonly security: Command | undefined;
}

/** Bar says where one is, with whom, and what protects it. */
export function Bar(props: BarProps) {
  const { title, people } = props;
  return (
    <header class="bar chrome">
      <h1 title={title}>
        <bdi>{title}</bdi>
      </h1>
      <p class="happening">{props.happening.join(" · ")}</p>
      <Protected {...props} />
      {props.locked ? (
        <p class="shut">
          <Icon name="shut" />
          {words.locked}
        </p>
      ) : null}
      <p class="count">
        <Icon name="people" />
        <span class="unseen">{words.people(people)}</span>
        <span aria-hidden="true">{people}</span>
      </p>
    </header>
  );
}

/** Protected says what becomes of what one says, and opens what there is to know about it. */
function Protected({ protection, security: command }: BarProps) {
  return (
    <div class="protection" data-protection={protection}>
      {command ? (
        <button type="button" aria-expanded={command.open} onClick={command.run}>
          <Icon name={protection === "stopped" ? "warning" : "protected"} />
          {command.label}
        </button>
      ) : null}
      <p>{security.state[protection]}</p>
    </div>
  );
}
