import { describe, expect, it } from "vitest";
import { toBase64url } from "../base64url";
import type { Command, Committed, Welcome } from "../wire.gen";
import type { Group } from "./group";
import { Membership } from "./membership";
import {
  committedOf,
  found,
  knockOf,
  Meeting,
  makePerson,
  makeSigner,
  open,
  type Person,
  type Signer,
} from "./rehearsal";
import type { RulesChange } from "./rules";
import type { GroupView } from "./view";

/** lone is the membership of a host alone in a group, with what it says. */
async function lone() {
  const signer = await makeSigner();
  const host = await makePerson(signer, "host", { role: "host" });
  return within(signer, await found(signer, host));
}

/** within is the membership of somebody who comes into a group now. */
async function within(signer: Signer, group: Group, beside: Partial<Welcome> = {}) {
  const commands: Command[] = [];
  const refused: string[] = [];
  const unruled: string[] = [];
  let view: GroupView | null = null;
  let told: () => void = () => {};
  const member = new Membership(async () => group, {
    view: (seen) => {
      view = seen;
      told();
    },
    epoch: () => {},
    command: (_, command) => {
      commands.push(command);
      told();
    },
    refused: (why) => {
      refused.push(why);
      told();
    },
    unruled: (code) => {
      unruled.push(code);
      told();
    },
  });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => (told = resolve));
  };
  const rules = { locked: false, lobby: false, membersAdd: false };
  const admitted = { group: "Z3JvdXAtMQ", leaf: 0, epoch: 0, rules };
  member.hear({ type: "admitted", data: admitted });
  const self = { id: "host", leaf: 0, role: "host", joined: 0, live: [] } as const;
  const room = { self: "host", session: "s", title: "t", started: 0, answer: "" };
  member.hear({
    type: "welcome",
    data: {
      ...room,
      participants: [{ ...self, hand: 0 }],
      gone: [],
      rules,
      forbidden: [],
      ...beside,
    },
  });
  /** take has the server take the commit of this number, the first being 1. */
  const take = async (count: number) => {
    await until(() => commits(commands).length >= count || refused.length > 0);
    const commit = commits(commands)[count - 1];
    if (!commit) throw new Error(`no commit ${count}: ${refused}`);
    const rules = commit.rules && { rules: commit.rules };
    member.hear({ type: "committed", data: { ...committedOf("host", commit), ...rules } });
    await until(() => view?.epoch === commit.epoch + 1);
    return commit;
  };
  /** has brings somebody in. */
  const has = async (person: Person) => {
    member.hear({ type: "knock", data: knockOf(person) });
    const leaf = (await take(1)).added?.[0]?.leaf ?? 0;
    const about = { id: person.participant, leaf, role: "attendee", joined: 0, live: [] } as const;
    member.hear({ type: "participant_joined", data: { participant: { ...about, hand: 0 } } });
    return leaf;
  };
  return { signer, member, commands, refused, unruled, until, take, has, seen: () => view };
}

const commits = (commands: readonly Command[]) =>
  commands.flatMap((one) => (one.type === "commit" ? [one.data] : []));

describe("a host whom people give trouble at the door", () => {
  it("adds one of two who knock with the same key, and goes on", async () => {
    const { signer, member, commands, refused, until } = await lone();
    const first = await makePerson(signer, "first");
    const second = await makePerson(signer, "second", { signature: first.signature });
    for (const one of [first, second]) member.hear({ type: "knock", data: knockOf(one) });
    await until(() => commits(commands).length > 0 || refused.length > 0);
    expect(refused).toEqual([]);
    const [commit] = commits(commands);
    expect(commit?.added?.map((a) => a.participant)).toEqual(["second"]);
    member.close();
  });

  it("does what it may of several changes, and leaves what has become impossible", async () => {
    const { member, commands, refused, unruled, until, seen } = await lone();
    member.setRules({ person: { key: "A".repeat(43), role: "presenter" } });
    member.setRules({ locked: true });
    await until(() => commits(commands).length > 0 || refused.length > 0);
    const [commit] = commits(commands);
    expect(commit?.rules).toMatchObject({ locked: true, people: [] });
    expect(unruled).toEqual(["forbidden"]);
    if (commit) {
      const event: Committed = {
        ...committedOf("host", commit),
        ...(commit.rules && { rules: commit.rules }),
      };
      member.hear({ type: "committed", data: event });
    }
    await until(() => seen()?.rules.locked === true);
    expect(unruled).toHaveLength(1);
    member.close();
  });

  it("says of each change that the server did not take, and of nothing else", async () => {
    const { member, commands, unruled, until } = await lone();
    for (const code of ["forbidden", "locked"]) {
      const before = commits(commands).length;
      member.setRules({ locked: true });
      await until(() => commits(commands).length > before);
      member.replied(before + 1, code);
      await until(() => unruled.at(-1) === code);
    }
    // A stale one is made again, and is no refusal.
    member.setRules({ locked: true });
    await until(() => commits(commands).length === 3);
    member.replied(3, "stale");
    await until(() => commits(commands).length === 4);
    expect(unruled).toEqual(["forbidden", "locked"]);
    member.close();
  });
});

