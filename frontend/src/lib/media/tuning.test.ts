import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Flow, Tuning } from "./tuning";

const track = {} as MediaStreamTrack;

/** A line through which goes what a test says, per second. */
function setUp() {
  const log: string[] = [];
  let flow: Flow | null = { at: 0, frames: 0, bytes: 0, target: null };
  const tuning = new Tuning({
    flow: async () => flow,
    tune: async ({ content, pace }) => void log.push(`tune ${content} ${pace}`),
    hint: (_, content) => void log.push(`hint ${content}`),
  });
  tuning.onchange = (content) => log.push(`change ${content}`);
  const pass = async (seconds: number, frames: number, bytes: number, target = 5_000_000) => {
    for (let half = 0; half < seconds * 2; half++) {
      const { at = 0, frames: f = 0, bytes: b = 0 } = flow ?? {};
      flow = { at: at + 500, frames: f + frames / 2, bytes: b + bytes / 2, target };
      await vi.advanceTimersByTimeAsync(500);
    }
  };
  const film = (seconds: number) => pass(seconds, 24, 400_000);
  const nothing = (seconds: number) => pass(seconds, 1, 50);
  const lose = () => {
    flow = null;
  };
  return { tuning, log, pass, film, nothing, lose };
}

describe("tuning", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("begins with text", async () => {
    const { tuning, log, nothing } = setUp();
    tuning.share(track);
    await nothing(10);
    expect(log).toEqual(["hint text"]);
  });

  it("finds a film by itself, and its end", async () => {
    const { tuning, log, film, nothing } = setUp();
    tuning.share(track);
    await film(5);
    expect(log).toEqual(["hint text", "tune motion 30", "change motion"]);
    await nothing(2);
    expect(log.slice(3)).toEqual(["tune text 30", "change text"]);
  });

  it("sends no more pictures of text than the line carries, and all of a film", async () => {
    const { tuning, log, pass } = setUp();
    tuning.share(track);
    await pass(1, 1, 5_000, 1_500_000);
    await pass(1, 1, 5_000, 500_000);
    expect(log.slice(1)).toEqual(["tune text 10", "tune text 3"]);
    tuning.choose("motion");
    await pass(1, 1, 5_000, 600_000);
    tuning.choose("text");
    expect(log.slice(3)).toEqual(["tune motion 30", "change motion", "tune text 3", "change text"]);
  });

  it("does what it is told, whatever it sees", async () => {
    const { tuning, log, film } = setUp();
    tuning.choose("text");
    tuning.share(track);
    await film(10);
    expect(log).toEqual(["hint text"]);
    tuning.choose("motion");
    expect(log.slice(1)).toEqual(["tune motion 30", "change motion"]);
    tuning.share(null);
    tuning.share(track);
    expect(log.slice(3)).toEqual(["hint motion"]);
  });

  it("knows what it has seen when it is asked to judge by itself again", async () => {
    const { tuning, log, film } = setUp();
    tuning.choose("text");
    tuning.share(track);
    await film(10);
    tuning.choose("auto");
    expect(log.slice(1)).toEqual(["tune motion 30", "change motion"]);
  });

  it("takes the next share for text again", async () => {
    const { tuning, log, film } = setUp();
    tuning.share(track);
    await film(5);
    tuning.share(null);
    tuning.share(track);
    expect(log.slice(3)).toEqual(["tune text 30", "change text", "hint text"]);
  });

  it("looks no more when nothing is shared, and judges nothing that it does not know", async () => {
    const { tuning, log, film, lose } = setUp();
    tuning.share(track);
    lose();
    await vi.advanceTimersByTimeAsync(10_000);
    tuning.share(null);
    await film(10);
    expect(log).toEqual(["hint text"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
