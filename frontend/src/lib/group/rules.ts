import { allRights, type Right } from "../policy.gen";
import type { PersonRules, Role, Rules } from "../wire.gen";

/** RulesChange is what somebody changes of the rules; the rest stays as it is by then. */
export interface RulesChange {
  readonly locked?: boolean;
  readonly lobby?: boolean;
  readonly membersAdd?: boolean;
  /** rights that all attendees get, or lose, their own exceptions with them */
  readonly grant?: readonly Right[];
  readonly deny?: readonly Right[];
  readonly person?: PersonChange;
}

/** PersonChange is about one person, by their signature key. */
interface PersonChange {
  readonly key: string;
  readonly role?: Role;
  readonly grant?: readonly Right[];
  readonly deny?: readonly Right[];
}

/** ruleOf is what holds for the person with this key. */
export function ruleOf({ people = [] }: Rules, key: string): PersonRules {
  return people.find((person) => person.key === key) ?? { key };
}

/** roleIn is the role that rules give who came in another one. */
export function roleIn(rules: Rules, { key, role }: { key: string; role: Role }): Role {
  return ruleOf(rules, key).role ?? role;
}

/** rightsIn are the rights that the person with this key has as an attendee. */
export function rightsIn(rules: Rules, key: string): readonly Right[] {
  const { grant = [], deny = [] } = ruleOf(rules, key);
  return allRights.filter((right) => has(rules.rights, right, grant) && !deny.includes(right));
}

/** changed is the rules after a change. */
export function changed(rules: Rules, change: RulesChange): Rules {
  const { grant = [], deny = [], person, ...door } = change;
  const about = new Set([...grant, ...deny]);
  const rights = inOrder((right) => has(rules.rights, right, grant) && !deny.includes(right));
  const people = (rules.people ?? []).map((one) => without(one, about));
  const others = people.filter((one) => one.key !== person?.key);
  const known = people.find((one) => one.key === person?.key);
  const all = person ? [...others, personal(rights, known, person)] : people;
  return { ...rules, ...door, rights, people: all.filter(saysSomething).sort(byKey) };
}

/** sameDoor tells whether who comes in, and how, is the same in both. */
export function sameDoor(one: Rules, other: Rules): boolean {
  return (
    one.locked === other.locked && one.lobby === other.lobby && one.membersAdd === other.membersAdd
  );
}

/** sameRights tells whether attendees have the same rights in both. */
export function sameRights(one: Rules, other: Rules): boolean {
  const same = (a: PersonRules, b: PersonRules) => alike(a.grant, b.grant) && alike(a.deny, b.deny);
  return (
    alike(one.rights, other.rights) &&
    keysOf(one, other).every((key) => same(ruleOf(one, key), ruleOf(other, key)))
  );
}

/** rerolled lists the keys of those whose role is not the same in both. */
export function rerolled(one: Rules, other: Rules): readonly string[] {
  return keysOf(one, other).filter((key) => ruleOf(one, key).role !== ruleOf(other, key).role);
}

function personal(
  rights: readonly Right[],
  { key, role, grant = [], deny = [] }: PersonRules = { key: "" },
  change: PersonChange,
): PersonRules {
  const more = change.grant ?? [];
  const less = change.deny ?? [];
  const given = (right: Right) => has(grant, right, more) && !less.includes(right);
  const taken = (right: Right) => has(deny, right, less) && !more.includes(right);
  const now = change.role ?? role;
  // What all have is not granted to one, nor denied what nobody has.
  return {
    key: key || change.key,
    ...(now && { role: now }),
    grant: inOrder((right) => given(right) && !rights.includes(right)),
    deny: inOrder((right) => taken(right) && rights.includes(right)),
  };
}

function without(person: PersonRules, about: ReadonlySet<Right>): PersonRules {
  const kept = (list: readonly Right[] = []) => list.filter((right) => !about.has(right));
  return { ...person, grant: kept(person.grant), deny: kept(person.deny) };
}

function saysSomething({ role, grant = [], deny = [] }: PersonRules): boolean {
  return role !== undefined || grant.length > 0 || deny.length > 0;
}

function inOrder(is: (right: Right) => boolean): readonly Right[] {
  return allRights.filter(is);
}

function has(list: readonly Right[] = [], right: Right, more: readonly Right[]): boolean {
  return list.includes(right) || more.includes(right);
}

function alike(one: readonly Right[] = [], other: readonly Right[] = []): boolean {
  return one.length === other.length && one.every((right, i) => right === other[i]);
}

function keysOf(...all: readonly Rules[]): readonly string[] {
  return [...new Set(all.flatMap(({ people = [] }) => people.map(({ key }) => key)))];
}

function byKey(a: PersonRules, b: PersonRules): number {
  return a.key < b.key ? -1 : 1;
}