describe("a host of a locked meeting", () => {
  it("lets in who was in and lost their connection, and nobody else who knocks", async () => {
    const { signer, member, take, has, seen } = await lone();
    const grace = await makePerson(signer, "grace");
    const leaf = await has(grace);
    member.setRules({ locked: true });
    await take(2);

    const left = { participant: "grace", reason: "connection_lost" } as const;
    member.hear({ type: "participant_left", data: left });
    const stranger = await makePerson(signer, "stranger");
    member.hear({ type: "knock", data: knockOf(stranger) });
    const { signature } = grace;
    const claims = { name: "Name of grace" };
    const again = await makePerson(signer, "grace.2", { signature, claims });
    member.hear({ type: "knock", data: knockOf(again) });
    const swap = await take(3);
    expect(swap.removed).toEqual(["grace"]);
    expect(swap.added).toEqual([{ participant: "grace.2", leaf }]);
    expect(seen()?.knockers.map((k) => k.participant)).toEqual(["stranger"]);
    expect(seen()?.rules.locked).toBe(true);
    member.close();
  });
});

describe("who was expelled by this host", () => {
  /** A host expels grace, or not for long; then grace is lost, as the server says, and knocks again. */
  async function expelling(spared: boolean, rules: RulesChange) {
    const here = await lone();
    const { signer, member, take, has, until, seen } = here;
    const grace = await makePerson(signer, "grace");
    await has(grace);
    member.setRules(rules);
    await take(2);
    const key = toBase64url(grace.signature.public);
    member.expel(key, true);
    if (spared) member.expel(key, false);
    const left = { participant: "grace", reason: "connection_lost" } as const;
    member.hear({ type: "participant_left", data: left });
    const claims = { name: "Name of grace" };
    const again = await makePerson(signer, "grace.2", { signature: grace.signature, claims });
    member.hear({ type: "knock", data: knockOf(again) });
    member.admit(["grace.2"]);
    const third = await take(3);
    member.hear({ type: "knock", data: knockOf(await makePerson(signer, "bob")) });
    await until(() => seen()?.knockers.some((k) => k.participant === "bob") ?? false);
    member.close();
    return { ...here, third, knockers: seen()?.knockers.map((k) => k.participant) };
  }

  it.each<RulesChange>([{ lobby: true }, { lobby: true, locked: true }])(
    "is removed at once and not let in again, though the server says that they were lost: %j",
    async (rules) => {
      const { third, knockers, refused } = await expelling(false, rules);
      expect(third.removed).toEqual(["grace"]);
      expect(third.added).toBeUndefined();
      expect(knockers).toEqual(["bob"]);
      expect(refused).toEqual([]);
    },
  );

  it("is a member as before when the server would not", async () => {
    const { third } = await expelling(true, { lobby: true, locked: true });
    expect(third.removed).toEqual(["grace"]);
    expect(third.added?.map((a) => a.participant)).toEqual(["grace.2"]);
  });

  it("is no other host", async () => {
    const { signer, member, has, take, refused, seen } = await lone();
    const cohost = await makePerson(signer, "cohost", { role: "host" });
    await has(cohost);
    member.expel(toBase64url(cohost.signature.public), true);
    member.setRules({ locked: true });
    expect((await take(2)).removed).toBeUndefined();
    expect(seen()?.members).toHaveLength(2);
    expect(refused).toEqual([]);
    member.close();
  });
});

describe("who comes into a locked group", () => {
  it("keeps the leaves of those who were lost, and not of others who are gone", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("grace", "nils");
    await meeting.commit("host", { rules: { ...open, locked: true } });
    const gone = { gone: ["grace", "nils"], lost: ["grace"] };
    const { commands, member, until } = await within(meeting.signer, meeting.group("host"), gone);
    await until(() => commits(commands).length > 0);
    expect(commits(commands)[0]?.removed).toEqual(["nils"]);
    member.close();
  });
});
