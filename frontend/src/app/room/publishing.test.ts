import { describe, expect, it } from "vitest";
import type { Code } from "../../lib/wire.gen";
import { Publishing } from "./publishing";

/** A track is only ever handed on. */
const track = (name: string) => ({ id: name }) as MediaStreamTrack;

function setUp(answers: { guarded?: boolean; code?: Code } = {}) {
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
      return answers.code ?? "ok";
    },
    failed: (source, why) => log.push(`failed ${source} ${why}`),
  });
  return { log, publishing };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a source", () => {
  it("goes live after its track is in, and is not live any more before the track is out", async () => {
    const { log, publishing } = setUp();
    publishing.set(track("one"));
    await settled();
    publishing.set(null);
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
    publishing.set(track("one"));
    await settled();
    publishing.set(track("two"));
    await settled();
    expect(log).toEqual(["put camera one", "publish camera true", "put camera two"]);
  });

  it("ends as it was wanted last, however quickly that changed", async () => {
    const { log, publishing } = setUp();
    publishing.set(track("one"));
    publishing.set(null);
    publishing.set(track("two"));
    publishing.set(null);
    await settled();
    expect(log.at(-1)).toBe("put camera nothing");
    expect(log.filter((line) => line.startsWith("publish")).at(-1)).toBe("publish camera false");
  });

  it("sends nothing when the frame worker did not acknowledge", async () => {
    const { log, publishing } = setUp({ guarded: false });
    publishing.set(track("one"));
    await settled();
    expect(log).not.toContain("publish camera true");
    expect(log.at(-1)).toBe("failed camera unready");
  });

  it("takes its track out again when the server refuses, and does not try again", async () => {
    const { log, publishing } = setUp({ code: "full" });
    publishing.set(track("one"));
    await settled();
    expect(log.slice(-2)).toEqual(["put camera nothing", "failed camera full"]);
  });

  it("does not tell the server what the server did", async () => {
    const { log, publishing } = setUp();
    publishing.set(track("one"));
    await settled();
    publishing.silenced();
    publishing.set(null);
    await settled();
    expect(log.slice(2)).toEqual(["put camera nothing"]);
  });
});
