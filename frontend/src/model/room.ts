import type {
  Ended,
  Event,
  LiveSource,
  Participant,
  Source,
  SourceChanged,
  Welcome,
} from "../lib/wire.gen";

/** RoomState is the room as the server told it, event by event. */
export interface RoomState {
  readonly self: string;
  readonly session: string;
  readonly title: string;
  /** Unix time in milliseconds */
  readonly started: number;
  /** in the order they came */
  readonly people: readonly Participant[];
  /** who shares a screen, the newest last */
  readonly shares: readonly string[];
  /** who speaks now, the loudest first */
  readonly speakers: readonly string[];
  readonly ended: Ended | null;
}

export const nobody: RoomState = {
  self: "",
  session: "",
  title: "",
  started: 0,
  people: [],
  shares: [],
  speakers: [],
  ended: null,
};

/** reduce is the only way the room changes: the state before, an event, the state after. */
export function reduce(state: RoomState, event: Event): RoomState {
  switch (event.type) {
    case "welcome":
      return entered(event.data);
    case "participant_joined":
      return withPerson(state, event.data.participant);
    case "participant_left":
      return without(state, event.data.participant);
    case "source_changed":
      return changed(state, event.data);
    case "speakers":
      return { ...state, speakers: event.data.participants.filter((id) => audible(state, id)) };
    case "ended":
      return { ...nobody, self: state.self, title: state.title, ended: event.data };
    case "waiting":
    case "reply":
    case "ice_restarted":
      return state;
  }
}

/** person finds somebody in the room. */
export function person(state: RoomState, id: string): Participant | undefined {
  return state.people.find((p) => p.id === id);
}

/** live tells whether somebody sends a source now. */
export function live(participant: Participant | undefined, source: Source): boolean {
  return participant?.live.some((l) => l.source === source) ?? false;
}

/** shareOf is the screen somebody shares, with what it shows. */
export function shareOf(participant: Participant | undefined): LiveSource | undefined {
  return participant?.live.find((l) => l.source === "screen");
}

function entered(welcome: Welcome): RoomState {
  const people = [...welcome.participants].sort(byArrival);
  return {
    ...nobody,
    self: welcome.self,
    session: welcome.session,
    title: welcome.title,
    started: welcome.started,
    people,
    shares: people.filter((p) => live(p, "screen")).map((p) => p.id),
  };
}

function withPerson(state: RoomState, participant: Participant): RoomState {
  const others = without(state, participant.id);
  return {
    ...others,
    people: [...others.people, participant].sort(byArrival),
    shares: live(participant, "screen") ? [...others.shares, participant.id] : others.shares,
  };
}

function without(state: RoomState, id: string): RoomState {
  return {
    ...state,
    people: state.people.filter((p) => p.id !== id),
    shares: state.shares.filter((s) => s !== id),
    speakers: state.speakers.filter((s) => s !== id),
  };
}

function changed(state: RoomState, change: SourceChanged): RoomState {
  const { participant: id, source } = change;
  if (!person(state, id)) return state;
  const people = state.people.map((p) => (p.id === id ? { ...p, live: lives(p, change) } : p));
  const others = state.shares.filter((s) => s !== id);
  const silenced = source === "microphone" && !change.live;
  return {
    ...state,
    people,
    shares: source === "screen" ? (change.live ? [...others, id] : others) : state.shares,
    speakers: silenced ? state.speakers.filter((s) => s !== id) : state.speakers,
  };
}

function lives(participant: Participant, change: SourceChanged): readonly LiveSource[] {
  const others = participant.live.filter((l) => l.source !== change.source);
  if (!change.live) return others;
  const { source, surface } = change;
  return [...others, surface === undefined ? { source } : { source, surface }];
}

function audible(state: RoomState, id: string): boolean {
  return live(person(state, id), "microphone");
}

function byArrival(a: Participant, b: Participant): number {
  return a.joined - b.joined || (a.id < b.id ? -1 : 1);
}
