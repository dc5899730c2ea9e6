import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FrameCounts } from "./frames.messages";
import { Guard, type Guarded } from "./guard";
import { type Limits, limits, noGap, unguarded, widen } from "./watchdog";

/** alarmAt compares [encoded, before, after] look by look, and gives the number of the look that alarms. */
function alarmAt(limit: Limits, looks: readonly (readonly [number, number, number])[]): number {
  let gap = noGap;
  return looks.findIndex(([encoded, before, after]) => {
    gap = widen(gap, { encoded, before, after }, limit);
    return unguarded(gap);
  });
}

const seconds = Array.from({ length: 20 }, (_, i) => i);

describe("frames encoded and encrypted", () => {
  it("may differ by what is on its way", () => {
    const looks = seconds.map((s) => [30 * s + 10, 30 * s, 30 * s + (s % 3)] as const);
    expect(alarmAt(limits.video, looks)).toBe(-1);
  });

  it("part within two looks when a line goes around the worker", () => {
    const looks = seconds.map((s) => [30 * s + 30, 0, 0] as const);
    expect(alarmAt(limits.video, looks)).toBe(1);
    expect(
      alarmAt(
        limits.audio,
        seconds.map((s) => [50 * s + 50, 0, 0]),
      ),
    ).toBe(1);
  });

  it("part when a voice that goes around the worker pauses again and again", () => {
    const spoken = (s: number) => 50 * Math.ceil(s / 3) + 5 * (s - Math.ceil(s / 3));
    expect(
      alarmAt(
        limits.audio,
        seconds.map((s) => [spoken(s + 1), 0, 0]),
      ),
    ).toBe(3);
  });

  it("part also when that begins after a while", () => {
    const looks = seconds.map((s) => {
      const worker = 30 * Math.min(s, 10);
      return [30 * s, worker, worker] as const;
    });
    expect(alarmAt(limits.video, looks)).toBe(12);
  });

  it("part where the worker counts more than the browser does, too", () => {
    // Two layers a frame pass the worker, and then none.
    const looks = seconds.map((s) => {
      const worker = 60 * Math.min(s, 10);
      return [30 * s, worker, worker] as const;
    });
    expect(alarmAt(limits.video, looks)).toBe(12);
  });

  it("do not part when the worker is slow to answer, again and again", () => {
    const looks = seconds.map((s) => {
      const late = 30 * (s % 3);
      return [30 * s + late / 2, 30 * s, 30 * s + late] as const;
    });
    expect(alarmAt(limits.video, looks)).toBe(-1);
  });

  it("do not part because of one jump that does not grow", () => {
    const looks = seconds.map((s) => [30 * s + (s > 5 ? 25 : 0), 30 * s, 30 * s] as const);
    expect(alarmAt(limits.video, looks)).toBe(-1);
  });

  it("do not part over padding, which is counted for sound", () => {
    const hour = Array.from({ length: 3_600 }, (_, i) => i);
    const looks = hour.map((s) => [50 * s + 3 * Math.floor(s / 5), 50 * s, 50 * s] as const);
    expect(alarmAt(limits.audio, looks)).toBe(-1);
  });

  it("do not part over a line that is dark but for a black frame a second", () => {
    expect(
      alarmAt(
        limits.video,
        seconds.map((s) => [s, s, s]),
      ),
    ).toBe(-1);
  });
});

function setUp() {
  const state = {
    ...{ encoded: 0, sealed: 0, dropped: 0, failed: 0 },
    ...{ live: true, silent: false, fails: false },
  };
  const stopped: string[] = [];
  const held = new Set<string>();
  const line = (id: number, source: Guarded["source"]) => ({
    id,
    source,
    hold: async () => {
      held.add(source);
    },
    release: async () => {
      held.delete(source);
    },
  });
  const camera: Guarded = {
    ...line(2, "camera"),
    get live() {
      return state.live;
    },
    encoded: async () => {
      if (state.fails) throw new Error("closed");
      return state.encoded;
    },
  };
  const microphone: Guarded = { ...line(1, "microphone"), live: true, encoded: async () => 0 };
  const counts = async (): Promise<FrameCounts | null> => {
    if (state.silent) return null;
    const quiet = { sealed: 0, dropped: 0, failed: 0 };
    return {
      sent: [
        [1, quiet],
        [2, { ...quiet, ...state }],
      ],
      received: [],
    };
  };
  const guard = new Guard([microphone, camera], {
    counts,
    stop: (source, why) => {
      stopped.push(why === "unguarded" ? source : `${source} ${why}`);
      if (source === "camera") state.live = false;
    },
  });
  /** What is encoded in a second; a line that is held encodes nothing. */
  const second = async (encoded: number, sealed: number, dropped = 0) => {
    state.encoded += held.has("camera") ? 0 : encoded;
    state.sealed += sealed;
    state.dropped += dropped;
    await vi.advanceTimersByTimeAsync(1_000);
  };
  return { guard, state, stopped, held, second };
}

