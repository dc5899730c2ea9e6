import { describe, expect, it } from "vitest";
import { duty, type Situation, type Waiting } from "./duty";
import type { Member } from "./view";

const member = (leaf: number, role: Member["role"] = "attendee", key = `key ${leaf}`): Member => ({
  leaf,
  participant: `p${leaf}`,
  name: `Person ${leaf}`,
  org: "Site",
  role,
  guest: role !== "host",
  owner: false,
  key,
});

const knock = (participant: string, more: Partial<Waiting> = {}): Waiting => ({
  participant,
  name: participant,
  org: "Site",
  role: "attendee",
  guest: true,
  owner: false,
  key: `key of ${participant}`,
  door: "link",
  keyPackage: "AA",
  since: 1_000,
  admitted: false,
  ...more,
});

const host = member(0, "host");
const rules = { locked: false, lobby: false, membersAdd: false };

const situation = (more: Partial<Situation> = {}): Situation => {
  const members = more.members ?? [host, member(1), member(2)];
  return {
    self: 0,
    members,
    present: new Set(members.map(({ participant }) => participant)),
    left: new Map(),
    waiting: [],
    rules,
    knows: () => true,
    ...more,
  };
};

describe("who adds", () => {
  it("is the host, at once", () => {
    expect(duty(situation({ waiting: [knock("a")] }))).toMatchObject({ kind: "add", at: 1_000 });
  });

  it("is no member while a host is there", () => {
    expect(duty(situation({ self: 1, waiting: [knock("a")] }))).toBeNull();
  });

  it("is the second host three seconds later", () => {
    const members = [host, member(1, "host")];
    expect(duty(situation({ self: 1, members, waiting: [knock("a")] }))?.at).toBe(4_000);
  });

  it("is any member, in turn, for a host who comes back by the link, and not by the password", () => {
    const members = [member(1), member(2)];
    const back = knock("a", { role: "host" });
    expect(duty(situation({ self: 1, members, waiting: [back] }))?.at).toBe(1_000);
    expect(duty(situation({ self: 2, members, waiting: [back] }))?.at).toBe(4_000);
    const byNumber = knock("a", { role: "host", door: "password" });
    expect(duty(situation({ self: 1, members, waiting: [byNumber] }))).toBeNull();
    expect(duty(situation({ self: 1, members, waiting: [knock("a")] }))).toBeNull();
  });

  it("is nobody while locked, or before a host has said yes in the lobby", () => {
    const waiting = [knock("a")];
    expect(duty(situation({ waiting, rules: { ...rules, locked: true } }))).toBeNull();
    expect(duty(situation({ waiting, rules: { ...rules, lobby: true } }))).toBeNull();
    const yes = [knock("a", { admitted: true })];
    expect(duty(situation({ waiting: yes, rules: { ...rules, lobby: true } }))?.kind).toBe("add");
  });

  it("adds those of one door together, and 32 at most", () => {
    const many = Array.from({ length: 40 }, (_, i) => knock(`a${i}`));
    const found = duty(
      situation({ waiting: [knock("b", { door: "password", since: 2_000 }), ...many] }),
    );
    expect(found?.kind === "add" && found.people.map(({ door }) => door)).toEqual(
      Array(32).fill("link"),
    );
  });

  it("leaves out whose door it does not know the key of", () => {
    const knows = (door: string) => door === "password";
    expect(duty(situation({ waiting: [knock("a")], knows }))).toBeNull();
  });
});

describe("who left", () => {
  const left = (expelled = false) => new Map([["p2", { since: 1_000, expelled, lost: !expelled }]]);
  const present = new Set(["p0", "p1"]);

  it("is removed a little later, so that others who leave go with them", () => {
    const found = duty(situation({ left: left(), present }));
    expect(found).toMatchObject({ kind: "remove", at: 2_500, leaves: [{ leaf: 2 }] });
  });

  it("is removed at once when expelled, or when the same device is back", () => {
    expect(duty(situation({ left: left(true), present }))?.at).toBe(1_000);
    const waiting = [knock("p9", { key: "key 2" })];
    expect(duty(situation({ left: left(), present, waiting }))).toMatchObject({
      kind: "remove",
      at: 1_000,
    });
  });

  it("is removed by a member where no host is", () => {
    const members = [member(1), member(2)];
    const found = duty(situation({ self: 1, members, left: left(), present: new Set(["p1"]) }));
    expect(found?.kind).toBe("remove");
  });
});

