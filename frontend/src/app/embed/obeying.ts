import type { CommandId } from "../../model/command";
import type { CommandName, Wish } from "../../model/embed/commands";
import { type Handles, personFor } from "../../model/embed/events";
import type { Entered } from "../around";
import type { Done } from "./embedding";
import { somebodyIn } from "./seeing";

/** Asking is what the page around this one wants the person to turn on: only they do. */
export type Asking = "microphone" | "camera" | "screen";

/** Means is what a command is followed with. */
export interface Means extends Entered {
  readonly handles: Handles;
  ask(what: Asking): void;
}

const done: Done = {};
const asked: Done = { result: { asked: true } };
const notAllowed: Done = { error: "not_allowed" };
const notIn: Done = { error: "not_in_meeting" };

/**
 * obey does what the page around this one wants, as far as the person could: by
 * the command behind the button that they have, or not at all.
 */
export function obey(wish: Wish, means: Means): Done {
  const { at } = means.room.phase.value;
  const leaves = wish.do === "hangup" && !means.room.isOver();
  return at === "inside" || leaves ? acts[wish.do](means, wish) : notIn;
}

const acts: Readonly<Record<CommandName, (means: Means, wish: Wish) => Done>> = {
  toggleAudio: (means) => turn(means, "microphone"),
  toggleVideo: (means) => turn(means, "camera"),
  toggleShareScreen: share,
  hangup: hangUp,
  toggleChat: (means) => run(means, "chat"),
  toggleParticipantsPane: (means) => run(means, "participants"),
  toggleTileView: (means) => tile(means, means.room.viewing.choice.value.layout !== "grid"),
  setTileView: (means, { on }) => tile(means, on),
  toggleRaiseHand: (means) => run(means, "hand"),
  muteEveryone: ({ room, may }) => allowed(may("mute_others"), () => room.moderation.muteAll()),
  kickParticipant: kick,
  endConference: (means) => run(means, "end", asked), // it opens a question
  toggleLobby: ({ room, may }, { on }) =>
    allowed(may("set_rules"), () => room.moderation.setRules({ lobby: on })),
  answerKnockingParticipant: answer,
  pinParticipant: pin,
  // That was asked at the door.
  displayName: () => notAllowed,
  password: () => notAllowed,
  isAudioMuted: ({ room }) => ({ result: room.sources.microphone.value.state !== "on" }),
  isVideoMuted: ({ room }) => ({ result: room.sources.camera.value.state !== "on" }),
  isSharingScreen: ({ room }) => ({ result: room.sources.screen.value.state === "on" }),
  getNumberOfParticipants: (means) => ({ result: somebodyIn(means).length }),
  getParticipantsInfo: (means) => ({
    result: somebodyIn(means).map((one) => personFor(one, means.handles)),
  }),
};

function allowed(may: boolean, act: () => unknown): Done {
  if (!may) return notAllowed;
  act();
  return done;
}

function run({ commands }: Means, id: CommandId, outcome = done): Done {
  const command = commands()[id];
  command?.run();
  return command ? outcome : notAllowed;
}

/** turn turns off at once; turned on it is by the person. */
function turn(means: Means, source: "microphone" | "camera"): Done {
  if (means.room.sources[source].value.state !== "off") return run(means, source);
  return allowedToAsk(means, source, source);
}

function share(means: Means): Done {
  if (means.room.sources.screen.value.state !== "off") return run(means, "stopSharing");
  return allowedToAsk(means, "share", "screen");
}

function allowedToAsk({ commands, ask }: Means, id: CommandId, what: Asking): Done {
  if (!commands()[id]) return notAllowed;
  ask(what);
  return asked;
}

/**
 * hangUp leaves, also who waits to be let in; once the answer is on its way, for the
 * page around this one may take the frame away as soon as it hears that it is over.
 */
function hangUp({ room }: Means): Done {
  queueMicrotask(() => void room.leave());
  return done;
}

function tile(means: Means, on: boolean): Done {
  return run(means, on ? "layoutGrid" : "layoutAutomatic");
}

/** kick opens the question that the person's own button does. */
function kick({ room, panels, may, people, handles }: Means, { who }: Wish): Done {
  const id = handles.who(who);
  const one = people().find((one) => one.id === id);
  const can = may("expel_people") && id !== room.state.value.self;
  if (!one || !can || one.role === "host" || one.owner) return notAllowed;
  panels.about.value = one.id;
  panels.dialog.value = "expel";
  return asked;
}

function answer({ room, knockers, handles }: Means, { who, on }: Wish): Done {
  const id = handles.who(who);
  const knocker = knockers().find(({ participant }) => participant === id);
  if (!knocker) return notAllowed;
  const { participant } = knocker;
  if (on) room.moderation.admit([participant]);
  else void room.moderation.deny(participant);
  return done;
}

/** pin keeps somebody's face on the stage, or nobody's. */
function pin({ room, people, pin, handles }: Means, { who }: Wish): Done {
  const id = handles.who(who);
  const one = people().find((one) => one.id === id && id !== room.state.value.self);
  if (who && !one) return notAllowed;
  pin(one?.id ?? "");
  return done;
}
