import { describe, expect, it } from "vitest";
import type { LiveSource } from "../lib/wire.gen";
import { nobody, type Person, type RoomState } from "./room";
import { arrange, heroKey, type Layout, plainChoice as plain, wantedIn, wantedNow } from "./scene";
import { keyOf, type Wanted } from "./slots";

const desktop = { width: 1248, height: 680, pixelRatio: 1, phone: false };
const phone = { width: 374, height: 620, pixelRatio: 3, phone: true };

function room(count: number, shares: readonly string[] = []): RoomState {
  const people = Array.from({ length: count }, (_, i): Person => {
    const live: LiveSource[] = i % 2 === 0 ? [{ source: "camera" }] : [];
    const who = { name: `P ${i}`, org: "Acme", guest: false, owner: false, key: `${i}` };
    return { id: `p${i}`, leaf: i, role: "attendee", joined: i, live, ...who };
  });
  return { ...nobody, self: "p0", people, shares };
}

describe("without a share", () => {
  it("shows the others first and oneself last", () => {
    const scene = arrange(room(3), desktop, plain);
    expect(scene.tiles.map((t) => t.id)).toEqual(["p1", "p2", "p0"]);
    expect(scene.heroes).toEqual([]);
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
    expect(scene.heroes[0]?.person.id).toBe("p2");
    expect(scene.others.map((p) => p.id)).toEqual(["p1"]);
    expect(scene.strip).toBe("side");
    expect(scene.stage.width).toBeLessThan(desktop.width);
  });

  it("puts the faces below on a phone", () => {
    expect(arrange(room(4, ["p1"]), phone, plain).strip).toBe("below");
  });

  it("lets the person choose", () => {
    const scene = arrange(room(4, ["p1", "p2"]), desktop, { ...plain, pinned: "p1/screen" });
    expect(scene.heroes[0]?.person.id).toBe("p1");
  });

  it("does not show one's own", () => {
    expect(arrange(room(4, ["p0"]), desktop, plain).heroes).toEqual([]);
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

describe("a pin", () => {
  const two = room(5, ["p1", "p3"]);

  it("keeps a face on the stage, in every layout, and takes it out of the strip", () => {
    for (const layout of ["automatic", "grid", "speaker", "pair"] satisfies Layout[]) {
      const scene = arrange(two, desktop, { ...plain, layout, pinned: "p2/camera" });
      expect(scene.heroes.map((h) => `${h.person.id}/${h.source}`)).toEqual(["p2/camera"]);
      expect(scene.tiles.map((t) => t.id)).not.toContain("p2");
      expect(scene.others.map((o) => o.id)).toEqual(["p3", "p1"]);
      expect(keys(wantedIn(scene, "p0", 1)).sort()).toEqual([
        ...["p1/screen", "p2/camera", "p3/screen", "p4/camera"],
      ]);
    }
  });

  it("is nothing once who was pinned is gone, or shares no more", () => {
    expect(stage(two, "automatic", "gone/camera")).toEqual(["p3/screen"]);
    expect(stage(room(3), "automatic", "p1/screen")).toEqual([]);
  });

  it("keeps a share on the stage while newer ones come, even in the grid", () => {
    expect(stage(room(5, ["p1", "p3", "p4"]), "automatic", "p1/screen")).toEqual(["p1/screen"]);
    expect(stage(two, "grid", "p1/screen")).toEqual(["p1/screen"]);
  });
});

describe("the grid", () => {
  it("shows shares among the faces", () => {
    const scene = arrange(room(5, ["p1"]), desktop, { ...plain, layout: "grid" });
    expect(scene.heroes).toEqual([]);
    expect(scene.others.map((o) => o.id)).toEqual(["p1"]);
    expect(scene.tiles).toHaveLength(5);
    expect(scene.strip).toBe("none");
  });

  it("leaves room for shares on every page", () => {
    const scene = arrange(room(40, ["p1"]), desktop, { ...plain, layout: "grid" });
    expect(scene.tiles).toHaveLength(24);
    expect(scene.pages).toBe(2);
  });
});

describe("the speaker", () => {
  const spoke = (state: RoomState, id: string) => ({ ...state, spoke: id });

  it("has the stage, and the shares stand in the strip", () => {
    expect(stage(spoke(room(4), "p2"), "speaker")).toEqual(["p2/camera"]);
    const scene = arrange(spoke(room(4, ["p1"]), "p2"), desktop, { ...plain, layout: "speaker" });
    expect(scene.others.map((o) => o.id)).toEqual(["p1"]);
  });

  it("is somebody else while nobody has spoken, and nobody when one is alone", () => {
    expect(stage(room(3), "speaker")).toEqual(["p1/camera"]);
    expect(stage(spoke(room(3), "gone"), "speaker")).toEqual(["p1/camera"]);
    expect(stage(room(1), "speaker")).toEqual([]);
  });

  it("is not asked for without a camera", () => {
    const scene = arrange(spoke(room(4), "p1"), desktop, { ...plain, layout: "speaker" });
    expect(keys(wantedIn(scene, "p0", 1))).toEqual(["p2/camera"]);
  });
});

describe("two shares beside each other", () => {
  it("are the newest two, or the pinned and the newest", () => {
    const three = room(5, ["p1", "p2", "p3"]);
    expect(stage(three, "pair")).toEqual(["p3/screen", "p2/screen"]);
    expect(stage(three, "pair", "p1/screen")).toEqual(["p1/screen", "p3/screen"]);
    expect(stage(room(5, ["p1"]), "pair")).toEqual(["p1/screen"]);
    expect(stage(room(5), "pair")).toEqual([]);
  });

  it("halve the stage the longer way", () => {
    const pair = { ...plain, layout: "pair" } as const;
    const wide = arrange(room(4, ["p1", "p2"]), desktop, pair);
    expect([wide.stacked, wide.strip]).toEqual([false, "below"]);
    expect(wide.stage).toEqual({ width: 620, height: 589 });
    const tall = arrange(room(4, ["p1", "p2"]), phone, pair);
    expect([tall.stacked, tall.strip]).toEqual([true, "below"]);
    expect(tall.stage).toEqual({ width: 374, height: 260 });
  });

  it("fill the whole screen when asked", () => {
    const choice = { ...plain, layout: "pair", fullScreen: true } as const;
    const scene = arrange(room(4, ["p1", "p2"]), desktop, choice);
    expect(scene.stage).toEqual({ width: 620, height: 680 });
    expect(keys(wantedIn(scene, "p0", 1))).toEqual(["p2/screen", "p1/screen"]);
  });
});

describe("what is wanted", () => {
  const scene = arrange(room(5, ["p1"]), desktop, plain);
  const here = { self: "p0", pixelRatio: 1, hidden: false, apart: null };
  const apart = { participant: "p1", height: 360 };

  it("is nothing of a page out of sight", () => {
    expect(keys(wantedNow(scene, here))).toEqual(["p1/screen", "p2/camera", "p4/camera"]);
    expect(wantedNow(scene, { ...here, hidden: true })).toEqual([]);
  });

  it("is the share alone, at its height there, while that stands in a window apart", () => {
    expect(wantedNow(scene, { ...here, hidden: true, apart })).toEqual([
      { participant: "p1", source: "screen", height: 360 },
    ]);
  });

  it("is once what is in both, at the larger height", () => {
    expect(wantedNow(scene, { ...here, apart })).toEqual(wantedNow(scene, here));
    const [share] = wantedNow(scene, { ...here, apart: { ...apart, height: 900 } });
    expect(share?.height).toBe(900);
    const faces = arrange(room(5, ["p1"]), desktop, {
      ...plain,
      pinned: "p2/camera",
      fullScreen: true,
    });
    expect(keys(wantedNow(faces, { ...here, apart }))).toEqual(["p1/screen", "p2/camera"]);
  });

  it("is nobody of another page of tiles", () => {
    const [first, second] = [0, 1].map((page) => arrange(room(40), desktop, { ...plain, page }));
    const seen = new Set(first?.tiles.map((t) => t.id));
    expect(second?.tiles.some((t) => seen.has(t.id))).toBe(false);
    const wanted = first && wantedNow(first, here);
    expect(wanted?.every(({ participant }) => seen.has(participant))).toBe(true);
  });
});

function stage(state: RoomState, layout: Layout, pinned = ""): readonly string[] {
  return arrange(state, desktop, { ...plain, layout, pinned }).heroes.map(heroKey);
}

function keys(wanted: readonly Wanted[]): string[] {
  return wanted.map(keyOf);
}
