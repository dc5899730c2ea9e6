import { rights } from "../policy.gen";
import type { Rules } from "../wire.gen";
import type { Change } from "./change";
import type { Credential } from "./credential";
import { mostPeople } from "./extensions";
import type { Roster } from "./roster";
import { rerolled, roleIn, sameDoor, sameRights } from "./rules";
import type { Identity } from "./view";

/** Standing is what a change is judged by: the group before it, and what is known beside. */
export interface Standing {
  readonly roster: Roster;
  readonly rules: Rules;
  /** participants that the server says have nobody in the room any more */
  readonly gone: ReadonlySet<string>;
  /** signature keys of who was expelled */
  readonly expelled: ReadonlySet<string>;
}

/** The most people that one commit adds. */
const maxAdded = 32;

/** allows says whether the rules allow a change (docs/e2ee.md, What every member refuses). */
export function allows(standing: Standing, change: Change): boolean {
  const by = standing.roster.at(change.by);
  if (!by || (change.renewed && change.renewed.jws !== by.jws)) return false;
  if (change.rules && !mayRule(standing, by, change.rules)) return false;
  return mayRemove(standing, change, by) && mayAdd(standing, change, by);
}

/**
 * mayRule says whether somebody may make these rules the group's: the door's and
 * people's roles are for hosts, rights for presenters too. The owner of the
 * meeting always may, and nobody else changes the owner's role.
 */
export function mayRule(
  standing: Pick<Standing, "roster" | "rules">,
  by: Credential,
  next: Rules,
): boolean {
  const { roster, rules } = standing;
  const role = roleIn(rules, by);
  const roles = rerolled(rules, next);
  const door = !sameDoor(rules, next);
  const granted = !sameRights(rules, next);
  const other = roles.length > 0 || !(door || granted);
  if ((next.people ?? []).length > mostPeople) return false;
  const may =
    by.owner ||
    ((!door || rights.set_rules.includes(role)) &&
      (!granted || rights.grant_rights.includes(role)) &&
      (!other || rights.grant_roles.includes(role)));
  return may && roles.every((key) => mayReroll(roster, by, key));
}

function mayReroll(roster: Roster, by: Credential, key: string): boolean {
  const leaf = roster.leafOfKey(key);
  const who = leaf === undefined ? undefined : roster.at(leaf);
  return who !== undefined && (!who.owner || who.key === by.key);
}

function mayRemove({ roster, rules, gone }: Standing, { remove }: Change, by: Credential): boolean {
  return remove.every((leaf) => {
    const who = roster.at(leaf);
    if (!who) return false;
    // Nobody is rid of the owner, or of another host, but when they have gone.
    const guarded = who.owner || isHost(rules, who);
    return gone.has(who.participant) || (isHost(rules, by) && !guarded);
  });
}

function mayAdd(standing: Standing, change: Change, by: Credential): boolean {
  const { add, doors } = change;
  const { rules, expelled } = standing;
  if (add.length === 0) return doors.length === 0;
  if (doors.length !== 1 || add.length > maxAdded) return false;
  if (rules.locked && !swaps(standing, change)) return false;
  if (add.some(({ key }) => expelled.has(key))) return false;
  return isHost(rules, by) || rules.membersAdd || bringsBackHost(standing, change);
}

/**
 * While locked, a place in the group changes hands only from somebody to themselves,
 * once and in one commit: by their key, and as whom the site knew them. So nobody is in
 * who was not, whoever commits.
 */
function swaps({ roster }: Standing, { add, remove }: Change): boolean {
  if (new Set(add.map(({ key }) => key)).size < add.length) return false;
  return add.every((one) => {
    const leaf = roster.leafOfKey(one.key);
    const before = leaf !== undefined && remove.includes(leaf) ? roster.at(leaf) : undefined;
    return before !== undefined && isSame(before, one);
  });
}

/** isSame tells whether the site says the same of two, but for the keys of a stay. */
export function isSame(before: Identity, now: Identity): boolean {
  const same = ["name", "org", "role", "guest", "owner"] as const;
  return same.every((claim) => before[claim] === now[claim]);
}

/** Where no host is in, who comes as a host by the link finds the way back. */
function bringsBackHost({ roster, rules, gone }: Standing, { add, doors }: Change): boolean {
  const hostIsIn = roster.members().some((one) => isHost(rules, one) && !gone.has(one.participant));
  return !hostIsIn && doors[0] === "link" && add.every((one) => isHost(rules, one));
}

function isHost(rules: Rules, one: Pick<Credential, "key" | "role">): boolean {
  return roleIn(rules, one) === "host";
}
