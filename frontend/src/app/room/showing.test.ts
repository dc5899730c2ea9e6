import { describe, expect, it } from "vitest";
import type { Source, Surface } from "../../lib/wire.gen";
import { type LocalScreen, noScreen } from "../../model/source";
import { Publishing } from "./publishing";
import { Showing } from "./showing";

const track = (id: string) => ({ id }) as MediaStreamTrack;

/** A showing whose server can be silent. */
function setUp(server: { answers: boolean } = { answers: true }) {
  const log: string[] = [];
  const answered = () =>
    server.answers ? Promise.resolve("ok" as const) : new Promise<"ok">(() => {});
  const engine = {
    put: async (source: Source, put: MediaStreamTrack | null, still?: boolean) => {
      log.push(`put ${source} ${put?.id ?? "nothing"}${still ? " still" : ""}`);
      return true;
    },
    choose: () => {},
    repeat: () => Promise.resolve(),
    sent: () => Promise.resolve({ frames: 0, bytes: 0, asked: 0 }),
  };
  const line = (source: Source) =>
    new Publishing(engine, source, {
      publish: (name, live, surface) => {
        log.push(`publish ${name} ${live} ${surface ?? ""}`.trim());
        return answered();
      },
      failed: (name, why) => log.push(`failed ${name} ${why}`),
    });
  const lines = { screen: line("screen"), screen_audio: line("screen_audio") };
  const showing = new Showing(engine, lines, {
    pause: (paused) => {
      log.push(`pause ${paused}`);
      return answered();
    },
    say: async (frozen) => log.push(`say ${frozen}`),
  });
  return { log, showing, server };
}

function on(id: string, surface: Surface = "window"): LocalScreen {
  return { ...noScreen, state: "on", track: track(id), surface };
}

const frozen = (screen: LocalScreen, how: "picture" | "blank" = "picture"): LocalScreen => ({
  ...screen,
  still: track("still"),
  frozen: how,
});

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a share that is paused", () => {
  it("is said to be when nothing else goes out any more, and goes on after that was said", async () => {
    const { log, showing } = setUp();
    const screen = { ...on("a"), audio: track("sound") };
    await showing.set(screen);
    await settled();
    log.length = 0;
    const paused = frozen(screen);
    await showing.set(paused);
    await settled();
    await showing.set({ ...paused, frozen: "blank" });
    await settled();
    await showing.set(screen);
    await settled();
    expect(log.filter((line) => !line.includes("screen_audio"))).toEqual([
      "put screen still still",
      "pause true",
      "say picture",
      "say blank",
      "pause false",
      "say no",
      "put screen a",
    ]);
    expect(log).toContain("publish screen_audio false");
    expect(log.indexOf("publish screen_audio false")).toBeLessThan(log.indexOf("pause true"));
  });

  it("does not wait for the server", async () => {
    const { log, showing, server } = setUp();
    await showing.set(on("a"));
    server.answers = false;
    await showing.set(frozen(on("a")));
    await settled();
    expect(log.slice(-3)).toEqual(["put screen still still", "pause true", "say picture"]);
  });

  it("does not wait for what the server was asked before, nor its sound", async () => {
    const { log, showing, server } = setUp();
    const screen = { ...on("a"), audio: track("sound") };
    server.answers = false;
    void showing.set(screen);
    await settled();
    log.length = 0;
    await showing.set(frozen(screen));
    await settled();
    expect(log.slice(0, 2).sort()).toEqual(["put screen still still", "put screen_audio nothing"]);
    expect(log.slice(2)).toEqual(["pause true", "say picture"]);
  });

  it("shows nothing of another kind before the server has allowed that", async () => {
    const { log, showing, server } = setUp();
    await showing.set(on("a"));
    server.answers = false;
    void showing.set(on("b", "monitor"));
    await settled();
    log.length = 0;
    await showing.set(frozen(on("b", "monitor")));
    expect(log.slice(0, 1)).toEqual(["put screen nothing"]);
    expect(log).not.toContain("put screen still still");
  });

  it("is said again to who comes, and not when it goes on", async () => {
    const { log, showing } = setUp();
    await showing.set(on("a"));
    showing.again();
    expect(log).not.toContain("say no");
    await showing.set(frozen(on("a")));
    await settled();
    showing.again();
    expect(log.filter((line) => line === "say picture")).toHaveLength(2);
  });

  it("stays so in a new stay", async () => {
    const { log, showing } = setUp();
    await showing.set(frozen(on("a")));
    await settled();
    expect(log.filter((line) => !line.includes("audio"))).toEqual([
      "put screen still still",
      "publish screen true window",
      "pause true",
      "say picture",
    ]);
  });
});

describe("something else to show", () => {
  it("takes the place of what is shown, without a stop", async () => {
    const { log, showing } = setUp();
    await showing.set(on("a"));
    log.length = 0;
    await showing.set(on("b"));
    expect(log).toEqual(["put screen b"]);
  });

  it("of another kind is asked for before it goes out", async () => {
    const { log, showing } = setUp();
    await showing.set(on("a"));
    log.length = 0;
    await showing.set(on("b", "monitor"));
    expect(log).toEqual(["publish screen true monitor", "put screen b"]);
  });
});
