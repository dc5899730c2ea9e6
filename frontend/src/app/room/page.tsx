import "../../style/room.css";
import "../../style/stage.css";
import "../../style/sharing.css";
import "../../style/panel.css";
import "../../style/security.css";
import "../../style/chat.css";
import "../../style/talk.css";
import "../../style/room-shapes.css";
import { effect } from "@preact/signals";
import type { VNode } from "preact";
import { focusHeading } from "../../lib/focus";
import type { Problem } from "../../lib/http";
import { browser } from "../../lib/platform";
import { movedWords } from "../../model/moved";
import { keyOf } from "../../model/slots";
import { troubleWords } from "../../model/trouble";
import { moderation } from "../../text/moderation";
import { Left, MeetingEnded, TurnedAway } from "../../view/door/after";
import { Waiting, type WaitingProps } from "../../view/door/waiting";
import { type RoomProps, Room as RoomView } from "../../view/room/room";
import type { Around, Entered } from "../around";
import { checkOf } from "../check";
import type { Sources } from "../sources";
import { Task } from "../task";
import { commandsOf, forbids, knockersOf, Panels } from "./commands";
import { listen, pushToTalk } from "./keys";
import type { Phase } from "./phase";
import { wayBack } from "./returning";
import { may, seen } from "./right";
import { Room } from "./room";
import { type Entrance, type Prepared, prepare } from "./stay";

export { prepare, wayBack };

export interface RoomPage {
  readonly body: VNode;
  /** whether the person is out of the room again */
  over(): boolean;
  close(vanishing?: boolean): void;
}

/** enterRoom joins. What comes back is the room's page, or why there is none. */
export async function enterRoom(
  form: Entrance,
  sources: Sources,
  prepared: Prepared,
  back: () => void,
  around: Around | null = null,
): Promise<RoomPage | Problem | string> {
  const room = new Room(form, sources, prepared);
  const entry = await room.enter();
  if (!entry.in) return entry.why;
  const panels = new Panels();
  const fetching = effect(() => fetchSide(panels));
  const looking = effect(() => room.talk.look(panels.panel.value === "chat"));
  const heeding = effect(() => forgetAsked(room));
  const keys = [listen(room, panels), pushToTalk(room, panels)];
  const entered = around?.entered(meansOf(room, panels));
  const stops = [
    ...keys,
    settle(room, around !== null),
    fetching,
    looking,
    heeding,
    ...(entered ? [entered] : []),
  ];
  const body = { ...{ room, panels, back, around }, name: form.displayName, starting: new Task() };
  return {
    body: <Body {...body} />,
    over: () => room.isOver(),
    close: (vanishing) => {
      for (const stop of stops) stop();
      room.close(vanishing);
    },
  };
}

/** meansOf is all that a page around this one may do in the room. */
function meansOf(room: Room, panels: Panels): Entered {
  return {
    ...{ room, panels },
    commands: () => commandsOf(room, panels),
    may: (action) => may(room.state.value, action),
    people: () => seen(room.state.value).people,
    knockers: () => knockersOf(room),
    pin: (participant) =>
      room.viewing.show({ pinned: participant && keyOf({ participant, source: "camera" }) }),
  };
}

/** forgetAsked: who speaks, or may not, is asked to no more. */
function forgetAsked({ state, sources, moderation: { asked } }: Room): void {
  const speaks = sources.microphone.value.state !== "off";
  if (asked.value && (speaks || !may(state.value, "publish_microphone"))) asked.value = "";
}

/**
 * fetchSide gets what stands beside and in front of the room, when the room is
 * there already: nobody waits for it at the door. What did not come is tried
 * again when something is opened.
 */
function fetchSide(panels: Panels): void {
  if (panels.side.value) return;
  panels.panel.value;
  panels.dialog.value;
  import("./side")
    .then(({ side }) => {
      panels.side.value = side;
    })
    .catch(() => {});
}

interface BodyProps {
  readonly room: Room;
  readonly panels: Panels;
  readonly name: string;
  readonly starting: Task;
  readonly back: () => void;
  readonly around: Around | null;
}

/**
 * settle puts the focus on the heading of each new phase, as a new page would. In a
 * frame it takes the focus from nobody who types in the page around it.
 */
