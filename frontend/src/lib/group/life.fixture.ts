import { describe, expect, it } from "vitest";
import type { Group } from "./group";
import { Meeting } from "./rehearsal";

/** Lives is how many lives of groups a test runs, and how long and large each becomes. */
export interface Lives {
  readonly count: number;
  readonly steps: number;
  /** the most members of a group, by its seed */
  readonly sizes: readonly number[];
}

/** full: `npm run fuzz:group` takes all steps there are, and not a few of them. */
export const full = process.env.FUZZ === "full";
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);

/** mulberry32 is a generator of numbers from 0 to n - 1, the same for the same seed. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

class Life {
  readonly #meeting: Meeting;
  readonly #roll: (n: number) => number;
  readonly #most: number;
  #born = 0;

  constructor(meeting: Meeting, seed: number, most: number) {
    this.#meeting = meeting;
    this.#roll = dice(seed);
    this.#most = most;
  }

  async step(): Promise<string> {
    const size = this.#meeting.groups.size;
    const roll = this.#roll(100);
    if (size < 3 || (roll < 40 && size < this.#most))
      return this.#change(1 + this.#roll(3), 0, false);
    if (roll < 65) return this.#change(0, 1 + this.#roll(2), false);
    if (roll < 80) return this.#change(0, 0, false);
    if (roll < 90) return this.#change(1 + this.#roll(2), 1 + this.#roll(2), this.#roll(2) === 0);
    return this.#change(0, 0, true);
  }

  /** Anybody may do anything here: everybody is a host. */
  async #change(adds: number, removes: number, rule: boolean): Promise<string> {
    const meeting = this.#meeting;
    const members = [...meeting.groups.keys()];
    const by = this.#draw(members);
    const removed = Array.from({ length: removes }, () => this.#draw(members));
    const door = this.#roll(2) === 0 ? "link" : "password";
    const newcomers = [];
    for (let i = 0; i < adds; i++)
      newcomers.push(await meeting.person(`p${this.#born++}`, { role: "host", door }));
    for (const one of removed) meeting.gone.add(one); // they are hosts
    const out = removed.map((one) => ({ one, group: meeting.group(one) }));
    const remove = removed.map((one) => meeting.leaf(one));
    const rules = { locked: false, lobby: this.#roll(2) === 0, membersAdd: this.#roll(2) === 0 };
    await meeting.commit(by, { remove, ...(rule && { rules }) }, newcomers);
    for (const { one, group } of out) await this.#isOut(one, group);
    return `${by} adds ${adds}, removes ${removed}${rule ? ", sets rules" : ""}`;
  }

  /** Who was removed neither follows the next commit nor makes one, and keeps the old key. */
  async #isOut(one: string, group: Group): Promise<void> {
    const meeting = this.#meeting;
    await expect(group.commit({})).rejects.toThrow("out of the group");
    const [any = ""] = meeting.groups.keys();
    const key = await group.baseKey();
    const current = await meeting.group(any).baseKey();
    if (Buffer.from(key).equals(current)) throw new Error(`${one} has the key of the group`);
  }

  #draw(from: string[]): string {
    const [one = ""] = from.splice(this.#roll(from.length), 1);
    return one;
  }
}

async function live(seed: number, { steps, sizes }: Lives): Promise<number> {
  const meeting = await Meeting.start();
  const life = new Life(meeting, seed, sizes[seed % sizes.length] ?? 2);
  let largest = 0;
  for (let step = 0; step < steps; step++) {
    const what = await life.step().catch((cause: unknown) => {
      throw new Error(`seed ${seed}, step ${step}`, { cause });
    });
    const secrets = new Set(await meeting.secrets());
    if (secrets.size !== 1) throw new Error(`seed ${seed}, step ${step}: ${what}: parted`);
    largest = Math.max(largest, meeting.groups.size);
  }
  expect(meeting.group([...meeting.groups.keys()][0] ?? "").epoch).toBe(steps);
  return largest;
}

/** describeLives: members come to groups and leave them at random, each by its seed. */
export function describeLives(lives: Lives): void {
  describe("a group that members come to and leave at random", () => {
    const seeds = Array.from({ length: lives.count }, (_, i) => firstSeed + i);
    let largest = 0;
    it.each(seeds)("holds together, seed %i", { timeout: 600_000 }, async (seed) => {
      largest = Math.max(largest, await live(seed, lives));
    });
    it("grows as large as it may", { skip: !full }, () => {
      expect(largest).toBeGreaterThanOrEqual(Math.max(...lives.sizes));
    });
  });
}
