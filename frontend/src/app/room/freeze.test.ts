import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LocalScreen, noScreen } from "../../model/source";
import { Freeze } from "./freeze";
import type { Showing } from "./showing";

const log: string[] = [];

vi.mock("../../lib/media/still", () => {
  class Still {
    track = { id: "still" };
    blank = false;
    show(blank: boolean) {
      this.blank = blank;
      this.draw();
    }
    draw() {
      log.push(`draw ${this.blank ? "blank" : "picture"}`);
    }
    close() {
      log.push("close");
    }
  }
  class Lens {
    take() {
      return new Still();
    }
    close() {}
  }
  return { Lens, Still };
});

/** A share that is on, in a stay where somebody asks for a key frame now and then. */
function setUp() {
  log.length = 0;
  const line = { asked: 0 };
  const track = { id: "a" } as MediaStreamTrack;
  const screen = signal<LocalScreen>({ ...noScreen, state: "on", track });
  const showing = {
    set: async ({ track, still, frozen }: LocalScreen) => {
      await Promise.resolve();
      log.push(`shown ${(still ?? track)?.id ?? "nothing"} ${frozen}`);
    },
    again: () => {},
    repeat: (drawn: () => Promise<void>) => drawn(),
    sent: async () => ({ frames: 0, bytes: 0, asked: line.asked }),
  } as unknown as Showing;
  return { line, screen, freeze: new Freeze({ screen }, () => showing) };
}

describe("a frozen share", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is said to be blank once a blank picture has gone out, even while it is sent again", async () => {
    const { line, screen, freeze } = setUp();
    await freeze.pause();
    line.asked++;
    await vi.advanceTimersByTimeAsync(600); // it is being sent again
    expect(log).toContain("draw picture");
    const blank = freeze.blank(true);
    expect(screen.value.frozen).toBe("picture");
    await vi.advanceTimersByTimeAsync(1_500);
    expect(screen.value.frozen).toBe("picture");
    await vi.advanceTimersByTimeAsync(1_500);
    await blank;
    expect(screen.value.frozen).toBe("blank");
    expect(log.filter((line) => line === "draw blank").length).toBeGreaterThan(6);
    freeze.close();
  });

  it("counts how often it was sent again to who asked, and not to show something else", async () => {
    const { line, freeze } = setUp();
    await freeze.pause();
    void freeze.blank(true);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(freeze.standing.value?.repeats).toBe(0);
    line.asked++;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(freeze.standing.value?.repeats).toBe(1);
    freeze.close();
  });

  it("that is stopped lets its picture go after the line has", async () => {
    const { screen, freeze } = setUp();
    await freeze.pause();
    screen.value = noScreen;
    await vi.advanceTimersByTimeAsync(0);
    expect(log.slice(-2)).toEqual(["shown nothing no", "close"]);
    freeze.close();
  });
});
