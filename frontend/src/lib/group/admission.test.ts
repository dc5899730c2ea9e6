import { signKeyPackage } from "ts-mls/keyPackage.js";
import { signLeafNodeKeyPackage } from "ts-mls/leafNode.js";
import { encodeMlsMessage } from "ts-mls/message.js";
import { describe, expect, it } from "vitest";
import { toBase64url } from "../base64url";
import type { Role } from "../wire.gen";
import { Group } from "./group";
import { Refused } from "./refused";
import {
  found,
  groupId,
  knockOf,
  Meeting,
  makePerson,
  makeSigner,
  open,
  type Person,
  psks,
} from "./rehearsal";
import { add, psk, Rogue } from "./rogue";

async function agree(meeting: Meeting): Promise<void> {
  expect(new Set(await meeting.secrets()).size).toBe(1);
}

describe("a group is founded", () => {
  it("by a host alone", async () => {
    const signer = await makeSigner();
    const host = await found(signer, await makePerson(signer, "h", { role: "host" }));
    expect([host.epoch, host.self, host.id]).toEqual([0, 0, groupId]);
    expect(host.members()).toMatchObject([{ participant: "h", role: "host", leaf: 0 }]);
    const guest = makePerson(signer, "g", { role: "presenter" });
    await expect(found(signer, await guest)).rejects.toMatchObject({ refusal: "policy" });
  });

  it("with the keys that the host knows, and no others are ever used", async () => {
    const signer = await makeSigner();
    const host = await makePerson(signer, "h", { role: "host" });
    const group = await Group.found({
      id: groupId,
      keys: host.keys,
      psks: { link: psks.link },
      rules: open,
      site: signer.site,
    });
    expect([group.knows("link"), group.knows("password")]).toEqual([true, false]);
    const late = await makePerson(signer, "late", { door: "password" });
    await expect(group.commit({ add: [knockOf(late)] })).rejects.toMatchObject({
      refusal: "broken",
    });
    const friend = await makePerson(signer, "friend");
    expect((await group.commit({ add: [knockOf(friend)] })).added).toEqual([
      { participant: "friend", leaf: 1 },
    ]);
  });
});

describe("who may add", () => {
  /** A meeting of host, ann and bob, from which the host is gone. */
  async function hostless(rules = open): Promise<Meeting> {
    const meeting = await Meeting.start(rules);
    await meeting.admit("ann", "bob");
    meeting.gone.add("host");
    meeting.groups.delete("host");
    return meeting;
  }

  const returns = (meeting: Meeting) => {
    const signature = meeting.people.get("host")?.signature;
    return meeting.person("host again", { role: "host", ...(signature && { signature }) });
  };

  it("is any member where no host is in and a host comes by the link", async () => {
    const meeting = await hostless();
    const host = await returns(meeting);
    await meeting.commit("ann", { remove: [meeting.leaf("host")] }, [host]);
    await agree(meeting);
    expect([...meeting.groups.keys()]).toEqual(["ann", "bob", "host again"]);
    await meeting.commit("host again", {}, [await meeting.person("dan")]);
    await agree(meeting);
  });

  it("is so too in two commits, the first of which removes the host that is gone", async () => {
    const meeting = await hostless();
    const host = await returns(meeting);
    const key = toBase64url(host.signature.public);
    expect(meeting.group("bob").leafOfKey(key)).toBe(0);
    await meeting.commit("ann", { remove: [0] });
    expect(meeting.group("bob").leafOfKey(key)).toBeUndefined();
    await meeting.commit("ann", {}, [host]);
    await agree(meeting);
  });

  it.each<[string, Role, "link" | "password", boolean]>([
    ["who is no host", "presenter", "link", true],
    ["who comes by the number", "host", "password", true],
    ["while a host is in", "host", "link", false],
  ])("is not any member for somebody %s", async (_, role, door, gone) => {
    const meeting = await hostless();
    if (!gone) meeting.gone.clear();
    const person = await meeting.person("host too", { role, door });
    const commit = meeting.group("ann").commit({ add: [knockOf(person)] }, meeting.gone);
    await expect(commit).rejects.toMatchObject({ refusal: "policy" });
    await meeting.commit("ann", {});
    await agree(meeting);
  });

  it("is a member when the rules say so", async () => {
    const meeting = await hostless({ ...open, membersAdd: true });
    await meeting.commit("ann", {}, [await meeting.person("dan", { door: "password" })]);
    await agree(meeting);
  });

  it("is nobody while the meeting is locked, for a host who comes back either", async () => {
    const meeting = await Meeting.start({ ...open, membersAdd: true });
    await meeting.admit("ann");
    await meeting.commit("host", { rules: { ...open, membersAdd: true, locked: true } });
    meeting.gone.add("host");
    meeting.groups.delete("host");
    for (const role of ["host", "attendee"] as const) {
      const person = await meeting.person("late", { role });
      const commit = meeting.group("ann").commit({ add: [knockOf(person)] }, meeting.gone);
      await expect(commit).rejects.toMatchObject({ refusal: "policy" });
    }
  });
});

