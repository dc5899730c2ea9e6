import { plainText } from "./message";

/** eventNames are all that the page around this one is told of. */
export const eventNames = [
  "videoConferenceJoined",
  "videoConferenceLeft",
  "participantJoined",
  "participantLeft",
  "participantRoleChanged",
  "displayNameChange",
  "audioMuteStatusChanged",
  "videoMuteStatusChanged",
  "screenSharingStatusChanged",
  "raiseHandUpdated",
  "tileViewChanged",
  "knockingParticipant",
  "participantsCountChanged",
  "passwordRequired",
  "errorOccurred",
  "permissionMissing",
  "readyToClose",
] as const;

export type EventName = (typeof eventNames)[number];

/** Told is an event with what belongs to it. */
export interface Told {
  readonly type: EventName;
  readonly payload: Readonly<Record<string, string | number | boolean>>;
}

/** Somebody is as much of a person as the page around this one may know. */
export interface Somebody {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly hand: boolean;
}

/** Seen is the meeting as the person in the frame sees it, as far as it may be told. */
export interface Seen {
  /** of the person themselves; "" outside of the meeting */
  readonly self: string;
  readonly people: readonly Somebody[];
  /** who waits to be let in, for those who may do so */
  readonly knocking: readonly Pick<Somebody, "id" | "name">[];
  readonly muted: boolean;
  readonly videoMuted: boolean;
  readonly sharing: boolean;
  readonly tiles: boolean;
  /** the person has left, or the meeting is over for them */
  readonly over: boolean;
}

export const unseen: Seen = {
  self: "",
  people: [],
  knocking: [],
  muted: true,
  videoMuted: true,
  sharing: false,
  tiles: false,
  over: false,
};

/** Handles are the names by which people are spoken of with the page around this one: of this load, and of nothing else. */
export class Handles {
  readonly #handles = new Map<string, string>();
  #count = 0;

  /** of returns somebody's handle, a new one for who has none. */
  of(id: string): string {
    const known = this.#handles.get(id);
    if (known) return known;
    const made = `p${++this.#count}`;
    this.#handles.set(id, made);
    return made;
  }

  /** who returns whose handle that is, or undefined. */
  who(handle: string): string | undefined {
    for (const [id, one] of this.#handles) if (one === handle) return id;
    return undefined;
  }

  /** keep forgets all but these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#handles.keys()) if (!ids.has(id)) this.#handles.delete(id);
  }
}

/** changes are the events between two moments. */
export function changes(before: Seen, after: Seen, handles: Handles): readonly Told[] {
  const told = [
    ...(before.self && before.self !== after.self ? [tell("videoConferenceLeft", {})] : []),
    ...arrival(before, after, handles),
    ...inside(before.self === after.self ? before : unseen, after, handles),
    ...(after.over && !before.over ? [tell("readyToClose", {})] : []),
  ];
  handles.keep(new Set([...after.people, ...after.knocking].map(({ id }) => id)));
  return told;
}

export function tell(type: EventName, payload: Told["payload"]): Told {
  return { type, payload };
}

/** personFor is somebody, as the page around this one may know them. */
export function personFor({ id, name, role }: Somebody, handles: Handles) {
  return { id: handles.of(id), displayName: plainText(name), role };
}

function arrival(before: Seen, after: Seen, handles: Handles): readonly Told[] {
  if (!after.self || before.self === after.self) return [];
  const self = after.people.find(({ id }) => id === after.self);
  return self ? [tell("videoConferenceJoined", personFor(self, handles))] : [];
}

/** inside is what changed in the meeting; nothing is told of it to who is out of it. */
function inside(before: Seen, after: Seen, handles: Handles): readonly Told[] {
  if (!after.self) return [];
  return [
    ...comingAndGoing(before, after, handles),
    ...after.people.flatMap((now) => changed(before, now, handles)),
    ...knocks(before, after, handles),
    ...own(before, after),
  ];
}

function comingAndGoing(before: Seen, after: Seen, handles: Handles): readonly Told[] {
  const [old, now] = [idsOf(before), idsOf(after)];
  const gone = before.people.filter(({ id }) => !now.has(id));
  const come = after.people.filter(({ id }) => !old.has(id) && id !== after.self);
  const count = after.people.length;
  return [
    ...gone.map(({ id }) => tell("participantLeft", { id: handles.of(id) })),
    ...come.map((one) => tell("participantJoined", personFor(one, handles))),
    ...(count === before.people.length ? [] : [tell("participantsCountChanged", { count })]),
  ];
}

function changed(before: Seen, now: Somebody, handles: Handles): readonly Told[] {
  const id = handles.of(now.id);
  const old = before.people.find((one) => one.id === now.id) ?? { ...now, hand: false };
  const { displayName } = personFor(now, handles);
  return [
    ...(old.role === now.role ? [] : [tell("participantRoleChanged", { id, role: now.role })]),
    ...(old.name === now.name ? [] : [tell("displayNameChange", { id, displayName })]),
    ...(old.hand === now.hand ? [] : [tell("raiseHandUpdated", { id, handRaised: now.hand })]),
  ];
}

function knocks(before: Seen, after: Seen, handles: Handles): readonly Told[] {
  const old = new Set(before.knocking.map(({ id }) => id));
  return after.knocking
    .filter(({ id }) => !old.has(id))
    .map(({ id, name }) => {
      const displayName = plainText(name);
      return tell("knockingParticipant", { id: handles.of(id), displayName });
    });
}

function own(before: Seen, after: Seen): readonly Told[] {
  const { muted, videoMuted, sharing, tiles } = after;
  const came = before.self !== after.self;
  return [
    ...(came || before.muted !== muted ? [tell("audioMuteStatusChanged", { muted })] : []),
    ...(came || before.videoMuted !== videoMuted
      ? [tell("videoMuteStatusChanged", { muted: videoMuted })]
      : []),
    ...(before.sharing === sharing ? [] : [tell("screenSharingStatusChanged", { on: sharing })]),
    ...(before.tiles === tiles ? [] : [tell("tileViewChanged", { enabled: tiles })]),
  ];
}

function idsOf({ people }: Seen): ReadonlySet<string> {
  return new Set(people.map(({ id }) => id));
}
