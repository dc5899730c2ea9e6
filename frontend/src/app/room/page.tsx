import "../../style/room.css";
import "../../style/stage.css";
import "../../style/panel.css";
import "../../style/room-shapes.css";
import { effect } from "@preact/signals";
import type { VNode } from "preact";
import { focusHeading } from "../../lib/focus";
import type { Problem } from "../../lib/http";
import { canChooseSpeaker } from "../../lib/platform";
import type { JoinForm } from "../../lib/rest";
import { type CommandId, shortcut } from "../../model/command";
import { devices as troubles } from "../../text/devices";
import { room as words } from "../../text/room";
import { Left, MeetingEnded } from "../../view/door/after";
import { Waiting, type WaitingProps } from "../../view/door/waiting";
import { Devices, EndMeeting, Shortcuts, type ShortcutsProps } from "../../view/room/front";
import { type RoomProps, Room as RoomView } from "../../view/room/room";
import { checkOf } from "../check";
import type { Sources } from "../sources";
import { Task } from "../task";
import { commandsOf, may, Panels } from "./commands";
import { type Phase, Room } from "./room";
import { type Prepared, prepare } from "./stay";

export { prepare };

export interface RoomPage {
  readonly body: VNode;
  /** whether the person is out of the room again */
  over(): boolean;
  close(): void;
}

/** enterRoom joins. What comes back is the room's page, or why there is none. */
export async function enterRoom(
  form: JoinForm,
  sources: Sources,
  prepared: Prepared,
  back: () => void,
): Promise<RoomPage | Problem | string> {
  const room = new Room(form, sources, prepared);
  const entry = await room.enter();
  if (!entry.in) return entry.why;
  const panels = new Panels();
  const stops = [listen(room, panels), settle(room)];
  return {
    body: <Body {...{ room, panels, back, name: form.displayName, starting: new Task() }} />,
    over: () => room.isOver(),
    close: () => {
      for (const stop of stops) stop();
      room.close();
    },
  };
}

interface BodyProps {
  readonly room: Room;
  readonly panels: Panels;
  readonly name: string;
  readonly starting: Task;
  readonly back: () => void;
}

/** settle puts the focus on the heading of each new phase, as a new page would. */
function settle(room: Room): () => void {
  let before: Phase["at"] = "entering";
  return effect(() => {
    const { at } = room.phase.value;
    const settled = at === before || at === "lost";
    before = at;
    if (!settled) requestAnimationFrame(focusHeading);
  });
}

function Body(props: BodyProps) {
  const { room } = props;
  const phase = room.phase.value;
  const host = room.host.value;
  switch (phase.at) {
    case "entering":
      return null;
    case "waiting": {
      const check = checkOf(room.sources, props.name);
      return (
        <Waiting
          title={phase.title}
          check={check}
          start={host ? startOf(room, props.starting) : null}
          onLeave={() => void room.leave()}
        />
      );
    }
    case "left":
      return <Left host={host} onRejoin={props.back} />;
    case "ended":
      return <MeetingEnded host={host} ended={phase.ended} />;
    case "inside":
      return <Inside {...props} lost={null} />;
    case "lost":
      return <Inside {...props} lost={phase} />;
  }
}

function startOf(room: Room, task: Task): WaitingProps["start"] {
  return {
    busy: task.busy.value,
    problem: task.problem.value,
    run: () => void task.run(() => room.start()),
  };
}

function Inside({ room, panels, lost }: BodyProps & { lost: RoomProps["lost"] }) {
  const { sources } = room;
  const close = () => {
    panels.participants.value = false;
  };
  return (
    <RoomView
      state={room.state.value}
      scene={room.scene.value}
      pictures={room.pictures.value}
      mirror={sources.cameraStream.value}
      pixelRatio={room.screen.value.pixelRatio}
      screen={sources.screen.value}
      screenStream={sources.screenStream.value}
      fullScreen={room.choice.value.fullScreen}
      commands={commandsOf(room, panels)}
      shareOpen={panels.shareMenu.value}
      people={
        panels.participants.value
          ? {
              state: room.state.value,
              canMute: may(room, "mute_others"),
              onMute: (id) => void room.mute(id),
              onClose: close,
            }
          : null
      }
      lost={lost}
      flowing={room.flowing.value}
      soundBlocked={room.soundBlocked.value}
      notices={noticesOf(room)}
      announcement={room.announcement.value}
      front={frontOf(room, panels)}
      onMeasured={room.measured}
      onPage={(page) => room.show({ page })}
      onShare={(share) => room.show({ share })}
      onShareOpen={(open) => {
        panels.shareMenu.value = open;
      }}
      onFullScreen={() => room.show({ fullScreen: !room.choice.value.fullScreen })}
      onExitFullScreen={room.exitFullScreen}
      onSound={() => room.allowSound()}
      onRejoin={() => room.rejoin()}
      onLeave={() => void room.leave()}
    />
  );
}

/** frontOf is the dialog in front of the room, if one is open. */
function frontOf(room: Room, panels: Panels): VNode | null {
  const close = () => {
    panels.dialog.value = "none";
  };
  switch (panels.dialog.value) {
    case "none":
      return null;
    case "end": {
      const end = () => {
        close();
        void room.endMeeting();
      };
      return <EndMeeting onYes={end} onClose={close} />;
    }
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
      return (
        <Devices
          devices={room.sources.devices.value}
          chosen={room.sources.chosen.value}
          canChooseSpeaker={canChooseSpeaker()}
          choose={(kind, id) => void room.sources.choose(kind, id)}
          onClose={close}
        />
      );
  }
}

/** noticesOf are the sentences that wait to be read: about devices, and about what others did. */
function noticesOf(room: Room): RoomProps["notices"] {
  const { sources } = room;
  const kinds = ["microphone", "camera", "screen"] as const;
  const about = kinds.flatMap((kind) => {
    const { trouble } = sources[kind].value;
    return trouble ? [{ text: troubles[kind][trouble], dismiss: () => sources.stop(kind) }] : [];
  });
  const text = room.notice.value;
  const dismiss = () => {
    room.notice.value = "";
  };
  return text ? [...about, { text, dismiss }] : about;
}

function shortcutsOf(room: Room, panels: Panels): ShortcutsProps["keys"] {
  const does: Readonly<Partial<Record<CommandId, string>>> = words.shortcutKeys;
  const keys = Object.values(commandsOf(room, panels)).flatMap(({ id, key, label }) =>
    key === undefined ? [] : [[key.toUpperCase(), does[id] ?? label] as const],
  );
  return [...keys, [words.escape, words.shortcutKeys.close]];
}

/** listen turns keys into commands, but never while somebody types or a dialog asks. */
function listen(room: Room, panels: Panels): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (room.phase.value.at !== "inside" || panels.dialog.value !== "none" || typing(event)) return;
    if (event.key === "Escape") panels.participants.value = false;
    if (!panels.singleKeys.value) return;
    const command = shortcut(commandsOf(room, panels), event.key);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

function typing({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest("input, select, textarea") !== null;
}