describe("the guard", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("leaves alone what is encrypted, or deliberately dropped", async () => {
    const { guard, stopped, held, second } = setUp();
    for (let i = 0; i < 10; i++) await second(30, 20, 10);
    guard.close();
    expect(stopped).toEqual([]);
    expect(held.size).toBe(0);
  });

  it("holds the source whose frames go around, then stops it, and no other", async () => {
    const { guard, stopped, held, second } = setUp();
    for (let i = 0; i < 5; i++) await second(30, 30);
    await second(30, 0);
    expect([...held]).toEqual([]);
    await second(30, 0);
    expect([...held]).toEqual(["camera"]);
    for (let i = 0; i < 4; i++) await second(30, 0);
    expect(stopped).toEqual([]);
    for (let i = 0; i < 4; i++) await second(30, 0);
    guard.close();
    expect(stopped).toEqual(["camera"]);
    expect([...held]).toEqual(["camera"]);
  });

  it("gives a source back when the worker was only slow", async () => {
    const { guard, stopped, held, second } = setUp();
    await second(30, 30);
    await second(30, 10);
    await second(30, 10);
    expect([...held]).toEqual(["camera"]);
    await second(30, 10);
    expect([...held], "not yet all").toEqual(["camera"]);
    await second(30, 25);
    expect([...held]).toEqual([]);
    for (let i = 0; i < 10; i++) await second(30, 30);
    guard.close();
    expect(stopped).toEqual([]);
    expect([...held]).toEqual([]);
  });

  it("holds a source again when its frames go around after all", async () => {
    const { guard, stopped, held, second } = setUp();
    await second(30, 10);
    await second(30, 10);
    expect([...held]).toEqual(["camera"]);
    await second(30, 40);
    expect([...held]).toEqual([]);
    for (let i = 0; i < 9; i++) await second(30, 0);
    guard.close();
    expect(stopped).toEqual(["camera"]);
    expect([...held]).toEqual(["camera"]);
  });

  it("holds everything while the worker is silent, and gives it back", async () => {
    const { guard, state, stopped, held, second } = setUp();
    await second(30, 30);
    state.silent = true;
    for (let i = 0; i < 5; i++) await second(30, 0);
    expect([...held]).toEqual(["microphone", "camera"]);
    state.silent = false;
    await second(30, 30);
    expect([...held]).toEqual([]);
    for (let i = 0; i < 10; i++) await second(30, 30);
    guard.close();
    expect(stopped).toEqual([]);
  });

  it("stops everything when the worker stays silent", async () => {
    const { guard, state, stopped, held, second } = setUp();
    state.silent = true;
    await second(0, 0);
    expect([...held]).toEqual(["microphone", "camera"]);
    for (let i = 0; i < 5; i++) await second(0, 0);
    guard.close();
    expect(stopped).toEqual(["microphone", "camera"]);
    expect([...held]).toEqual(["microphone", "camera"]);
  });

  it("holds, and then stops, what it cannot look at", async () => {
    const { guard, state, stopped, held, second } = setUp();
    state.fails = true;
    await second(0, 0);
    expect([...held]).toEqual(["microphone", "camera"]);
    for (let i = 0; i < 5; i++) await second(0, 0);
    guard.close();
    expect(stopped).toEqual(["microphone", "camera"]);
  });

  it("stops a source of which nothing can be sealed, though there is a key", async () => {
    const { guard, state, stopped, held, second } = setUp();
    await second(30, 30);
    for (let i = 0; i < 5; i++) {
      state.failed += 30;
      await second(30, 0, 30);
    }
    guard.close();
    expect(stopped).toEqual(["camera unsealed"]);
    expect(held.size).toBe(0);
  });

  it("does not mind single frames that cannot be sealed", async () => {
    const { guard, state, stopped, second } = setUp();
    for (let i = 0; i < 10; i++) {
      state.failed += 10;
      await second(30, 20, 10);
    }
    guard.close();
    expect(stopped).toEqual([]);
  });

  it("looks at nothing that has no track, and at nothing once closed", async () => {
    const { guard, state, stopped, held, second } = setUp();
    state.live = false;
    for (let i = 0; i < 4; i++) await second(30, 0);
    state.live = true;
    guard.close();
    for (let i = 0; i < 9; i++) await second(30, 0);
    expect(stopped).toEqual([]);
    expect(held.size).toBe(0);
  });
});
