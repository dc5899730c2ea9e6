import { signal } from "@preact/signals";
import type { Knocker } from "../../lib/group/view";
import type { Action } from "../../lib/policy.gen";
import type { Command, CommandId, Commands } from "../../model/command";
import { isUp, queue } from "../../model/hands";
import { signs } from "../../model/reactions";
import { type Person, waiting } from "../../model/room";
import type { Local } from "../../model/source";
import { chat } from "../../text/chat";
import { room as words } from "../../text/room";
import { security } from "../../text/security";
import { talk } from "../../text/talk";
import { viewingCommands } from "./layouts";
import { may as mayNow, seen } from "./right";
import type { Room } from "./room";
import { sharing } from "./sharing";
import type { side } from "./side";

/** Dialog is what stands in front of the room. */
export type Dialog = "none" | "end" | "shortcuts" | "devices" | "expel" | "rights" | "resume";

/** Panel is what stands beside the stage. There is one place, so opening one closes another. */
export type Panel = "none" | "participants" | "chat" | "security";

/** Panels is what of the room is open on this page. */
export class Panels {
  readonly panel = signal<Panel>("none");
  readonly shareMenu = signal(false);
  readonly reactionMenu = signal(false);
  readonly layoutMenu = signal(false);
  readonly dialog = signal<Dialog>("none");
  /** whom the dialog is about */
  readonly about = signal("");
  /** the views of panels and dialogs, once they are loaded */
  readonly side = signal<typeof side | null>(null);
  /** off for people whose speech or screen reader types single keys */
  readonly singleKeys = signal(true);

  show(panel: Panel): void {
    this.panel.value = panel;
  }
}

/** may says what this person may do here, as things stand. */
export function may(room: Room, action: Action): boolean {
  return mayNow(room.state.value, action);
}

/** forbids says what the site allows nobody. */
export function forbids(room: Room, action: Action): boolean {
  return room.state.value.forbidden.includes(action);
}

/** commandsOf is the one table: whatever can be done here, done by whatever button, menu or key. */
export function commandsOf(room: Room, panels: Panels): Commands {
  const table = [
    may(room, "publish_microphone") && microphone(room),
    may(room, "publish_camera") && camera(room),
    ...sharing(room, panels),
    hand(room),
    ...reactions(room, panels),
    { ...panel("participants", words.participants, panels, "p"), ...waitingBadge(room) },
    !forbids(room, "send_chat") && {
      ...panel("chat", chat.title, panels, "c"),
      ...unread(room),
    },
    panel("security", security.title, panels),
    may(room, "set_rules") && lock(room),
    toggle("layout", words.layout, panels.layoutMenu, "l"),
    ...viewingCommands(room),
    dialog("devices", words.devices, panels),
    dialog("shortcuts", words.shortcuts, panels, "?"),
    { id: "leave" as const, label: words.leave, run: () => void room.leave() },
    may(room, "end_meeting") && dialog("end", words.endForEveryone, panels),
  ];
  const commands: Partial<Record<CommandId, Command>> = {};
  for (const command of table) if (command) commands[command.id] = command;
  return commands;
}

/** knockersOf are those whom this person may let in, while hosts are asked. */
export function knockersOf(room: Room): readonly Knocker[] {
  return may(room, "admit_people") ? waiting(room.gathering.view.value) : [];
}

/** queueOf is who wants to speak, of those whom this person may see. */
export function queueOf(room: Room): readonly Person[] {
  return queue(seen(room.state.value));
}

/** waitingBadge counts who waits for somebody here: to come in, and to speak. */
function waitingBadge(room: Room): Pick<Command, "badge"> {
  const knocking = knockersOf(room).length;
  const hands = queueOf(room).length;
  const both = [knocking && words.waiting(knocking), hands && talk.hands(hands)];
  if (knocking + hands === 0) return {};
  return { badge: { count: knocking + hands, words: both.filter(Boolean).join(", ") } };
}

function hand(room: Room): Command {
  const on = isUp(room.self.value);
  const run = () => void room.moderation.raiseHand(!on);
  return { id: "hand", label: on ? talk.lowerHand : talk.raiseHand, key: "h", on, run };
}

/** In the order of model/reactions' signs. */
const reactionIds = ["reactThumb", "reactHeart", "reactLaugh", "reactClap", "reactParty"] as const;

function reactions(room: Room, panels: Panels): Command[] {
  if (!may(room, "chat_everyone") || room.state.value.people.length < 2) return [];
  const give = async (sign: number) => {
    if (!(await room.talk.reactions.give(sign))) room.notice.value = talk.reactionNotSent;
  };
  const one = (id: CommandId, sign: number): Command => ({
    id,
    label: talk.signs[sign] ?? "",
    sign: signs[sign] ?? "",
    run: () => void give(sign),
  });
  return [toggle("reactions", talk.reactions, panels.reactionMenu, "e"), ...reactionIds.map(one)];
}

function unread(room: Room): Pick<Command, "badge"> {
  const count = room.talk.chat.value.unread;
  return count > 0 ? { badge: { count, words: chat.unread(count) } } : {};
}

function lock(room: Room): Command {
  const locked = room.gathering.view.value?.rules.locked ?? false;
  const run = () => room.moderation.setRules({ locked: !locked });
  return { id: "lock", label: locked ? words.unlock : words.lock, run };
}

function microphone(room: Room): Command {
  const local = room.sources.microphone.value;
  const run = () => {
    room.notice.value = "";
    if (local.state === "off") void room.sources.start("microphone");
    else room.sources.stop("microphone");
  };
  return {
    ...sending(local),
    id: "microphone",
    label: isOff(local) ? words.unmute : words.mute,
    key: "m",
    run,
  };
}

function camera(room: Room): Command {
  const local = room.sources.camera.value;
  const run = () => {
    if (local.state === "off") void room.sources.start("camera");
    else room.sources.stop("camera");
  };
  return {
    ...sending(local),
    id: "camera",
    label: isOff(local) ? words.startCamera : words.stopCamera,
    key: "v",
    run,
  };
}

function toggle(id: CommandId, label: string, open: { value: boolean }, key: string): Command {
  const run = () => {
    open.value = !open.value;
  };
  return { id, label, key, open: open.value, run };
}

function panel(
  id: Exclude<Panel, "none"> & CommandId,
  label: string,
  { panel: at }: Panels,
  key?: string,
): Command {
  const open = at.value === id;
  const run = () => {
    at.value = open ? "none" : id;
  };
  return key === undefined ? { id, label, open, run } : { id, label, key, open, run };
}

function dialog(
  id: Exclude<Dialog, "none" | "expel" | "rights" | "resume"> & CommandId,
  label: string,
  panels: Panels,
  key?: string,
): Command {
  const run = () => {
    panels.dialog.value = id;
  };
  return key === undefined ? { id, label, run } : { id, label, key, run };
}

function sending(local: Local): { on: boolean; busy: boolean } {
  return { on: local.state === "on", busy: local.state === "starting" };
}

function isOff(local: Local): boolean {
  return local.state === "off";
}
