import { describe, expect, it } from "vitest";
import type { Code } from "../../lib/wire.gen";
import { nobody, type Person, type RoomState } from "../../model/room";
import { Gathering } from "./gathering";
import { Moderation } from "./moderation";
import type { Stay } from "./stay";

const bob: Person = {
  id: "bob",
  name: "Bob",
  role: "attendee",
  org: "Acme",
  guest: true,
  owner: false,
  key: "key of bob",
  leaf: 1,
  joined: 0,
  live: [],
};
const state: RoomState = { ...nobody, self: "me", people: [bob] };

/** stage is a host's moderation; its log says what was told to whom, in order. */
function stage(answer: Promise<Code>) {
  const log: string[] = [];
  const stay = {
    command: (type: string) => {
      log.push(type);
      return answer;
    },
    expelled: (key: string, expelled: boolean) => void log.push(`${key}: ${expelled}`),
  } as unknown as Stay;
  const notice = () => void log.push("notice");
  const events = { stay: () => stay, state: () => state, notice };
  return { moderation: new Moderation(new Gathering(), events), log };
}

describe("expelling somebody", () => {
  it("is held to whatever the server says, also if it says nothing", async () => {
    const { moderation, log } = stage(new Promise(() => {}));
    void moderation.expel("bob");
    expect(log).toEqual(["expel", "key of bob: true"]);
  });

  it("holds when the server has done it, or the connection is lost", async () => {
    for (const answer of [Promise.resolve<Code>("ok"), Promise.reject(new Error("closed"))]) {
      const { moderation, log } = stage(answer);
      await moderation.expel("bob");
      expect(log).toEqual(["expel", "key of bob: true"]);
    }
  });

  it("is taken back, and the person told, when the server would not", async () => {
    const { moderation, log } = stage(Promise.resolve<Code>("forbidden"));
    await moderation.expel("bob");
    expect(log).toEqual(["expel", "key of bob: true", "key of bob: false", "notice"]);
  });
});
