import { describe, expect, it } from "vitest";
import type { Commit } from "../wire.gen";
import type { Wish } from "./group";
import { committedOf, enter, knockOf, Meeting, type Person } from "./rehearsal";

interface Racer {
  readonly by: string;
  readonly newcomers: readonly Person[];
  /** what is still wanted of the group as it stands now */
  wish(): Wish;
}

/** Two to four members want something in the same epoch, each round something else. */
async function racers(meeting: Meeting, round: number): Promise<Racer[]> {
  const adding = async (by: string, name: string): Promise<Racer> => {
    const newcomers = [await meeting.person(name, { role: "host" })];
    return { by, newcomers, wish: () => ({ add: newcomers.map(knockOf) }) };
  };
  const list: Racer[] = [
    await adding("host", `guest${round}`),
    { by: "ann", newcomers: [], wish: () => ({}) },
  ];
  if (round % 2 === 0) list.push(await adding("bob", `other${round}`));
  if (round > 0 && round % 3 === 0)
    list.push({
      by: "dan",
      newcomers: [],
      wish: () => {
        meeting.gone.add(`guest${round - 1}`);
        return { remove: [meeting.leaf(`guest${round - 1}`)] };
      },
    });
  return list;
}

describe("members who commit in the same epoch", () => {
  it("converge, fifty times: one wins, the others follow and try again", {
    timeout: 60_000,
  }, async () => {
    const meeting = await Meeting.start();
    const people = ["ann", "bob", "dan"].map((id) => meeting.person(id, { role: "host" }));
    await meeting.commit("host", {}, await Promise.all(people));
    for (let round = 0; round < 50; round++) {
      let waiting = await racers(meeting, round);
      expect(waiting.length).toBeGreaterThan(1);
      while (waiting.length > 0) {
        const commits = await Promise.all(
          waiting.map(({ by, wish }) => meeting.group(by).commit(wish(), meeting.gone)),
        );
        const taken = round % waiting.length;
        const winner = waiting[taken];
        const commit = commits[taken];
        if (!winner || !commit) throw new Error("nobody committed");
        await meeting.spread(winner.by, commit, winner.newcomers);
        waiting = waiting.filter((one) => one !== winner);
        expect(new Set(await meeting.secrets()).size).toBe(1);
      }
      await shrink(meeting);
    }
    expect(meeting.group("ann").epoch).toBeGreaterThan(150);
  });
});

/** The group stays small, so that fifty rounds take seconds. */
async function shrink(meeting: Meeting): Promise<void> {
  const guests = [...meeting.groups.keys()].slice(4, -1);
  for (const guest of guests) meeting.gone.add(guest);
  if (guests.length > 3)
    await meeting.commit("host", { remove: guests.map((id) => meeting.leaf(id)) });
}

describe("a commit", () => {
  async function made(): Promise<{ meeting: Meeting; commit: Commit }> {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob");
    return { meeting, commit: await meeting.group("host").commit({}) };
  }

  it("changes nothing until the server has taken it", async () => {
    const { meeting, commit } = await made();
    const host = meeting.group("host");
    expect(host.epoch).toBe(1);
    const ann = meeting.group("ann");
    expect(await host.baseKey()).toEqual(await ann.baseKey());
    await host.committed(committedOf("host", commit), new Set());
    expect(host.epoch).toBe(2);
    expect(await host.baseKey()).not.toEqual(await ann.baseKey());
  });

  it("keeps the next from being made, until it was taken or withdrawn", async () => {
    const { meeting } = await made();
    const host = meeting.group("host");
    await expect(host.commit({})).rejects.toThrow("still waiting");
    await host.withdraw();
    await meeting.spread("host", await host.commit({}));
    expect(new Set(await meeting.secrets()).size).toBe(1);
  });

  it("is not our own because the server says so", async () => {
    const { meeting } = await made();
    const other = await meeting.group("ann").commit({});
    await meeting.spread("host", other);
    expect(new Set(await meeting.secrets()).size).toBe(1);
    expect(meeting.group("host").epoch).toBe(2);
  });

  it("that was followed before changes nothing, so that a newcomer can catch up", async () => {
    const meeting = await Meeting.start();
    const late = await meeting.person("late");
    const first = await meeting.group("host").commit({ add: [knockOf(late)] });
    await meeting.spread("host", first);
    const log = [first, await meeting.admit("ann"), await meeting.commit("ann", {})];
    log.push(await meeting.commit("host", { remove: [meeting.leaf("ann")] }));

    const group = await enter(meeting.signer, late, first);
    for (const commit of [...log, ...log])
      await group.committed(committedOf("x", commit), new Set(commit.removed));
    expect(group.epoch).toBe(4);
    expect(await group.baseKey()).toEqual(await meeting.group("host").baseKey());
  });
});
