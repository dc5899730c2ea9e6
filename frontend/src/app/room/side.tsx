import "../../style/panel.css";
import "../../style/security.css";
import "../../style/chat.css";
import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { CommandId } from "../../model/command";
import { person } from "../../model/room";
import { protection } from "../../model/security";
import { room as words } from "../../text/room";
import { Chat, type ChatProps } from "../../view/room/chat";
import {
  Devices,
  EndMeeting,
  ExpelPerson,
  Shortcuts,
  type ShortcutsProps,
} from "../../view/room/front";
import { People, type PeopleProps } from "../../view/room/people";
import { Resume } from "../../view/room/resume";
import { Rights } from "../../view/room/rights";
import { Security, type SecurityProps } from "../../view/room/security";
import { devicesOf } from "../check";
import { peopleActs, rightsBoard } from "./acts";
import { addressees } from "./addressees";
import { commandsOf, knockersOf, may, type Panels, queueOf } from "./commands";
import { talksOnSpace } from "./keys";
import { seen } from "./right";
import type { Room } from "./room";

interface SideProps {
  readonly room: Room;
  readonly panels: Panels;
}

/** SidePanel is the panel beside the stage, if one is open. */
function SidePanel({ room, panels }: SideProps): VNode | null {
  switch (panels.panel.value) {
    case "none":
      return null;
    case "participants":
      return <People {...peopleOf(room, panels)} />;
    case "chat":
      return <Chat {...chatOf(room, panels)} />;
    case "security":
      return <Security {...securityOf(room, panels)} />;
  }
}

function peopleOf(room: Room, panels: Panels): PeopleProps {
  const rules = room.gathering.view.value?.rules;
  return {
    state: seen(room.state.value),
    hidden: !may(room, "see_participants"),
    lobby: may(room, "admit_people") ? lobbyOf(room) : null,
    asks:
      may(room, "set_rules") && rules
        ? { on: rules.lobby, onChange: (lobby) => room.moderation.setRules({ lobby }) }
        : null,
    queue: {
      people: queueOf(room),
      canLower: may(room, "lower_hands"),
      onLower: (id) => void room.moderation.lowerHand(id),
    },
    ...peopleActs(room, panels),
    onClose: () => panels.show("none"),
  };
}

function lobbyOf(room: Room): PeopleProps["lobby"] {
  const knockers = knockersOf(room);
  return {
    knockers,
    locked: room.gathering.view.value?.rules.locked ?? false,
    admitting: room.gathering.admitting.value,
    onAdmit: (id) => room.moderation.admit([id]),
    onDeny: (id) => void room.moderation.deny(id),
    onAdmitAll: () => room.moderation.admit(knockers.map((k) => k.participant)),
  };
}

function chatOf(room: Room, panels: Panels): ChatProps {
  const { talk } = room;
  return {
    state: room.state.value,
    chat: talk.chat.value,
    draft: talk.draft.value,
    problem: talk.problem.value,
    addressees: addressees(room.state.value),
    onDraft: talk.write,
    onSend: () => void talk.send(),
    onClose: () => panels.show("none"),
  };
}

function securityOf(room: Room, panels: Panels): SecurityProps {
  const state = seen(room.state.value);
  const { refusal, met, byPassword } = room.gathering;
  return {
    state,
    hidden: !may(room, "see_participants"),
    protection: protection(state.group, refusal.value),
    met: met.value,
    byPassword: byPassword.value,
    onClose: () => panels.show("none"),
  };
}

/** Front is the dialog in front of the room, if one is open. */
function Front({ room, panels }: SideProps): VNode | null {
  const close = () => {
    panels.dialog.value = "none";
  };
  switch (panels.dialog.value) {
    case "none":
      return null;
    case "end": {
      const end = () => {
        close();
        void room.moderation.endMeeting();
      };
      return <EndMeeting onYes={end} onClose={close} />;
    }
    case "expel": {
      const id = panels.about.value;
      const expel = () => {
        close();
        void room.moderation.expel(id);
      };
      const name = person(room.state.value, id)?.name;
      return name ? (
        <ExpelPerson name={name} onYes={expel} onClose={close} />
      ) : (
        <Nothing onClose={close} />
      );
    }
    case "rights": {
      const board = rightsBoard(room, panels, close);
      return board ? <Rights {...board} /> : <Nothing onClose={close} />;
    }
    case "resume":
      return resumeOf(room, close) ?? <Nothing onClose={close} />;
    case "shortcuts":
      return (
        <Shortcuts
          keys={shortcutsOf(room, panels)}
          singleKeys={panels.singleKeys.value}
          onSingleKeys={(on) => {
            panels.singleKeys.value = on;
          }}
          onClose={close}
        />
      );
    case "devices":
      return <Devices {...devicesOf(room.sources)} onClose={close} />;
  }
}

/** Nothing stands for a dialog about what is not there any more: it closes, and keys work again. */
function Nothing({ onClose }: { onClose: () => void }): null {
  useLayoutEffect(onClose, []);
  return null;
}

function resumeOf(room: Room, close: () => void): VNode | null {
  const { surface, frozen } = room.sources.screen.value;
  if (frozen === "no") return null;
  const resume = () => {
    close();
    void room.freeze.resume();
  };
  const stream = room.sources.captured.value;
  return <Resume stream={stream} whole={surface === "monitor"} onYes={resume} onClose={close} />;
}

function shortcutsOf(room: Room, panels: Panels): ShortcutsProps["keys"] {
  const does: Readonly<Partial<Record<CommandId, string>>> = words.shortcutKeys;
  const keys = Object.values(commandsOf(room, panels)).flatMap(({ id, key, label }) =>
    key === undefined ? [] : [[key.toUpperCase(), does[id] ?? label] as const],
  );
  const talk = talksOnSpace(room) ? [[words.space, words.shortcutKeys.talk] as const] : [];
  return [...keys, ...talk, [words.escape, words.shortcutKeys.close]];
}

/** side is all that is fetched after the room. */
export const side = { SidePanel, Front };
