import { beforeEach, describe, expect, it } from "vitest";
import { toBase64url } from "../base64url";
import type { Right } from "../policy.gen";
import type { Bytes } from "../sframe/bytes";
import type { Rules } from "../wire.gen";
import type { Group } from "./group";
import type { Opened } from "./messages";
import { Post } from "./post";
import { Meeting, open } from "./rehearsal";
import type { To } from "./view";

const everything: readonly Right[] = ["chat_everyone", "chat_presenters", "chat_hosts"];
const people = ["host", "pia", "pan", "ann", "bob"] as const;
type Name = (typeof people)[number];

/** Desk is a meeting of a host, a presenter, a panelist and two attendees, who write to each other. */
class Desk {
  readonly meeting: Meeting;
  readonly #posts = new Map<string, Post>();

  private constructor(meeting: Meeting) {
    this.meeting = meeting;
  }

  static async open(): Promise<Desk> {
    const desk = new Desk(await Meeting.start());
    await desk.meeting.admit("pia", "pan", "ann", "bob");
    await desk.rule(everything);
    return desk;
  }

  /** rule gives all attendees these rights and nobody any other; everybody follows. */
  async rule(rights: readonly Right[], more: Partial<Rules> = {}): Promise<void> {
    const roles = [
      { key: this.#key("pia"), role: "presenter" },
      { key: this.#key("pan"), role: "panelist" },
    ] as const;
    const rules = { ...open, people: roles, ...(rights.length > 0 && { rights }), ...more };
    await this.meeting.commit("host", { rules });
    for (const name of people) await this.follow(name);
  }

  /** follow brings somebody's post to the epoch of the group, as they see it. */
  async follow(name: Name, seen = (group: Group) => group): Promise<void> {
    const group = this.meeting.group(name);
    const { epoch, self } = group;
    const leaves = group.members().map(({ leaf }) => leaf);
    const keys = { epoch, self, leaves, removed: [], urgent: false };
    this.post(name).advance(seen(group), { ...keys, baseKey: await group.baseKey() });
  }

  post(name: Name): Post {
    const person = this.meeting.people.get(name);
    if (!person) throw new Error(`${name} is not here`);
    const post = this.#posts.get(name) ?? new Post(person);
    this.#posts.set(name, post);
    return post;
  }

  /** readers lists who of the others opens a message. */
  async readers(from: Name, bytes: Bytes): Promise<string[]> {
    const read: string[] = [];
    for (const name of people) {
      if (name !== from && (await this.post(name).open(bytes))) read.push(name);
    }
    return read;
  }

  #key(name: Name): string {
    return toBase64url(this.meeting.people.get(name)?.signature.public ?? new Uint8Array());
  }
}

/** lawless is a group as a page sees it that does not care for its rights. */
function lawless(group: Group): Group {
  return new Proxy(group, {
    get: (target, name) => {
      if (name === "rules") return { ...target.rules, rights: everything };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const toOne = (participant: Name): To => ({ to: "one", participant });

/** Every direction: the right it takes, and who reads what ann writes there. */
const directions: readonly (readonly [to: To, right: Right, readers: readonly Name[]])[] = [
  [{ to: "everyone" }, "chat_everyone", ["host", "pia", "pan", "bob"]],
  [toOne("bob"), "chat_everyone", ["bob"]],
  [{ to: "presenters" }, "chat_presenters", ["pia"]],
  [toOne("pia"), "chat_presenters", ["pia"]],
  [toOne("pan"), "chat_presenters", ["pan"]],
  [{ to: "hosts" }, "chat_hosts", ["host"]],
  [toOne("host"), "chat_hosts", ["host"]],
];

describe("a message", () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open();
  });

  it.each(directions)(
    "to %j is read by whom it is for, and nobody else",
    async (to, _, readers) => {
      const bytes = await desk.post("ann").seal(to, "a word");
      if (!bytes) throw new Error("not sealed");
      const opened: Opened | null = await desk.post(readers[0] ?? "host").open(bytes);
      expect(opened).toEqual({ type: "message", message: { from: "ann", to, text: "a word" } });
      expect(new TextDecoder().decode(bytes)).not.toContain("a word");
      const again = await desk.post("ann").seal(to, "another");
      expect(again && (await desk.readers("ann", again))).toEqual(readers);
    },
  );

  it.each(directions)(
    "to %j takes its right, at who writes and at who reads",
    async (to, right, readers) => {
      await desk.rule(everything.filter((one) => one !== right));
      expect(await desk.post("ann").seal(to, "forbidden")).toBeNull();
      // A page that seals it all the same, and a server that lets it through.
      await desk.meeting.commit("host", {});
      for (const name of people) await desk.follow(name, name === "ann" ? lawless : undefined);
      const forced = await desk.post("ann").seal(to, "forced");
      if (!forced) throw new Error("not sealed");
      expect(await desk.readers("ann", forced)).toEqual([]);
      // The control: with the right and nothing else changed, the same page is read.
      await desk.rule([right]);
      await desk.meeting.commit("host", {});
      for (const name of people) await desk.follow(name, name === "ann" ? lawless : undefined);
      const allowed = await desk.post("ann").seal(to, "allowed");
      expect(allowed && (await desk.readers("ann", allowed))).toEqual(readers);
    },
  );

  it("may go anywhere from who is no attendee", async () => {
    await desk.rule([]);
    for (const name of ["host", "pia", "pan"] as const) {
      for (const [to] of directions) {
        if (to.to !== "everyone" && (to.to !== "one" || to.participant === name)) continue;
        const bytes = await desk.post(name).seal(to, "a word");
        expect(
          bytes && (await desk.readers(name, bytes)).length,
          `${name} to ${to.to}`,
        ).toBeTruthy();
      }
    }
  });

  it("waits for an epoch that its reader has not reached", async () => {
    await desk.meeting.commit("host", {});
    await desk.follow("ann");
    const bytes = await desk.post("ann").seal({ to: "everyone" }, "soon");
    if (!bytes) throw new Error("not sealed");
    expect(await desk.post("bob").open(bytes)).toBeNull();
    const group = desk.meeting.group("bob");
    const keys = { epoch: group.epoch, self: group.self, removed: [], urgent: false };
    const leaves = group.members().map(({ leaf }) => leaf);
    const held = desk
      .post("bob")
      .advance(group, { ...keys, leaves, baseKey: await group.baseKey() });
    expect(held).toHaveLength(1);
    expect(held[0] && (await desk.post("bob").open(held[0]))).toMatchObject({ type: "message" });
  });
});

describe("a notice", () => {
  it("that was kept back is none any more, in an epoch or after it", async () => {
    const desk = await Desk.open();
    const late = await desk.post("ann").notify("no");
    const later = await desk.post("ann").notify("picture");
    const last = await desk.post("ann").notify("blank");
    if (!late || !later || !last) throw new Error("not sealed");
    const bob = desk.post("bob");
    expect(await bob.open(later)).toMatchObject({ notice: { frozen: "picture" } });
    expect(await bob.open(late)).toBeNull();
    await desk.meeting.commit("host", {});
    for (const name of people) await desk.follow(name);
    const next = await desk.post("ann").notify("picture");
    expect(next && (await bob.open(next))).toMatchObject({ notice: { frozen: "picture" } });
    expect(await bob.open(last)).toBeNull();
    // Of somebody else it says nothing.
    const other = await desk.post("pia").notify("picture");
    expect(other && (await bob.open(other))).toMatchObject({ notice: { from: "pia" } });
  });
});

describe("a reaction", () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open();
  });

