import type { Frozen, Notice } from "../lib/group/notice";
import type { GroupView, Knocker, Member } from "../lib/group/view";
import type { Action } from "../lib/policy.gen";
import type {
  Ended,
  Event,
  HandChanged,
  LiveSource,
  Participant,
  Source,
  SourceChanged,
  Welcome,
} from "../lib/wire.gen";

/** RoomEvent is what changes the room: what the server tells, what the group proves, and what people say of their shares. */
export type RoomEvent =
  | Event
  | { readonly type: "group"; readonly data: GroupView }
  | { readonly type: "notice"; readonly data: Notice };

/** Person is somebody in the room whom the group knows: who they are comes from their credential. */
export interface Person extends Participant {
  readonly name: string;
  /** the site's name */
  readonly org: string;
  readonly guest: boolean;
  /** the meeting is theirs */
  readonly owner: boolean;
  /** the same for as long as the person keeps their browser */
  readonly key: string;
}

/** RoomState is the room as the server told it and the group proved it, event by event. */
export interface RoomState {
  readonly self: string;
  readonly session: string;
  readonly title: string;
  /** Unix time in milliseconds */
  readonly started: number;
  /** who is connected, as the server says: it proves nothing */
  readonly roster: readonly Participant[];
  /** null until this browser is in the group */
  readonly group: GroupView | null;
  /** who is connected and in the group, in the order they came: nobody else is shown */
  readonly people: readonly Person[];
  /** who is connected and not in the group, or at another leaf than the group says */
  readonly strangers: readonly string[];
  /** who is in the group and not here: coming, or about to be removed */
  readonly absent: readonly Member[];
  /** who shares a screen, as the server says, the newest last */
  readonly shares: readonly string[];
  /** whose share stands still, by their own signed word: the server's proves nothing */
  readonly frozen: Readonly<Record<string, Frozen>>;
  /** who speaks now, as the server says, the loudest first */
  readonly speakers: readonly string[];
  /** who of the others spoke last, and still does if anybody; "" while nobody has */
  readonly spoke: string;
  /** what the site allows nobody here */
  readonly forbidden: readonly Action[];
  readonly ended: Ended | null;
}

export const nobody: RoomState = {
  self: "",
  session: "",
  title: "",
  started: 0,
  roster: [],
  group: null,
  people: [],
  strangers: [],
  absent: [],
  shares: [],
  frozen: {},
  speakers: [],
  spoke: "",
  forbidden: [],
  ended: null,
};

/** reduce is the only way the room changes: the state before, an event, the state after. */
export function reduce(state: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case "group":
      return matched({ ...state, group: event.data });
    case "admitted":
      // A new place in a group: what was known of the one before is over.
      return matched({ ...state, group: null });
    case "welcome":
      return matched(entered(state.group, event.data));
    case "participant_joined":
      return matched(withParticipant(state, event.data.participant));
    case "participant_left":
      return matched(without(state, event.data.participant));
    case "source_changed":
      return changed(state, event.data);
    case "notice":
      return noticed(state, event.data);
    case "speakers":
      return heard(state, event.data.participants);
    case "policy_changed":
      return { ...state, forbidden: event.data.forbidden };
    case "hand_changed":
      return matched(turned(state, event.data));
    case "ended":
      return { ...nobody, self: state.self, title: state.title, ended: event.data };
    case "waiting":
    case "reply":
    case "codecs":
    case "encodings_wanted":
    case "no_room":
    case "ice_restarted":
    case "knock":
    case "knock_over":
    case "committed":
    case "settled":
    case "unmute_asked":
      return state;
  }
}

