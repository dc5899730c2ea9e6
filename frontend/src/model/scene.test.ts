import { describe, expect, it } from "vitest";
import type { LiveSource, Participant } from "../lib/wire.gen";
import { nobody, type RoomState } from "./room";
import { arrange, type Choice, wantedIn } from "./scene";

const desktop = { width: 1248, height: 680, pixelRatio: 1, phone: false };
const phone = { width: 374, height: 620, pixelRatio: 3, phone: true };
const plain: Choice = { page: 0, share: "", fullScreen: false };

function room(count: number, shares: readonly string[] = []): RoomState {
  const people = Array.from({ length: count }, (_, i): Participant => {
    const live: LiveSource[] = i % 2 === 0 ? [{ source: "camera" }] : [];
    return { id: `p${i}`, name: `P ${i}`, role: "attendee", guest: false, joined: i, live };
  });
  return { ...nobody, self: "p0", people, shares };
}

describe("without a share", () => {
  it("shows the others first and oneself last", () => {
    const scene = arrange(room(3), desktop, plain);
    expect(scene.tiles.map((t) => t.id)).toEqual(["p1", "p2", "p0"]);
    expect(scene.hero).toBeNull();
    expect(scene.pages).toBe(1);
  });

  it("shows up to 25 at once on a desk, and counts the rest in pages", () => {
    expect(arrange(room(25), desktop, plain).tiles).toHaveLength(25);
    const scene = arrange(room(40), desktop, { ...plain, page: 1 });
    expect(scene.pages).toBe(2);
    expect(scene.tiles).toHaveLength(15);
  });

  it("shows at most 8 on a phone", () => {
    const scene = arrange(room(12), phone, plain);
    expect(scene.tiles.length).toBeLessThanOrEqual(8);
    expect(scene.pages).toBeGreaterThan(1);
  });

  it("wants the cameras that are on, but one's own", () => {
    const scene = arrange(room(5), desktop, plain);
    expect(wantedIn(scene, "p0", 1).map((w) => w.participant)).toEqual(["p2", "p4"]);
  });
});

describe("with a share", () => {
  it("puts the newest on the stage and the faces beside it", () => {
    const scene = arrange(room(4, ["p1", "p2"]), desktop, plain);
    expect(scene.hero?.id).toBe("p2");
    expect(scene.others.map((p) => p.id)).toEqual(["p1"]);
    expect(scene.strip).toBe("side");
    expect(scene.stage.width).toBeLessThan(desktop.width);
  });

  it("puts the faces below on a phone", () => {
    expect(arrange(room(4, ["p1"]), phone, plain).strip).toBe("below");
  });

  it("lets the person choose", () => {
    const scene = arrange(room(4, ["p1", "p2"]), desktop, { ...plain, share: "p1" });
    expect(scene.hero?.id).toBe("p1");
  });

  it("does not show one's own", () => {
    expect(arrange(room(4, ["p0"]), desktop, plain).hero).toBeNull();
  });

  it("asks for the share at the height of the stage in screen pixels, and for faces at theirs", () => {
    const scene = arrange(room(4, ["p1"]), { ...desktop, pixelRatio: 2 }, plain);
    const wanted = wantedIn(scene, "p0", 2);
    expect(wanted[0]).toEqual({ participant: "p1", source: "screen", height: 1380 });
    expect(wanted[1]).toEqual({ participant: "p2", source: "camera", height: 240 });
  });

  it("has the whole screen to itself when asked", () => {
    const scene = arrange(room(4, ["p1"]), desktop, { ...plain, fullScreen: true });
    expect(scene.stage).toEqual({ width: 1248, height: 680 });
    expect(scene.tiles).toEqual([]);
  });
});
