import { describe, expect, it } from "vitest";
import type { Role, Rules } from "../wire.gen";
import { readRules, rulesExtension } from "./extensions";
import { committedOf, Meeting, open } from "./rehearsal";
import { extensions, Rogue, remove } from "./rogue";
import { changed, type RulesChange, rightsIn, roleIn, ruleOf } from "./rules";

const key = (n: number) => `${"A".repeat(41)}${"ABCDEFGH"[n]}A`;
const some: Rules = { ...open, rights: ["speak", "camera", "chat_hosts"] };

describe("rights", () => {
  it("are everybody's, but for what one is granted or denied", () => {
    const ann = changed(some, { person: { key: key(1), grant: ["share"], deny: ["camera"] } });
    expect(rightsIn(ann, key(1))).toEqual(["speak", "share", "chat_hosts"]);
    expect(rightsIn(ann, key(2))).toEqual(["speak", "camera", "chat_hosts"]);
  });

  it("given or taken back, leave nothing behind", () => {
    const steps: RulesChange[] = [
      { person: { key: key(1), deny: ["speak"] } },
      { person: { key: key(1), grant: ["speak"] } },
    ];
    expect(steps.reduce(changed, some)).toEqual({ ...some, people: [] });
  });

  it("of all, end what was said of one", () => {
    const denied = changed(some, { person: { key: key(1), role: "panelist", deny: ["speak"] } });
    const all = changed(denied, { deny: ["speak"] });
    expect(all.rights).toEqual(["camera", "chat_hosts"]);
    expect(all.people).toEqual([{ key: key(1), role: "panelist", grant: [], deny: [] }]);
    expect(rightsIn(changed(all, { grant: ["speak"] }), key(1))).toContain("speak");
  });
});

describe("roles", () => {
  it("are what the rules say, or else what one came with", () => {
    const rules = changed(some, { person: { key: key(1), role: "host" } });
    expect(roleIn(rules, { key: key(1), role: "attendee" })).toBe("host");
    expect(roleIn(rules, { key: key(2), role: "presenter" })).toBe("presenter");
    expect(ruleOf(changed(rules, { locked: true }), key(1)).role).toBe("host");
  });
});

describe("rules on the wire", () => {
  const whole: Rules = {
    ...{ locked: true, lobby: false, membersAdd: true, rights: ["speak", "record"] },
    people: [
      { key: key(1), role: "attendee" },
      { key: key(2), role: "host", grant: ["share"], deny: ["speak", "record"] },
    ],
  };

  it("come back as they were, in whatever order people stand", () => {
    expect(readRules([rulesExtension(whole)])).toEqual(whole);
    const people = [...(whole.people ?? [])].reverse();
    expect(readRules([rulesExtension({ ...whole, people })])).toEqual(whole);
    expect(readRules([rulesExtension(open)])).toEqual(open);
  });

  const bytes = () => rulesExtension(whole).extensionData;
  it.each<[string, (data: Uint8Array) => Uint8Array]>([
    ["a flag nobody knows", (data) => data.fill(8, 0, 1)],
    ["a right nobody knows", (data) => data.fill(0xff, 1, 2)],
    ["a role nobody knows", (data) => data.fill(5, 35, 36)],
    ["a person of whom they say nothing", (data) => data.fill(0, 35, 40)],
    ["people in another order", (data) => data.fill(0xff, 3, 35)],
    ["a person twice", (data) => data.copyWithin(43, 3, 35)],
    ["half a person", (data) => data.subarray(0, -1)],
    ["no rights at all", (data) => data.subarray(0, 1)],
    ["nothing", () => new Uint8Array()],
    ["too many people", () => new Uint8Array(3 + 251 * 37)],
  ])("are refused with %s", (_, spoil) => {
    const extensionData = spoil(bytes());
    expect(readRules([{ extensionType: 0xff01, extensionData }])).toBeNull();
  });
});

/** cast is a meeting of its owner, another host and an attendee, any of whom may go wild. */
async function cast() {
  const meeting = await Meeting.start(some);
  const roles = { owner: "host", cohost: "host", ann: "attendee" } as const;
  const people = await Promise.all(
    Object.entries(roles).map(([id, role]) =>
      meeting.person(id, { role, claims: { owner: id === "owner" } }),
    ),
  );
  const commit = await meeting.commit("host", {}, people);
  const rogue = async (id: string) => {
    const person = meeting.people.get(id);
    if (!person) throw new Error(`${id} is missing`);
    return Rogue.enter(meeting.signer, person, commit);
  };
  const keys = Object.fromEntries(
    meeting
      .group("host")
      .members()
      .map((m) => [m.participant, m.key]),
  );
  return { meeting, keys, rogue };
}