describe("a device that comes back before its connection was noticed to be lost", () => {
  const waiting = [knock("p9", { key: "key 2" })];

  it("has its old place taken away by a host, and is added after that", () => {
    expect(duty(situation({ waiting }))).toMatchObject({ kind: "remove", leaves: [{ leaf: 2 }] });
    const members = [host, member(1)];
    expect(duty(situation({ members, waiting }))).toMatchObject({ kind: "add" });
  });

  it("is not taken for one when it was just added, and its knock is not over yet", () => {
    expect(duty(situation({ waiting: [knock("p2", { key: "key 2" })] }))).toBeNull();
  });

  it("waits for the server's word where only members are", () => {
    const members = [member(1), member(2)];
    expect(duty(situation({ self: 1, members, waiting }))).toBeNull();
  });
});

describe("a locked group", () => {
  const locked = { ...rules, locked: true };
  const gone = (lost: boolean, expelled = false) =>
    new Map([["p2", { since: 1_000, expelled, lost }]]);
  const present = new Set(["p0", "p1"]);
  const waiting = [knock("p9", { ...member(2), participant: "p9", since: 5_000 })];

  it("keeps the leaf of who lost their connection for a minute, and of nobody else", () => {
    const at = (left: Situation["left"]) => duty(situation({ left, present, rules: locked }))?.at;
    expect(at(gone(true))).toBe(61_000);
    expect(at(gone(false))).toBe(2_500);
    expect(at(gone(false, true))).toBe(1_000);
    const others = new Map([...gone(true), ["p1", { since: 2_000, expelled: false, lost: false }]]);
    const found = duty(situation({ left: others, present: new Set(["p0"]), rules: locked }));
    expect(found).toMatchObject({ kind: "remove", at: 3_500, leaves: [{ leaf: 1 }] });
    if (found?.kind === "remove") expect(found.leaves).toHaveLength(1);
  });

  it("swaps that leaf for the same person", () => {
    const found = duty(situation({ left: gone(true), present, waiting, rules: locked }));
    expect(found).toMatchObject({ kind: "swap", at: 5_000, leaf: { leaf: 2 } });
    const late = new Map([["p2", { since: -90_000, expelled: false, lost: true }]]);
    expect(duty(situation({ left: late, present, waiting, rules: locked }))?.kind).toBe("swap");
    // An old connection that has not been noticed to be lost.
    expect(duty(situation({ waiting, rules: locked }))?.kind).toBe("swap");
  });

  it("keeps it for who knocks and is not let in, for ten minutes after they left", () => {
    const unanswered = { left: gone(true), present, rules: { ...locked, lobby: true } };
    const until = { kind: "remove", at: 601_000, leaves: [{ leaf: 2 }] };
    expect(duty(situation({ ...unanswered, waiting }))).toMatchObject(until);
    // Knocking again makes it no longer, nor does the key of a door that nobody has.
    const again = waiting.map((one) => ({ ...one, since: 590_000 }));
    expect(duty(situation({ ...unanswered, waiting: again }))).toMatchObject(until);
    const closed = { left: gone(true), present, rules: locked, knows: () => false };
    expect(duty(situation({ ...closed, waiting }))).toMatchObject(until);
  });

  it("swaps it for nobody else, nor for who was expelled", () => {
    const kind = (left: Situation["left"], knocks: readonly Waiting[]) =>
      duty(situation({ left, present, waiting: knocks, rules: locked }))?.kind;
    expect(kind(gone(true), [knock("p9")])).toBe("remove");
    expect(kind(gone(true), [knock("p9", { ...waiting[0], name: "Another" })])).toBe("remove");
    expect(kind(gone(false, true), waiting)).toBe("remove");
    expect(kind(new Map(), [knock("p9")])).toBeUndefined();
  });

  it("asks in the lobby, and lets any member bring back a host where none is in", () => {
    const asked = { ...locked, lobby: true };
    const left = gone(true);
    expect(duty(situation({ left, present, waiting, rules: asked }))?.kind).not.toBe("swap");
    const yes = waiting.map((one) => ({ ...one, admitted: true }));
    expect(duty(situation({ left, present, waiting: yes, rules: asked }))?.kind).toBe("swap");
    const hostGone = new Map([["p0", { since: 1_000, expelled: false, lost: true }]]);
    const host9 = [knock("p9", { ...host, participant: "p9" })];
    const members = { self: 1, left: hostGone, present: new Set(["p1", "p2"]), rules: locked };
    expect(duty(situation({ ...members, waiting: host9 }))?.kind).toBe("swap");
    expect(duty(situation({ ...members, self: 2, waiting: host9 }))?.kind).toBe("swap");
    expect(duty(situation({ ...members, waiting: [] }))?.at).toBe(61_000);
  });
});