/** person finds somebody who may be shown. */
export function person(state: RoomState, id: string): Person | undefined {
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

/** frozenOf is how somebody's share stands, as they say themselves. */
export function frozenOf(state: RoomState, id: string): Frozen {
  return state.frozen[id] ?? "no";
}

/** waiting lists who waits for a host's yes. Without a lobby the hosts' browsers let people in by themselves. */
export function waiting(group: GroupView | null): readonly Knocker[] {
  return group?.rules.lobby ? group.knockers : [];
}

/** matched holds the roster against the group. Only who is in both is shown. */
function matched(state: RoomState): RoomState {
  const members = new Map((state.group?.members ?? []).map((m) => [m.participant, m]));
  const here = new Set(state.roster.map((p) => p.id));
  const people: Person[] = [];
  const strangers: string[] = [];
  for (const participant of state.roster) {
    const member = members.get(participant.id);
    if (member?.leaf === participant.leaf) people.push(known(participant, member));
    else if (state.group) strangers.push(participant.id);
  }
  const absent = [...members.values()].filter((m) => !here.has(m.participant));
  return { ...state, people, strangers, absent };
}

/** Who somebody is, the role too, stands in the credential: of the server's word only what they send is taken. */
function known(participant: Participant, member: Member): Person {
  const { name, org, guest, owner, key, role } = member;
  return { ...participant, name, org, guest, owner, key, role };
}

function entered(group: GroupView | null, welcome: Welcome): RoomState {
  const roster = [...welcome.participants].sort(byArrival);
  return {
    ...nobody,
    self: welcome.self,
    session: welcome.session,
    title: welcome.title,
    started: welcome.started,
    roster,
    group,
    forbidden: welcome.forbidden,
    shares: roster.filter((p) => live(p, "screen")).map((p) => p.id),
  };
}

function withParticipant(state: RoomState, participant: Participant): RoomState {
  const others = without(state, participant.id);
  return {
    ...others,
    roster: [...others.roster, participant].sort(byArrival),
    shares: live(participant, "screen") ? [...others.shares, participant.id] : others.shares,
  };
}

function without(state: RoomState, id: string): RoomState {
  return {
    ...state,
    roster: state.roster.filter((p) => p.id !== id),
    shares: state.shares.filter((s) => s !== id),
    frozen: withoutKey(state.frozen, id),
    speakers: state.speakers.filter((s) => s !== id),
  };
}

function withoutKey(frozen: RoomState["frozen"], id: string): RoomState["frozen"] {
  const { [id]: _, ...others } = frozen;
  return others;
}

function changed(state: RoomState, change: SourceChanged): RoomState {
  const { participant: id, source } = change;
  if (!connected(state, id)) return state;
  const roster = state.roster.map((p) => (p.id === id ? { ...p, live: lives(p, change) } : p));
  const silenced = source === "microphone" && !change.live;
  return matched({
    ...state,
    roster,
    ...(source === "screen" ? shared(state, change) : {}),
    speakers: silenced ? state.speakers.filter((s) => s !== id) : state.speakers,
  });
}

/**
 * What is shared already keeps its place, whatever it shows now. Of a pause the
 * server's word counts only when it is over, should the sharer's own have been lost.
 */
function shared(state: RoomState, change: SourceChanged): Pick<RoomState, "shares" | "frozen"> {
  const { shares, frozen } = state;
  const { participant: id, live: on, paused } = change;
  return {
    shares:
      on && shares.includes(id) ? shares : [...shares.filter((s) => s !== id), ...(on ? [id] : [])],
    frozen: paused ? frozen : withoutKey(frozen, id),
  };
}

/** A word that is said again changes nothing. */
function noticed(state: RoomState, { from, frozen }: Notice): RoomState {
  if (frozenOf(state, from) === frozen) return state;
  return { ...state, frozen: { ...state.frozen, [from]: frozen } };
}

function lives(participant: Participant, change: SourceChanged): readonly LiveSource[] {
  const others = participant.live.filter((l) => l.source !== change.source);
  if (!change.live) return others;
  const { source, surface, paused } = change;
  const now = surface === undefined ? { source } : { source, surface };
  return [...others, paused ? { ...now, paused } : now];
}

function turned(state: RoomState, { participant, hand }: HandChanged): RoomState {
  const roster = state.roster.map((p) => (p.id === participant ? { ...p, hand } : p));
  return { ...state, roster };
}

function connected(state: RoomState, id: string): Participant | undefined {
  return state.roster.find((p) => p.id === id);
}

/** heard: who spoke last keeps that place while they speak, however loud somebody else is. */
function heard(state: RoomState, participants: readonly string[]): RoomState {
  const speakers = participants.filter((id) => audible(state, id));
  const others = speakers.filter((id) => id !== state.self);
  const [loudest = state.spoke] = others;
  return { ...state, speakers, spoke: others.includes(state.spoke) ? state.spoke : loudest };
}

function audible(state: RoomState, id: string): boolean {
  return live(connected(state, id), "microphone");
}

function byArrival(a: Participant, b: Participant): number {
  return a.joined - b.joined || (a.id < b.id ? -1 : 1);
}