  it("goes to everyone, as a hint", async () => {
    const bytes = await desk.post("ann").sealReaction(3);
    if (!bytes) throw new Error("not sealed");
    expect([...bytes.subarray(0, 3)]).toEqual([1, 2, 0]);
    expect(await desk.post("host").open(bytes)).toEqual({
      type: "reaction",
      reaction: { from: "ann", sign: 3 },
    });
    // The same bytes again are nothing new.
    expect(await desk.post("host").open(bytes)).toBeNull();
  });

  it("takes the right to write to everyone", async () => {
    await desk.rule(["chat_hosts", "chat_presenters"]);
    expect(await desk.post("ann").sealReaction(0)).toBeNull();
    await desk.meeting.commit("host", {});
    for (const name of people) await desk.follow(name, name === "ann" ? lawless : undefined);
    const forced = await desk.post("ann").sealReaction(0);
    expect(forced && (await desk.readers("ann", forced))).toEqual([]);
  });

  it("is no message, nor a message one: the header is signed", async () => {
    const bytes = await desk.post("ann").seal({ to: "everyone" }, "\u0001\u0002");
    if (!bytes) throw new Error("not sealed");
    const changed = bytes.slice();
    changed[1] = 2;
    expect(await desk.post("host").open(changed)).toBeNull();
    expect(await desk.post("host").open(bytes)).toMatchObject({ type: "message" });
  });
});
