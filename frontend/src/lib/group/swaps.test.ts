import { describe, expect, it } from "vitest";
import { toBase64url } from "../base64url";
import type { Commit } from "../wire.gen";
import type { Credential } from "./credential";
import { makeSignatureKeys } from "./keys";
import { allows } from "./policy";
import { knockOf, type Meeting, open, type Person, psks } from "./rehearsal";
import { add, psk, remove } from "./rogue";
import { Roster } from "./roster";
import { type Row, refuse, type Scene, scene } from "./scene.fixture";

/** annAgain is ann with the browser she had, the site saying more of her than before. */
function annAgain(meeting: Meeting, claims: object): Promise<Person> {
  const signature = meeting.people.get("ann")?.signature;
  return meeting.person("ann.2", {
    ...(signature && { signature }),
    claims: { name: "Name of ann", ...claims },
  });
}

/** evilSwap puts ann at the place of ann. */
async function evilSwap({ meeting, evil }: Scene, claims: object): Promise<Commit> {
  const again = await annAgain(meeting, claims);
  return evil.commit([remove(meeting.leaf("ann")), add(again), psk("link")], psks, [again]);
}

/** forged is ann to all appearance, with a key package that another has signed. */
async function forged(meeting: Meeting): Promise<Person> {
  const { secret } = await makeSignatureKeys();
  const key = meeting.people.get("ann")?.signature.public ?? new Uint8Array();
  const claims = { name: "Name of ann" };
  return meeting.person("ann.2", { signature: { secret, public: key }, claims });
}

const locked = { ...open, locked: true };

const rows: readonly Row[] = [
  [
    "a swap while locked for another key of the same name",
    "policy",
    async ({ meeting, evil }) => {
      const claims = { name: "Name of ann" };
      const other = await meeting.person("ann.2", { claims });
      return evil.commit([remove(meeting.leaf("ann")), add(other), psk("link")]);
    },
    locked,
  ],
  [
    "a swap while locked for the same key of another name",
    "policy",
    async (here) => evilSwap(here, { name: "Name of mal" }),
    locked,
  ],
  [
    "a swap while locked for the same key in another role",
    "policy",
    async (here) => evilSwap(here, { role: "host" }),
    locked,
  ],
  [
    "a swap while locked with somebody beside",
    "policy",
    async ({ meeting, evil, newcomer }) => {
      const again = await annAgain(meeting, {});
      return evil.commit([remove(meeting.leaf("ann")), add(again), add(newcomer), psk("link")]);
    },
    locked,
  ],
  [
    "a swap while locked of who was expelled",
    "policy",
    async (here) => {
      const { meeting } = here;
      const key = toBase64url(meeting.people.get("ann")?.signature.public ?? new Uint8Array());
      for (const group of meeting.groups.values()) group.expelled(key);
      return evilSwap(here, {});
    },
    locked,
  ],
  [
    "a swap while locked without a pre-shared key",
    "policy",
    async ({ meeting, evil }) => {
      const again = await annAgain(meeting, {});
      return evil.commit([remove(meeting.leaf("ann")), add(again)]);
    },
    locked,
  ],
  [
    "a swap while locked by another than a host",
    "policy",
    async ({ meeting, mal }) => {
      meeting.gone.add("ann");
      const again = await annAgain(meeting, {});
      return mal.commit([remove(meeting.leaf("ann")), add(again), psk("link")]);
    },
    locked,
  ],
  [
    "a swap while locked whose key package another has signed",
    "broken",
    async ({ meeting, evil }) => {
      const other = await forged(meeting);
      return evil.commit([remove(meeting.leaf("ann")), add(other), psk("link")]);
    },
    locked,
  ],
];

describe("every member refuses, and the group goes on without it,", () => {
  for (const [what, refusal, make, rules] of rows)
    it(what, async () => {
      const here = await scene(rules);
      await refuse(here.meeting, await make(here), refusal);
    });

  it("a swap while locked not, when it is the same person by the same key", async () => {
    const here = await scene(locked);
    const { meeting, evil } = here;
    const again = await annAgain(meeting, {});
    const swap = [remove(meeting.leaf("ann")), add(again), psk("link")];
    const commit = await evil.commit(swap, psks, [again]);
    meeting.groups.delete("evil"); // whose group did not make it
    await meeting.spread("evil", { ...commit, removed: ["ann"] }, [again]);
    expect(new Set(await meeting.secrets()).size).toBe(1);
    expect(
      meeting
        .group("ann.2")
        .members()
        .map((m) => m.participant),
    ).toContain("ann.2");
    expect([...meeting.groups.keys()]).not.toContain("ann");
  });

  it("to see who knocks with a key package that another has signed", async () => {
    const { meeting } = await scene(locked);
    const host = meeting.group("host");
    expect(await host.verifyKnock(knockOf(await forged(meeting)))).toBeNull();
    const again = knockOf(await annAgain(meeting, {}));
    expect(await host.verifyKnock(again)).toMatchObject({ participant: "ann.2" });
  });
});

describe("the policy of a locked group", () => {
  const who = (participant: string): Credential => ({
    ...{ participant, name: "Name of ann", org: "Example", role: "attendee", guest: true },
    ...{ owner: false, key: "key of ann", jws: participant, seal: new Uint8Array(32), expires: 0 },
  });
  const host: Credential = { ...who("host"), name: "Host", role: "host", key: "key of host" };
  const roster = new Roster(
    new Map([
      [0, host],
      [1, who("ann")],
    ]),
  );
  const standing = { roster, rules: locked, gone: new Set(["ann"]), expelled: new Set<string>() };
  const swap = { by: 0, doors: ["link"], remove: [1], rules: null, renewed: null } as const;

  // The library refuses to make such a commit, so it is shown to the policy alone.
  it("gives one place to one person", () => {
    expect(allows(standing, { ...swap, add: [who("ann.2")] })).toBe(true);
    expect(allows(standing, { ...swap, add: [who("ann.2"), who("ann.3")] })).toBe(false);
  });
});
