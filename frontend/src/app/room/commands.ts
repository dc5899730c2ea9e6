import { signal } from "@preact/signals";
import { canShareScreen } from "../../lib/platform";
import { type Action, rights } from "../../lib/policy.gen";
import type { Surface } from "../../lib/wire.gen";
import type { Command, CommandId, Commands } from "../../model/command";
import type { Local } from "../../model/source";
import { room as words } from "../../text/room";
import type { Room } from "./room";

/** Dialog is what stands in front of the room. */
export type Dialog = "none" | "end" | "shortcuts" | "devices";

/** Panels is what of the room is open on this page. */
export class Panels {
  readonly participants = signal(false);
  readonly shareMenu = signal(false);
  readonly dialog = signal<Dialog>("none");
  /** off for people whose speech or screen reader types single keys */
  readonly singleKeys = signal(true);
}

/** may says what the role allows, by the server's own table. The server decides all the same. */
export function may(room: Room, action: Action): boolean {
  return rights[action].includes(room.self.value?.role ?? "");
}

/** commandsOf is the one table: whatever can be done here, done by whatever button, menu or key. */
export function commandsOf(room: Room, panels: Panels): Commands {
  const table = [
    may(room, "publish_microphone") && microphone(room),
    may(room, "publish_camera") && camera(room),
    ...(may(room, "share_screen") && canShareScreen() ? sharing(room, panels) : []),
    toggle("participants", words.participants, panels.participants, "p"),
    fullScreen(room),
    dialog("devices", words.devices, panels),
    dialog("shortcuts", words.shortcuts, panels, "?"),
    { id: "leave" as const, label: words.leave, run: () => void room.leave() },
    may(room, "end_meeting") && dialog("end", words.endForEveryone, panels),
  ];
  const commands: Partial<Record<CommandId, Command>> = {};
  for (const command of table) if (command) commands[command.id] = command;
  return commands;
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

function sharing(room: Room, panels: Panels): Command[] {
  const local = room.sources.screen.value;
  if (local.state === "on") {
    const run = () => room.sources.stop("screen");
    return [{ id: "stopSharing", label: words.stopSharing, key: "s", on: true, run }];
  }
  const share = (id: CommandId, label: string, surface: Surface): Command => ({
    id,
    label,
    run: () => {
      panels.shareMenu.value = false;
      room.notice.value = "";
      void room.sources.share(surface);
    },
  });
  return [
    { ...toggle("share", words.share, panels.shareMenu, "s"), busy: local.state === "starting" },
    share("shareWindow", words.shareWindow, "window"),
    share("shareBrowser", words.shareBrowser, "browser"),
    share("shareMonitor", words.shareMonitor, "monitor"),
  ];
}

function fullScreen(room: Room): Command | false {
  const on = room.choice.value.fullScreen;
  if (!on && !room.scene.value.hero) return false;
  const run = () => room.show({ fullScreen: !on });
  return { id: "fullScreen", label: on ? words.exitFullScreen : words.fullScreen, key: "f", run };
}

function toggle(id: CommandId, label: string, open: { value: boolean }, key: string): Command {
  const run = () => {
    open.value = !open.value;
  };
  return { id, label, key, open: open.value, run };
}

function dialog(
  id: Exclude<Dialog, "none"> & CommandId,
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
