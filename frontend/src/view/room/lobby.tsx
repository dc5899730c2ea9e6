import { useId } from "preact/hooks";
import type { Knocker } from "../../lib/group/view";
import { standing } from "../../model/security";
import { room as words } from "../../text/room";
import { Avatar, Badge } from "./badge";

export interface LobbyProps {
  /** model/room's waiting() */
  readonly knockers: readonly Knocker[];
  /** nobody can be admitted then */
  readonly locked: boolean;
  /** who was admitted and is not in yet, by participant */
  readonly admitting: ReadonlySet<string>;
  readonly onAdmit: (participant: string) => void;
  readonly onDeny: (participant: string) => void;
  readonly onAdmitAll: () => void;
}

/** Lobby lists who waits for a host's yes: the name, and what vouches for it. */
export function Lobby(props: LobbyProps) {
  const id = useId();
  const { knockers, locked } = props;
  if (knockers.length === 0) return null;
  return (
    <section class="lobby" aria-labelledby={id}>
      <div class="lobby-head">
        <h3 id={id}>{words.waitingTitle}</h3>
        {knockers.length > 1 && !locked ? (
          <button type="button" class="button small" onClick={props.onAdmitAll}>
            {words.admitAll}
          </button>
        ) : null}
      </div>
      {locked ? <p class="lobby-locked">{words.waitingLocked}</p> : null}
      <ul class="people">
        {knockers.map((knocker) => (
          <KnockerRow key={knocker.participant} knocker={knocker} {...props} />
        ))}
      </ul>
    </section>
  );
}

function KnockerRow(props: LobbyProps & { knocker: Knocker }) {
  const { knocker, admitting } = props;
  const { participant, name, door } = knocker;
  const id = useId();
  return (
    <li>
      <Avatar id={participant} name={name} />
      <div class="person">
        <p class="name" id={id}>
          <bdi>{name}</bdi>
        </p>
        <p class="standing">
          <span>{standing(knocker)}</span>
          {door === "link" ? (
            <span>{words.byLink}</span>
          ) : (
            <Badge icon="warning" word={words.byPassword} look="amber" />
          )}
        </p>
      </div>
      {admitting.has(participant) ? (
        <p class="hint admitting">{words.admitting}</p>
      ) : (
        <Answer {...props} describedBy={id} />
      )}
    </li>
  );
}

function Answer(props: LobbyProps & { knocker: Knocker; describedBy: string }) {
  const { knocker, locked, describedBy } = props;
  return (
    <div class="actions">
      {locked ? null : (
        <button
          type="button"
          class="button small"
          aria-describedby={describedBy}
          onClick={() => props.onAdmit(knocker.participant)}
        >
          {words.admit}
        </button>
      )}
      <button
        type="button"
        class="button small quiet"
        aria-describedby={describedBy}
        onClick={() => props.onDeny(knocker.participant)}
      >
        {words.deny}
      </button>
    </div>
  );
}

export interface LobbySwitchProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** LobbySwitch says whether hosts are asked, and what follows from it. */
export function LobbySwitch({ on, onChange }: LobbySwitchProps) {
  const id = useId();
  return (
    <div class="lobby-switch">
      <label class="switch">
        <input
          type="checkbox"
          checked={on}
          aria-describedby={id}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
        {words.lobby}
      </label>
      <p class="hint" id={id}>
        {on ? words.lobbyOn : words.lobbyOff}
      </p>
    </div>
  );
}
