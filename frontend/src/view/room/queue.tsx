import { useId } from "preact/hooks";
import type { Person } from "../../model/room";
import { talk as words } from "../../text/talk";
import { Avatar } from "./badge";

export interface QueueProps {
  /** model/hands' queue() */
  readonly people: readonly Person[];
  readonly canLower: boolean;
  readonly onLower: (participant: string) => void;
}

/** Queue lists who wants to speak, in turn. */
export function Queue(props: QueueProps) {
  const id = useId();
  const { people } = props;
  if (people.length === 0) return null;
  return (
    <section class="queue" aria-labelledby={id}>
      <h3 id={id}>{words.queue}</h3>
      <p class="hint">{words.queueHelp}</p>
      <ol class="people">
        {people.map((participant) => (
          <Waiting key={participant.id} participant={participant} {...props} />
        ))}
      </ol>
    </section>
  );
}

function Waiting({ participant, canLower, onLower }: QueueProps & { participant: Person }) {
  const id = useId();
  return (
    <li>
      <Avatar {...participant} />
      <p class="name" id={id}>
        <bdi>{participant.name}</bdi>
      </p>
      {canLower ? (
        <button
          type="button"
          class="button small quiet"
          aria-describedby={id}
          onClick={() => onLower(participant.id)}
        >
          {words.lowerHand}
        </button>
      ) : null}
    </li>
  );
}