describe("who may change rules", () => {
  type Keys = Readonly<Record<string, string>>;
  const roleOf =
    (one: string, role: Role) =>
    (keys: Keys): RulesChange => ({ person: { key: keys[one] ?? key(7), role } });
  type Row = [string, (keys: Keys) => RulesChange, readonly string[]];
  it.each<Row>([
    ["for the lock", () => ({ locked: true }), ["owner", "cohost"]],
    ["for everybody's rights", () => ({ grant: ["share"] }), ["owner", "cohost"]],
    ["for a role", roleOf("ann", "host"), ["owner", "cohost"]],
    ["for a host's role", roleOf("host", "attendee"), ["owner", "cohost"]],
    ["for the owner's role", roleOf("owner", "attendee"), ["owner"]],
    ["for the role of who is not here", roleOf("nobody", "host"), []],
    ["for nothing", () => ({}), ["owner", "cohost"]],
  ])("%s", async (_, change, may) => {
    for (const by of ["owner", "cohost", "ann"]) {
      const { meeting, keys, rogue } = await cast();
      const rules = changed(meeting.group("host").rules, change(keys));
      const commit = await (await rogue(by)).commit([extensions([rulesExtension(rules)])]);
      for (const [id, group] of meeting.groups) {
        if (id === by) continue;
        const followed = group.committed(committedOf(by, commit), new Set());
        if (may.includes(by)) await followed;
        else await expect(followed).rejects.toMatchObject({ refusal: "policy" });
      }
    }
  });

  it("lets no host remove the owner or another host, who are here", async () => {
    for (const [who, fine] of [
      ["owner", false],
      ["host", false],
      ["ann", true],
    ] as const) {
      const { meeting, rogue } = await cast();
      const commit = await (await rogue("cohost")).commit([remove(meeting.leaf(who))]);
      const { groups } = meeting;
      const followed = groups
        .get(who === "host" ? "owner" : "host")
        ?.committed(committedOf("cohost", commit), new Set());
      if (fine) await followed;
      else await expect(followed).rejects.toMatchObject({ refusal: "policy" });
    }
  });

  it("follows the role: a presenter sets rights, and nothing else", async () => {
    const { meeting, keys } = await cast();
    const ann = meeting.group("ann");
    const less = changed(ann.rules, { deny: ["speak"] });
    expect(ann.mayRule(less)).toBe(false);
    const presenter = roleOf("ann", "presenter")(keys);
    await meeting.commit("host", { rules: changed(ann.rules, presenter) });
    expect(ann.members().find((m) => m.participant === "ann")?.role).toBe("presenter");
    expect(ann.mayRule(changed(ann.rules, { deny: ["speak"] }))).toBe(true);
    expect(ann.mayRule(changed(ann.rules, { deny: ["speak"], locked: true }))).toBe(false);
    expect(ann.mayRule(changed(ann.rules, roleOf("ann", "host")(keys)))).toBe(false);
  });

  it("keeps what was said of who is away, so that going takes nothing back", async () => {
    const { meeting, keys } = await cast();
    const { cohost = "", ann = "" } = keys;
    const host = meeting.group("host");
    const said: RulesChange[] = [
      { person: { key: cohost, role: "attendee" } },
      { person: { key: ann, deny: ["speak"] } },
    ];
    await meeting.commit("host", { rules: said.reduce(changed, host.rules) });
    for (const id of ["cohost", "ann"]) meeting.gone.add(id);
    const leaves = ["cohost", "ann"].map((id) => meeting.leaf(id));
    await meeting.commit("host", { remove: leaves });
    await meeting.commit("host", { rules: changed(host.rules, { locked: true }) });
    expect(roleIn(host.rules, { key: cohost, role: "host" })).toBe("attendee");
    expect(rightsIn(host.rules, ann)).not.toContain("speak");
    // Nobody forgets a role for somebody who is no member, whoever commits it.
    const people = (host.rules.people ?? []).filter((one) => one.key !== cohost);
    expect(host.mayRule({ ...host.rules, people })).toBe(false);
    expect(meeting.group("owner").mayRule({ ...host.rules, people })).toBe(false);
  });

  it("ends where rules name as many people as they can, and what they say still changes", async () => {
    const { meeting, keys } = await cast();
    const host = meeting.group("host");
    const bytes = (n: number) => Buffer.alloc(32, n).toString("base64url");
    const people = Array.from({ length: 250 }, (_, n) => ({ key: bytes(n + 1), deny: ["speak"] }));
    const full = { ...host.rules, people } as Rules;
    expect(host.mayRule(full)).toBe(true);
    expect(host.mayRule(changed(full, { person: { key: keys.ann ?? "", deny: ["speak"] } }))).toBe(
      false,
    );
    const less = changed(full, { person: { key: bytes(1), grant: ["speak"] } });
    expect(less.people).toHaveLength(249);
    expect(host.mayRule(less)).toBe(true);
    expect(host.mayRule(changed(full, { deny: ["speak"] }))).toBe(true);
  });

  it("gives the owner the meeting back, and nobody else", async () => {
    const { meeting, keys } = await cast();
    const rules = meeting.group("host").rules;
    const away = [roleOf("ann", "host")(keys), roleOf("owner", "attendee")(keys)];
    await meeting.commit("owner", { rules: away.reduce(changed, rules) });
    const owner = meeting.group("owner");
    expect(owner.members().find((m) => m.participant === "owner")?.role).toBe("attendee");
    expect(owner.mayRule(changed(owner.rules, roleOf("owner", "host")(keys)))).toBe(true);
    const ann = meeting.group("ann");
    expect(ann.mayRule(changed(ann.rules, roleOf("owner", "host")(keys)))).toBe(false);
    await meeting.commit("ann", {}, [await meeting.person("bob")]);
    expect(meeting.group("bob").rules).toEqual(ann.rules);
  });
});
