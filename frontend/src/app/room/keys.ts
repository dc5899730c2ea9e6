import { shortcut } from "../../model/command";
import { commandsOf, may, type Panels } from "./commands";
import type { Room } from "./room";

/** listen turns keys into commands, but never while somebody types or a dialog asks. */
export function listen(room: Room, panels: Panels): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (chorded(event) || event.repeat) return;
    if (!hears(room, panels) || within(event, "dialog, select")) return;
    if (event.key === "Escape") panels.show("none");
    if (within(event, "input, textarea")) return;
    if (!panels.singleKeys.value) return;
    const command = shortcut(commandsOf(room, panels), event);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

/** Where Space means something already. */
const ownSpace =
  "a, button, dialog, input, select, summary, textarea, video, [contenteditable], [role=menu]";

/** talksOnSpace tells whether somebody may speak at all. */
export function talksOnSpace(room: Room): boolean {
  return may(room, "publish_microphone");
}

/**
 * pushToTalk opens the microphone of somebody who is muted for as long as they
 * hold Space. Whatever takes the key from this page takes the voice with it.
 */
export function pushToTalk(room: Room, panels: Panels): () => void {
  const { microphone } = room.sources;
  let held = false;
  const release = () => {
    if (held && microphone.value.state !== "off") room.sources.stop("microphone");
    held = false;
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== " " || chorded(event)) return;
    if (held) return event.preventDefault();
    if (event.repeat || within(event, ownSpace)) return;
    if (!hears(room, panels) || !panels.singleKeys.value) return;
    if (!talksOnSpace(room) || microphone.value.state !== "off") return;
    event.preventDefault();
    held = true;
    void room.sources.start("microphone");
  };
  const released = ({ key }: KeyboardEvent) => key === " " && release();
  const stop = new AbortController();
  const { signal } = stop;
  addEventListener("keydown", pressed, { signal });
  addEventListener("keyup", released, { signal });
  addEventListener("blur", release, { signal });
  document.addEventListener("visibilitychange", release, { signal });
  return () => {
    release();
    stop.abort();
  };
}

/** hears: the room is in front, and not a question. */
function hears(room: Room, panels: Panels): boolean {
  return room.phase.value.at === "inside" && panels.dialog.value === "none";
}

function chorded(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

function within({ target }: KeyboardEvent, what: string): boolean {
  return target instanceof Element && target.closest(what) !== null;
}
