import { useId } from "preact/hooks";
import type { Participant } from "../../lib/wire.gen";
import { initials } from "../../model/format";
import { live, type RoomState } from "../../model/room";
import { tint } from "../../model/tint";
import { room as words } from "../../text/room";
import { Icon, type IconName } from "../icon";

export interface PeopleProps {
  readonly state: RoomState;
  readonly canMute: boolean;
  readonly onMute: (participant: string) => void;
  readonly onClose: () => void;
}

/** People lists who is here, what they are, and what they send. */
export function People(props: PeopleProps) {
  const { state } = props;
  return (
    <section class="panel" aria-label={words.participants}>
      <header class="panel-head">
        <h2>{words.people(state.people.length)}</h2>
        <button type="button" class="button icon-only" onClick={props.onClose}>
          <Icon name="close" />
          <span class="unseen">{words.closePanel}</span>
        </button>
      </header>
      <ul class="people">
        {state.people.map((participant) => (
          <Person key={participant.id} participant={participant} {...props} />
        ))}
      </ul>
    </section>
  );
}

function Person(props: PeopleProps & { participant: Participant }) {
  const { participant, state } = props;
  const id = useId();
  const self = participant.id === state.self;
  const mutable = props.canMute && !self && live(participant, "microphone");
  return (
    <li class={state.speakers.includes(participant.id) ? "speaking" : ""}>
      <span class="avatar" data-tint={tint(participant.id)} aria-hidden="true">
        {initials(participant.name)}
      </span>
      <div class="person">
        <p class="name" id={id}>
          {self ? words.youNamed(participant.name) : participant.name}
        </p>
        <Standing {...props} />
      </div>
      {mutable ? (
        <button
          type="button"
          class="button small"
          aria-describedby={id}
          onClick={() => props.onMute(participant.id)}
        >
          {words.mute}
        </button>
      ) : null}
    </li>
  );
}

function Standing({ participant, state }: PeopleProps & { participant: Participant }) {
  const speaking = state.speakers.includes(participant.id);
  const audible = live(participant, "microphone");
  const standing = [words.role[participant.role], participant.guest ? words.guest : ""];
  return (
    <p class="standing">
      {standing.filter(Boolean).map((word) => (
        <span key={word}>{word}</span>
      ))}
      {speaking ? <State icon="sound" word={words.speaking} /> : null}
      {audible ? null : <State icon="microphoneOff" word={words.muted} />}
      {audible && !speaking ? <State icon="microphone" word={words.unmuted} /> : null}
      {live(participant, "camera") ? (
        <State icon="camera" word={words.cameraOn} />
      ) : (
        <State icon="cameraOff" word={words.cameraOff} />
      )}
      {live(participant, "screen") ? <State icon="screen" word={words.sharing} /> : null}
    </p>
  );
}

function State({ icon, word }: { icon: IconName; word: string }) {
  return (
    <span>
      <Icon name={icon} />
      {word}
    </span>
  );
}