describe("a locked meeting", () => {
  /** A locked meeting of host, ann and bob. */
  async function shut(more = {}): Promise<Meeting> {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob");
    await meeting.commit("host", { rules: { ...open, ...more, locked: true } });
    return meeting;
  }

  /** again is somebody with the browser and the name they had. */
  function again(meeting: Meeting, id: string, claims: object = {}): Promise<Person> {
    const before = meeting.people.get(id);
    if (!before) throw new Error(`${id} was never in`);
    const { role, signature } = before;
    return meeting.person(`${id}.2`, {
      role,
      signature,
      claims: { name: `Name of ${id}`, ...claims },
    });
  }

  function lose(meeting: Meeting, id: string): number {
    const leaf = meeting.leaf(id);
    meeting.gone.add(id);
    meeting.groups.delete(id);
    return leaf;
  }

  it("has who was in back at their leaf, by one commit", async () => {
    const meeting = await shut();
    const remove = [lose(meeting, "ann")];
    await meeting.commit("host", { remove }, [await again(meeting, "ann")]);
    await agree(meeting);
    expect([...meeting.groups.keys()]).toEqual(["host", "bob", "ann.2"]);
    expect(meeting.group("ann.2").self).toBe(remove[0]);
    expect(meeting.group("ann.2").rules.locked).toBe(true);
  });

  it("has a host back by any member where none is in", async () => {
    const meeting = await shut();
    const remove = [lose(meeting, "host")];
    await meeting.commit("ann", { remove }, [await again(meeting, "host")]);
    await agree(meeting);
    await meeting.commit("host.2", { rules: open });
    await meeting.commit("host.2", {}, [await meeting.person("dan")]);
    await agree(meeting);
  });

  it.each<[string, (meeting: Meeting) => Promise<Person>]>([
    ["another key", (m) => m.person("ann.2", { claims: { name: "Name of ann" } })],
    ["another name", (m) => again(m, "ann", { name: "Name of bob" })],
    ["another role", (m) => again(m, "ann", { role: "presenter" })],
    ["the key of somebody who stays", (m) => again(m, "bob")],
    ["the owner, who was not", (m) => again(m, "ann", { owner: true })],
  ])("has nobody else in that place: %s", async (_, who) => {
    const meeting = await shut({ membersAdd: true });
    const leaf = lose(meeting, "ann");
    const add = [knockOf(await who(meeting))];
    const commit = meeting.group("host").commit({ remove: [leaf], add }, meeting.gone);
    await expect(commit).rejects.toBeInstanceOf(Refused);
    await meeting.commit("host", {});
    await agree(meeting);
  });

  it("has nobody back whose leaf was removed before, nor who was expelled", async () => {
    const meeting = await shut();
    const ann = lose(meeting, "ann");
    const bob = lose(meeting, "bob");
    const host = meeting.group("host");
    await meeting.commit("host", { remove: [ann] });
    const late = host.commit({ add: [knockOf(await again(meeting, "ann"))] }, meeting.gone);
    await expect(late).rejects.toMatchObject({ refusal: "policy" });
    const expelled = await again(meeting, "bob");
    host.expelled(toBase64url(expelled.signature.public));
    const wish = { remove: [bob], add: [knockOf(expelled)] };
    await expect(host.commit(wish, meeting.gone)).rejects.toMatchObject({ refusal: "policy" });
  });
});

describe("who may remove", () => {
  it("is a member, of somebody who is gone", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob");
    const leaf = meeting.leaf("bob");
    const early = meeting.group("ann").commit({ remove: [leaf] });
    await expect(early).rejects.toMatchObject({ refusal: "policy" });
    meeting.gone.add("bob");
    const commit = await meeting.commit("ann", { remove: [leaf] });
    expect(commit.removed).toEqual(["bob"]);
    await agree(meeting);
  });

  it("tells who came and who went", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob");
    const dan = await meeting.person("dan");
    const commit = await meeting
      .group("host")
      .commit({ add: [knockOf(dan)], remove: [meeting.leaf("ann")] });
    const event = { by: "host", epoch: commit.epoch + 1, commit: commit.commit };
    for (const id of ["host", "bob"]) {
      const outcome = await meeting.group(id).committed(event, new Set());
      expect(outcome).toMatchObject({
        added: [{ participant: "dan", leaf: 1 }],
        removed: [{ participant: "ann", leaf: 1 }],
        out: false,
      });
    }
    expect(await meeting.group("ann").committed(event, new Set())).toMatchObject({
      removed: [{ participant: "ann" }],
      out: true,
    });
  });
});