function settle(room: Room, framed: boolean): () => void {
  const focus = () => {
    if (!framed || document.hasFocus()) focusHeading();
  };
  let before: Phase["at"] = "entering";
  return effect(() => {
    const { at } = room.phase.value;
    const settled = at === before || at === "lost";
    before = at;
    if (!settled) requestAnimationFrame(focus);
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
      const check = checkOf(room.sources, room.granted.value?.displayName ?? props.name);
      return (
        <Waiting
          title={phase.title}
          waitingFor={phase.for}
          check={check}
          start={host && phase.for === "start" ? startOf(room, props.starting) : null}
          onLeave={() => void room.leave()}
        />
      );
    }
    case "left":
      return <Left host={host} onRejoin={props.back} />;
    case "turned_away":
      return <TurnedAway why={phase.why} byLink={room.byLink} onAgain={props.back} />;
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

function Inside({ room, panels, around, lost }: BodyProps & { lost: RoomProps["lost"] }) {
  const { sources, viewing } = room;
  const open = panels.panel.value;
  const panel = open === "chat" && forbids(room, "send_chat") ? "none" : open;
  const dialog = panels.dialog.value;
  const Side = panels.side.value;
  return (
    <RoomView
      state={seen(room.state.value)}
      scene={viewing.scene.value}
      pictures={room.pictures.value}
      reactions={room.talk.reactions.shown.value}
      mirror={sources.cameraStream.value}
      pixelRatio={viewing.screen.value.pixelRatio}
      screen={sources.screen.value}
      screenStream={sources.screenStream.value}
      standing={room.freeze.standing.value}
      fullScreen={viewing.choice.value.fullScreen}
      pinned={viewing.choice.value.pinned}
      commands={commandsOf(room, panels)}
      shareOpen={panels.shareMenu.value}
      panel={Side && panel !== "none" ? <Side.SidePanel room={room} panels={panels} /> : null}
      refusal={room.gathering.refusal.value}
      knockers={panel === "participants" ? [] : knockersOf(room)}
      lost={lost}
      flowing={room.flowing.value}
      soundBlocked={room.soundBlocked.value}
      notices={[...noticesOf(room), ...(around?.hints.value ?? [])]}
      announcement={room.announcement.value}
      front={Side && dialog !== "none" ? <Side.Front room={room} panels={panels} /> : null}
      onMeasured={viewing.measured}
      onPage={(page) => viewing.show({ page })}
      onPin={(key) => viewing.pin(key)}
      onShareOpen={(open) => {
        panels.shareMenu.value = open;
      }}
      onFullScreen={() => viewing.show({ fullScreen: !viewing.choice.value.fullScreen })}
      onExitFullScreen={viewing.exitFullScreen}
      onPeople={() => panels.show("participants")}
      onSecurity={() => panels.show("security")}
      onSound={() => room.allowSound()}
      onRejoin={() => room.rejoin()}
      onLeave={() => void room.leave()}
    />
  );
}

/** noticesOf are the sentences that wait to be read: about devices, and about what others did. */
function noticesOf(room: Room): RoomProps["notices"] {
  const { sources } = room;
  const kinds = ["microphone", "camera", "screen"] as const;
  const about = kinds.flatMap((kind) => {
    const { trouble } = sources[kind].value;
    const text = trouble && troubleWords(kind, trouble, browser());
    return text ? [{ text, dismiss: () => sources.stop(kind) }] : [];
  });
  const text = room.notice.value;
  const dismiss = () => {
    room.notice.value = "";
  };
  return [...about, ...movedOf(room), ...askedOf(room), ...(text ? [{ text, dismiss }] : [])];
}

function movedOf({ plugs }: Room): RoomProps["notices"] {
  const moved = plugs.moved.value;
  const dismiss = () => {
    plugs.moved.value = null;
  };
  return moved ? [{ text: movedWords(moved), dismiss }] : [];
}

/** askedOf is a host's wish that this person speak. Only they open their microphone. */
function askedOf(room: Room): RoomProps["notices"] {
  const name = room.moderation.asked.value;
  if (!name || room.sources.microphone.value.state !== "off") return [];
  const dismiss = () => {
    room.moderation.asked.value = "";
  };
  const run = () => {
    dismiss();
    void room.sources.start("microphone");
  };
  return [{ text: moderation.asked(name), dismiss, act: { label: moderation.unmute, run } }];
}
