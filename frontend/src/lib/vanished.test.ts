import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { takeNote } from "./note";
import { vanish, vanished } from "./vanished";

const number = "23456789012";
const form = { meetingNumber: number, displayName: "Grace", email: "grace@example.org" };
const devices = {
  on: ["camera"],
  chosen: { microphone: "", camera: "front", speaker: "" },
  plain: true,
  blurred: true,
} as const;
const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.useFakeTimers();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function loaded(type: NavigationTimingType): void {
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([
    { type } as unknown as PerformanceEntry,
  ]);
}

describe("a page that vanished with somebody in", () => {
  it("is come back from once, by loading it again", () => {
    loaded("reload");
    vanish({ form, ...devices });
    const note = takeNote();
    expect(kept.size).toBe(0);
    expect(vanished(note, "23456789013")).toBeNull();
    expect(vanished(note, number)).toEqual({ form, ...devices });
    expect(vanished(takeNote(), number)).toBeNull();
  });

  it("keeps nothing that opens a door", () => {
    vanish({ form: { ...form, password: "open sesame", linkProof: "proof" }, ...devices });
    const text = [...kept.values()].join();
    expect(text).toContain("Grace");
    expect(text).not.toMatch(/sesame|proof/);
  });

  it.each<NavigationTimingType>(["navigate", "back_forward"])("is not by %s", (type) => {
    loaded(type);
    vanish({ form, ...devices });
    expect(vanished(takeNote(), number)).toBeNull();
    expect(kept.size).toBe(0);
  });

  it("is not later than the server holds the stay", () => {
    loaded("reload");
    vanish({ form, ...devices });
    vi.advanceTimersByTime(60_000);
    expect(vanished(takeNote(), number)).toBeNull();
  });
});
