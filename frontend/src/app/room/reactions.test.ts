import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signOf, signs } from "../../model/reactions";
import { nobody, type Person } from "../../model/room";
import { talk } from "../../text/talk";
import { Reactions } from "./reactions";

const people = ["me", "ada", "bo"].map(
  (id): Person => ({
    ...{ id, name: `${id}'s name`, role: "panelist", org: "Acme", guest: true, owner: false },
    ...{ key: id, leaf: 0, joined: 0, live: [] },
  }),
);

function stage(sent = true, of = people) {
  const announced: string[] = [];
  const gave: number[] = [];
  const reactions = new Reactions({
    send: async (sign) => {
      gave.push(sign);
      return sent;
    },
    state: () => ({ ...nobody, self: "me", people: of }),
    announce: (text) => announced.push(text),
  });
  const shown = (id: string) => signOf(reactions.shown.value, id);
  return { reactions, announced, gave, shown };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("reactions", () => {
  it("have a name each", () => {
    expect(talk.signs).toHaveLength(signs.length);
  });

  it("are shown for some seconds, the newest of each person", () => {
    const { reactions, shown } = stage();
    reactions.hear({ from: "ada", sign: 0 });
    vi.advanceTimersByTime(1_000);
    reactions.hear({ from: "bo", sign: 1 });
    reactions.hear({ from: "ada", sign: 3 });
    expect([shown("ada"), shown("bo"), shown("me")]).toEqual(["👏", "❤️", ""]);
    vi.advanceTimersByTime(3_999);
    expect([shown("ada"), shown("bo")]).toEqual(["👏", "❤️"]);
    vi.advanceTimersByTime(1);
    expect([shown("ada"), shown("bo")]).toEqual(["", ""]);
    expect(vi.getTimerCount()).toBeLessThan(2);
  });

  it("that nobody knows are ignored, and those that come too fast", () => {
    const { reactions, announced, shown } = stage();
    for (const sign of [5, 255, -1, 1.5]) reactions.hear({ from: "ada", sign });
    expect([shown("ada"), announced.length]).toEqual(["", 0]);
    reactions.hear({ from: "ada", sign: 0 });
    vi.advanceTimersByTime(499);
    reactions.hear({ from: "ada", sign: 1 });
    expect(shown("ada")).toBe("👍");
    vi.advanceTimersByTime(1);
    reactions.hear({ from: "ada", sign: 1 });
    expect(shown("ada")).toBe("❤️");
  });

  it("are said at once, and then what came meanwhile in one sentence, but never one's own", async () => {
    const { reactions, announced } = stage();
    reactions.hear({ from: "ada", sign: 3 });
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(150);
      reactions.hear({ from: i % 2 === 0 ? "ada" : "bo", sign: i % 5 });
    }
    expect(announced).toEqual(["ada's name: Applause"]);
    vi.advanceTimersByTime(4_000);
    expect(announced).toEqual(["ada's name: Applause", "2 people reacted"]);
    vi.advanceTimersByTime(60_000);
    await reactions.give(0);
    reactions.hear({ from: "stranger", sign: 0 });
    vi.advanceTimersByTime(60_000);
    expect(announced).toHaveLength(2);
  });

  it("of one's own are shown when they are on their way, and no faster than others'", async () => {
    const { reactions, gave, shown } = stage();
    expect(await reactions.give(4)).toBe(true);
    expect(shown("me")).toBe("🎉");
    expect(await reactions.give(0)).toBe(true);
    expect(gave).toEqual([4]);
    const lost = stage(false);
    expect(await lost.reactions.give(4)).toBe(false);
    expect(lost.shown("me")).toBe("");
  });

  it("are not said of whom this person is not to see", () => {
    const attendees = people.map((one): Person => ({ ...one, role: "attendee" }));
    const { reactions, announced } = stage(true, attendees);
    reactions.hear({ from: "ada", sign: 0 });
    vi.advanceTimersByTime(10_000);
    expect(announced).toEqual([]);
  });

  it("leave nothing behind", () => {
    const { reactions, announced, shown } = stage();
    reactions.hear({ from: "ada", sign: 0 });
    reactions.hear({ from: "bo", sign: 0 });
    reactions.close();
    expect([shown("ada"), vi.getTimerCount()]).toEqual(["", 0]);
    vi.advanceTimersByTime(60_000);
    expect(announced).toHaveLength(1);
  });
});
