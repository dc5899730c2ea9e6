import type { Door, Rules } from "../wire.gen";
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
  | { readonly kind: "add"; readonly at: number; readonly people: readonly Waiting[] };

/** How long who is next in line leaves it to who is first. */
const lease = 3_000;
/** Those who leave by themselves are removed together. */
const leaveTogether = 1_500;
const mostAdded = 32;

/**
 * duty is the next commit this member is to make, or null. Everybody works it
 * out from what everybody knows; the lowest leaf acts first, and should two act
 * at once the server takes one. Removals come first: who is out must not read on.
 */
export function duty(s: Situation): Duty | null {
  const removal = removing(s);
  const addition = adding(s);
  if (!removal || !addition) return removal ?? addition;
  return addition.at < removal.at ? addition : removal;
}

function removing(s: Situation): Duty | null {
  const hosts = presentMembers(s).filter(isHost);
  const turn = rank(hosts.length > 0 ? hosts : presentMembers(s), s.self);
  if (turn < 0) return null;
  const added = new Set(s.members.map(({ participant }) => participant));
  const back = new Set(s.waiting.filter((w) => !added.has(w.participant)).map(({ key }) => key));
  const leaves = s.members.flatMap((member) => {
    const left = s.left.get(member.participant) ?? superseded(s, member, back);
    if (!left || member.leaf === s.self) return [];
    const urgent = left.expelled || back.has(member.key);
    return [{ member, at: left.since + (urgent ? 0 : leaveTogether) }];
  });
  if (leaves.length === 0) return null;
  const first = Math.min(...leaves.map(({ at }) => at));
  return { kind: "remove", at: first + turn * lease, leaves: leaves.map(({ member }) => member) };
}

/**
 * A device that knocks again has left its place behind, though its old connection may
 * not have noticed. Of the owner or another host the server has to say so: it has seen
 * proof, and nobody else may be rid of them.
 */
function superseded(s: Situation, member: Member, back: ReadonlySet<string>): Left | undefined {
  const by = s.members.find(({ leaf }) => leaf === s.self);
  if (!back.has(member.key) || !by || !isHost(by)) return undefined;
  if (member.owner || isHost(member)) return undefined;
  const knock = s.waiting.find(({ key }) => key === member.key);
  return knock && { since: knock.since, expelled: false };
}

function adding(s: Situation): Duty | null {
  if (s.rules.locked) return null;
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