describe("a knock", () => {
  it("is verified, and says who waits", async () => {
    const meeting = await Meeting.start();
    const person = await meeting.person("ann", { door: "password" });
    const knocker = await meeting.group("host").verifyKnock(knockOf(person));
    expect(knocker).toMatchObject({ participant: "ann", role: "attendee", door: "password" });
    expect(knocker?.key).toBe(toBase64url(person.signature.public));
  });

  it.each<[string, (meeting: Meeting, person: Person) => Promise<object>]>([
    ["of somebody else", async () => ({ participant: "bob" })],
    ["that is no message", async () => ({ keyPackage: "AAAA" })],
    ["with something behind it", async (_, { keys }) => ({ keyPackage: `${keys.keyPackage}AAAA` })],
    [
      "with an init key that somebody put there",
      async (_, { keys: { publicPackage } }) => ({
        keyPackage: packed({ ...publicPackage, initKey: new Uint8Array(32).fill(5) }),
      }),
    ],
    [
      "with a leaf that somebody changed",
      async ({ signer }, { signature, keys: { publicPackage } }) => {
        const leafNode = { ...publicPackage.leafNode, hpkePublicKey: new Uint8Array(32).fill(5) };
        const changed = await signKeyPackage(
          { ...publicPackage, leafNode },
          signature.secret,
          signer.suite.signature,
        );
        return { keyPackage: packed(changed) };
      },
    ],
    [
      "of an expired credential",
      async (meeting) => {
        const late = await meeting.person("ann", { claims: { iat: 1, exp: 2 } });
        return { keyPackage: late.keys.keyPackage };
      },
    ],
    [
      "of who was expelled",
      async (meeting, { signature }) => {
        meeting.group("host").expelled(toBase64url(signature.public));
        return {};
      },
    ],
  ])("is nobody's %s", async (_, change) => {
    const meeting = await Meeting.start();
    const person = await meeting.person("ann");
    const host = meeting.group("host");
    expect(await host.verifyKnock(knockOf(person))).not.toBeNull();
    const knock = { ...knockOf(person), ...(await change(meeting, person)) };
    expect(await host.verifyKnock(knock)).toBeNull();
    await expect(host.commit({ add: [knock] })).rejects.toMatchObject({ refusal: "policy" });
  });
});

function packed(keyPackage: Person["keys"]["publicPackage"]): string {
  return toBase64url(
    encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage }),
  );
}

describe("a key", () => {
  /** copycat is somebody whose leaf has the encryption key of another leaf. */
  async function copycat(meeting: Meeting, of: Person): Promise<Person> {
    const person = await meeting.person("copycat");
    const { suite } = meeting.signer;
    const { secret } = person.signature;
    const { publicPackage, privatePackage } = person.keys;
    const { hpkePublicKey } = of.keys.publicPackage.leafNode;
    const tbs = { ...publicPackage.leafNode, hpkePublicKey };
    const leafNode = await signLeafNodeKeyPackage(tbs, secret, suite.signature);
    const signed = await signKeyPackage({ ...publicPackage, leafNode }, secret, suite.signature);
    return {
      ...person,
      keys: { keyPackage: packed(signed), publicPackage: signed, privatePackage },
    };
  }

  it("is in a group once: nobody comes in with that of another", async () => {
    const meeting = await Meeting.start();
    const [ann, evil] = [
      await meeting.person("ann"),
      await meeting.person("evil", { role: "host" }),
    ];
    const first = await meeting.commit("host", {}, [ann, evil]);
    const cat = await copycat(meeting, ann);
    const own = meeting.group("host").commit({ add: [knockOf(cat)] });
    await expect(own).rejects.toMatchObject({ refusal: "broken" });
    const rogue = await Rogue.enter(meeting.signer, evil, first);
    const { commit } = await rogue.commit([add(cat), psk("link")]);
    for (const group of meeting.groups.values()) {
      const followed = group.committed({ by: "evil", epoch: 2, commit }, new Set());
      await expect(followed).rejects.toMatchObject({ refusal: "broken" });
    }
    await meeting.commit("host", {});
    await agree(meeting);
  });

  it("of a browser that comes back is freed by removing it first, or at once", async () => {
    const meeting = await Meeting.start();
    const ann = await meeting.person("ann");
    await meeting.commit("host", {}, [ann]);
    const again = await meeting.person("ann again", { signature: ann.signature });
    const twice = meeting.group("host").commit({ add: [knockOf(again)] });
    await expect(twice).rejects.toMatchObject({ refusal: "broken" });
    await meeting.commit("host", { remove: [meeting.leaf("ann")] }, [again]);
    await agree(meeting);
  });
});
