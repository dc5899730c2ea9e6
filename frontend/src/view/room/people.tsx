import { useState } from "preact/hooks";
import type { Command } from "../../model/command";
import { isUp } from "../../model/hands";
import { live, type Person, type RoomState } from "../../model/room";
import { moderation } from "../../text/moderation";
import { room as words } from "../../text/room";
import { talk } from "../../text/talk";
import { MenuButton, type MenuItem } from "../popover";
import { Avatar, Badge } from "./badge";
import { Lobby, type LobbyProps, LobbySwitch, type LobbySwitchProps } from "./lobby";
import { Panel, PanelBody } from "./panel";
import { Queue, type QueueProps } from "./queue";

export interface PeopleProps {
  readonly state: RoomState;
  /** who waits to come in; null for those who may not let them */
  readonly lobby: LobbyProps | null;
  /** whether hosts are asked; null for those who may not change that */
  readonly asks: LobbySwitchProps | null;
  /** who wants to speak */
  readonly queue: QueueProps;
  /** whether others are here whom this person is not to see */
  readonly hidden: boolean;
  /** what may be done about everybody at once */
  readonly crowd: readonly Command[];
  /** what may be done about somebody */
  readonly acts: (participant: Person) => readonly MenuItem[];
  readonly onClose: () => void;
}

/** People lists who is here, what they are, and what they send; before them who waits outside. */
export function People(props: PeopleProps) {
  const { state, lobby, asks } = props;
  return (
    <Panel
      name={words.participants}
      title={words.people(state.people.length)}
      close={words.closePanel}
      onClose={props.onClose}
    >
      <PanelBody>
        {lobby ? <Lobby {...lobby} /> : null}
        {asks ? <LobbySwitch {...asks} /> : null}
        {state.group?.rules.locked ? <p class="hint locked-hint">{words.lockedHelp}</p> : null}
        <Crowd {...props} />
        <Queue {...props.queue} />
        <ul class="people">
          {state.people.map((participant) => (
            <PersonRow key={participant.id} participant={participant} {...props} />
          ))}
        </ul>
        {props.hidden ? <p class="hint hidden-people">{moderation.hiddenPeople}</p> : null}
      </PanelBody>
    </Panel>
  );
}

function PersonRow(props: PeopleProps & { participant: Person }) {
  const { participant, state } = props;
  const self = participant.id === state.self;
  const items = props.acts(participant);
  return (
    <li class={state.speakers.includes(participant.id) ? "speaking" : ""}>
      <Avatar {...participant} />
      <div class="person">
        <p class="name">
          <bdi>{self ? words.youNamed(participant.name) : participant.name}</bdi>
        </p>
        <Standing {...props} />
      </div>
      {items.length > 0 ? <Acts name={participant.name} items={items} /> : null}
    </li>
  );
}

/** Crowd is what may be done about everybody at once. */
function Crowd({ crowd }: PeopleProps) {
  if (crowd.length === 0) return null;
  return (
    <div class="actions crowd">
      {crowd.map(({ id, label, run }) => (
        <button type="button" class="button small" key={id} onClick={run}>
          {label}
        </button>
      ))}
    </div>
  );
}

function Acts({ name, items }: { name: string; items: readonly MenuItem[] }) {
  const [open, setOpen] = useState(false);
  return (
    <MenuButton
      label={words.actionsFor(name)}
      icon="more"
      look="button icon-only"
      iconOnly
      open={open}
      onOpen={setOpen}
      items={items}
    />
  );
}

function Standing({ participant, state }: PeopleProps & { participant: Person }) {
  const speaking = state.speakers.includes(participant.id);
  const audible = live(participant, "microphone");
  const role = words.role[participant.role];
  return (
    <p class="standing">
      {role ? <span>{role}</span> : null}
      <span>{participant.guest ? words.guest : words.signedIn}</span>
      {isUp(participant) ? <Badge icon="hand" word={talk.handUp} look="amber" /> : null}
      {speaking ? <Badge icon="sound" word={words.speaking} /> : null}
      {audible ? null : <Badge icon="microphoneOff" word={words.muted} />}
      {audible && !speaking ? <Badge icon="microphone" word={words.unmuted} /> : null}
      {live(participant, "camera") ? (
        <Badge icon="camera" word={words.cameraOn} />
      ) : (
        <Badge icon="cameraOff" word={words.cameraOff} />
      )}
      {live(participant, "screen") ? <Badge icon="screen" word={words.sharing} /> : null}
    </p>
  );
}
