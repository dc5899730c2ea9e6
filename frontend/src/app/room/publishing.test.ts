import { describe, expect, it } from "vitest";
import type { Code } from "../../lib/wire.gen";
import { Publishing } from "./publishing";

/** A track is only ever handed on. */
const track = (name: string) => ({ id: name }) as MediaStreamTrack;

function setUp(answers: { guarded?: boolean; code?: Code; late?: Promise<Code> } = {}) {
  const log: string[] = [];
  const engine = {
    put: async (source: string, put: MediaStreamTrack | null) => {
      log.push(`put ${source} ${put?.id ?? "nothing"}`);
      return put === null || (answers.guarded ?? true);
    },
  };
  const publishing = new Publishing(engine, "camera", {
    publish: async (source, live) => {
      log.push(`publish ${source} ${live}`);
      return answers.late ?? answers.code ?? "ok";
    },
    failed: (source, why) => log.push(`failed ${source} ${why}`),
  });
  return { log, publishing, answers };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a source", () => {
  it("goes live after its track is in, and is not live any more before the track is out", async () => {
    const { log, publishing } = setUp();
    void publishing.set(track("one"));
    await settled();
    void publishing.set(null);
    await settled();
    expect(log).toEqual([
      "put camera one",
      "publish camera true",
      "publish camera false",
      "put camera nothing",
    ]);
  });

  it("changes its device without a word to the server", async () => {
    const { log, publishing } = setUp();
    void publishing.set(track("one"));
    await settled();
    void publishing.set(track("two"));
    await settled();
    expect(log).toEqual(["put camera one", "publish camera true", "put camera two"]);
  });

  it("ends as it was wanted last, however quickly that changed", async () => {
    const { log, publishing } = setUp();
    void publishing.set(track("one"));
    void publishing.set(null);
    void publishing.set(track("two"));
    void publishing.set(null);
    await settled();
    expect(log.at(-1)).toBe("put camera nothing");
    const told = log.filter((line) => line.startsWith("publish"));
    expect(told.at(-1)).not.toBe("publish camera true");
  });

  it("sends nothing when the frame worker did not acknowledge", async () => {
    const { log, publishing } = setUp({ guarded: false });
    void publishing.set(track("one"));
    await settled();
    expect(log).not.toContain("publish camera true");
    expect(log.at(-1)).toBe("failed camera unready");
  });

  it("is not live any more when its frames may have gone around the encryption", async () => {
    const { log, publishing } = setUp();
    void publishing.set(track("one"));
    await settled();
    publishing.unsafe("unguarded");
    await settled();
    expect(log.slice(2).sort()).toEqual([
      "failed camera unguarded",
      "publish camera false",
      "put camera nothing",
    ]);
  });

  it("takes its track out again when the server refuses, and does not try again", async () => {
    const { log, publishing } = setUp({ code: "full" });
    void publishing.set(track("one"));
    await settled();
    expect(log.slice(-2)).toEqual(["put camera nothing", "failed camera full"]);
  });

  it("does not tell the server what the server did", async () => {
    const { log, publishing } = setUp();
    void publishing.set(track("one"));
    await settled();
    publishing.silenced();
    void publishing.set(null);
    await settled();
    expect(log.slice(2)).toEqual(["put camera nothing"]);
  });

  it("is out of the line at once, whatever the server has yet to answer", async () => {
    const { log, publishing, answers } = setUp();
    let answer: (code: Code) => void = () => {};
    answers.late = new Promise((resolve) => {
      answer = resolve;
    });
    void publishing.set(track("one"));
    await settled();
    await publishing.set(null);
    expect(log).toEqual(["put camera one", "publish camera true", "put camera nothing"]);
    answer("ok");
    await settled();
    expect(log.slice(3)).toEqual(["publish camera false", "put camera nothing"]);
  });

  it("is not put in by what was under way when it was stopped", async () => {
    const { log, publishing } = setUp();
    void publishing.set(track("one"));
    await publishing.set(null);
    await settled();
    expect(log).toEqual(["put camera one", "put camera nothing"]);
  });

  it("is stopped when it becomes what the server refuses, and nothing of that goes out", async () => {
    const { log, publishing, answers } = setUp();
    await publishing.set(track("window"), "window");
    answers.code = "forbidden";
    await publishing.set(track("screen"), "monitor");
    expect(log.slice(2)).toEqual([
      "publish camera true",
      "publish camera false",
      "put camera nothing",
      "failed camera forbidden",
    ]);
  });
});
