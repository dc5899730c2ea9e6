import type { Door, Rules } from "../wire.gen";
import { isSame } from "./policy";
import type { Knocker, Member } from "./view";

/** Waiting is a knocker with their key package, since when they wait, and whether this person let them in. */
export interface Waiting extends Knocker {
  readonly keyPackage: string;
  readonly since: number;
  readonly admitted: boolean;
}

/** Left is a member who is not in the room any more. */
export interface Left {
  readonly since: number;
  readonly expelled: boolean;
  /** their connection was lost, and the server may hold their stay */
  readonly lost: boolean;
}

/** Situation is all that decides whether there is a commit to make, and by whom. */
export interface Situation {
  /** one's own leaf */
  readonly self: number;
  readonly members: readonly Member[];
  /** participants in the room */
  readonly present: ReadonlySet<string>;
  readonly left: ReadonlyMap<string, Left>;
  readonly waiting: readonly Waiting[];
  readonly rules: Rules;
  readonly knows: (door: Door) => boolean;
}

/** Duty is a commit to make, and when: its time has come, or will. */
export type Duty =
  | { readonly kind: "remove"; readonly at: number; readonly leaves: readonly Member[] }
  | { readonly kind: "add"; readonly at: number; readonly people: readonly Waiting[] }
  /** the group is locked: somebody who is back takes their old leaf's place */
  | { readonly kind: "swap"; readonly at: number; readonly leaf: Member; readonly person: Waiting };

/** How long who is next in line leaves it to who is first. */
const lease = 3_000;
/** Those who leave by themselves are removed together. */
const leaveTogether = 1_500;
/** Who comes back to a locked group needs the leaf they had, as long as the server holds their stay. */
const held = 60_000;
/** So long at most a stay may go on, and so its leaf is kept for an owner who knocks. */
const longestAway = 600_000;
const mostAdded = 32;

/**
 * duty is the next commit this member is to make, or null. Everybody works it
 * out from what everybody knows; the lowest leaf acts first, and should two act
 * at once the server takes one. Removals come first: who is out must not read on.
 */
export function duty(s: Situation): Duty | null {
  const removal = removing(s);
  const addition = s.rules.locked ? swapping(s) : adding(s);
  if (!removal || !addition) return removal ?? addition;
  return addition.at < removal.at ? addition : removal;
}

function removing(s: Situation): Duty | null {
  const hosts = presentMembers(s).filter(isHost);
  const turn = rank(hosts.length > 0 ? hosts : presentMembers(s), s.self);
  if (turn < 0) return null;
  const back = knocking(s);
  const leaves = s.members.flatMap((member) => {
    const left = s.left.get(member.participant) ?? superseded(s, member, back);
    if (!left || member.leaf === s.self) return [];
    return [{ member, at: left.since + patience(s, member, left, back) }];
  });
  if (leaves.length === 0) return null;
  const at = Math.min(...leaves.map((one) => one.at)) + turn * lease;
  const due = leaves.filter((one) => one.at <= at + leaveTogether);
  return { kind: "remove", at, leaves: due.map(({ member }) => member) };
}

/** patience is how many milliseconds the leaf is kept of somebody who has left. */
function patience(
  { rules: { locked } }: Situation,
  member: Member,
  left: Left,
  back: ReadonlyMap<string, Waiting>,
): number {
  if (locked && returns(member, left, back)) return longestAway;
  if (left.expelled || back.has(member.key)) return 0;
  return locked && left.lost ? held : leaveTogether;
}

/** knocking are those who wait to be added, by their keys. A knock may not be over yet of who was. */
function knocking({ members, waiting }: Situation): ReadonlyMap<string, Waiting> {
  const added = new Set(members.map(({ participant }) => participant));
  return new Map(waiting.filter((w) => !added.has(w.participant)).map((w) => [w.key, w]));
}

/** swapping: nobody new comes into a locked group, but who was in comes back. */
function swapping(s: Situation): Duty | null {
  const back = knocking(s);
  const swaps = s.members.flatMap((leaf): Extract<Duty, { kind: "swap" }>[] => {
    const left = s.left.get(leaf.participant) ?? superseded(s, leaf, back);
    const person = left && returns(leaf, left, back);
    if (!person || !s.knows(person.door)) return [];
    const at = admission(s, person);
    return at === null ? [] : [{ kind: "swap", at, leaf, person }];
  });
  return swaps.sort((a, b) => a.at - b.at)[0] ?? null;
}

/** returns finds who of those that knock is a member who has left, the same as before in every way. */
function returns(
  member: Member,
  { expelled }: Left,
  back: ReadonlyMap<string, Waiting>,
): Waiting | undefined {
  const knock = expelled ? undefined : back.get(member.key);
  return knock && isSame(member, knock) ? knock : undefined;
}

/**
 * A device that knocks again has left its place behind, though its old connection may
 * not have noticed. Of the owner or another host the server has to say so: it has seen
 * proof, and nobody else may be rid of them.
 */
function superseded(
  s: Situation,
  member: Member,
  back: ReadonlyMap<string, Waiting>,
): Left | undefined {
  const by = s.members.find(({ leaf }) => leaf === s.self);
  const knock = back.get(member.key);
  if (!knock || !by || !isHost(by) || member.owner || isHost(member)) return undefined;
  return { since: knock.since, expelled: false, lost: true };
}

function adding(s: Situation): Duty | null {
  const taken = new Set(s.members.map(({ key }) => key));
  const newest = new Map(s.waiting.map((person) => [person.key, person]));
  const ready = [...newest.values()]
    .filter(({ key, door }) => !taken.has(key) && s.knows(door))
    .flatMap((person) => {
      const at = admission(s, person);
      return at === null ? [] : [{ person, at }];
    })
    .sort((a, b) => a.at - b.at);
  const [first] = ready;
  if (!first) return null;
  const together = ready.filter(({ person }) => person.door === first.person.door);
  const people = together.slice(0, mostAdded).map(({ person }) => person);
  return { kind: "add", at: first.at, people };
}

/** admission is when this member adds a person, or null when that is not for them to do. */
function admission(s: Situation, person: Waiting): number | null {
  const may = adders(s, person);
  const turn = rank(may, s.self);
  if (turn < 0) return null;
  if (person.admitted) return person.since;
  const asked = s.rules.lobby && may.some(isHost);
  return asked ? null : person.since + turn * lease;
}

/** adders are the members who may add a person, as every member checks it. */
function adders(s: Situation, person: Waiting): readonly Member[] {
  const here = presentMembers(s);
  const hosts = here.filter(isHost);
  if (hosts.length > 0)
    return s.rules.membersAdd ? [...hosts, ...here.filter((m) => !isHost(m))] : hosts;
  const returning = person.role === "host" && person.door === "link";
  return returning || s.rules.membersAdd ? here : [];
}

function presentMembers(s: Situation): readonly Member[] {
  return s.members
    .filter(({ participant }) => s.present.has(participant))
    .sort((a, b) => a.leaf - b.leaf);
}

function rank(members: readonly Member[], self: number): number {
  return members.findIndex(({ leaf }) => leaf === self);
}

function isHost({ role }: Member): boolean {
  return role === "host";
}
