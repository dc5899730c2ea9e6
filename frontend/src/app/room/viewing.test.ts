import { computed, signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Picture } from "../../model/picture";
import { nobody, type Person, type RoomState } from "../../model/room";
import { keyOf } from "../../model/slots";
import { Viewing } from "./viewing";

/** A video that floats, as Safari has it. */
function floater() {
  const frame = Object.assign(new EventTarget(), { height: 240 });
  const video = Object.assign(new EventTarget(), {
    srcObject: null as unknown,
    play: async () => {},
    requestPictureInPicture: async () => frame,
  });
  vi.stubGlobal("documentPictureInPicture", undefined);
  Object.assign(document, { pictureInPictureEnabled: true, createElement: () => video });
  return { frame, video };
}

/** A page that can be out of sight, and a window apart that can be closed. */
function browser() {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const opened = Object.assign(new EventTarget(), {
    innerHeight: 300,
    closed: 0,
    close: () => opened.closed++,
    document: {
      body: { style: {}, append: () => {} },
      documentElement: {},
      createElement: () => video,
    },
  });
  const video: Partial<Record<"srcObject" | "ariaLabel", unknown>> & {
    style: { visibility?: string };
  } = { style: {} };
  vi.stubGlobal("document", Object.assign(page, { documentElement: { lang: "en" } }));
  vi.stubGlobal("screen", { width: 1280, height: 800 });
  vi.stubGlobal("documentPictureInPicture", { requestWindow: async () => opened });
  const look = (visible: boolean) => {
    page.visibilityState = visible ? "visible" : "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { look, opened, video };
}

function setUp() {
  const outside = browser();
  const live = [{ source: "camera" }] as const;
  const people = ["self", "a", "b"].map(
    (id, i): Person => ({
      ...{ id, leaf: i, owner: i === 0, role: "attendee", joined: i, live },
      ...{ name: id, org: "Acme", guest: false, key: id },
    }),
  );
  const state = signal<RoomState>({ ...nobody, self: "self", people, shares: ["a"] });
  const pictures = signal<ReadonlyMap<string, Picture>>(
    new Map([["a/screen", { stream: "stream of a" as unknown as MediaStream, open: true }]]),
  );
  const viewing = new Viewing(state, () => pictures.value);
  viewing.measured(1200, 700, 1);
  const wanted = computed(() => viewing.wanted.value.map(keyOf));
  return { ...outside, state, pictures, viewing, wanted };
}

const everything = ["a/screen", "a/camera", "b/camera"];

describe("viewing", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("wants nothing of a page that is out of sight for a while, and all at once when it is back", () => {
    const { wanted, look } = setUp();
    expect(wanted.value).toEqual(everything);
    look(false);
    vi.advanceTimersByTime(1_000);
    expect(wanted.value).toEqual(everything);
    vi.advanceTimersByTime(5_000);
    expect(wanted.value).toEqual([]);
    look(true);
    expect(wanted.value).toEqual(everything);
  });

  it("does not notice somebody who only looks away for a moment", () => {
    const { wanted, look } = setUp();
    look(false);
    vi.advanceTimersByTime(1_000);
    look(true);
    vi.advanceTimersByTime(10_000);
    expect(wanted.value).toEqual(everything);
  });

  it("wants the share of a window apart, seen or not, and nothing once that is closed", async () => {
    const { viewing, wanted, look, opened } = setUp();
    await viewing.openApart("What a shares");
    look(false);
    vi.advanceTimersByTime(5_000);
    expect(viewing.wanted.value).toEqual([{ participant: "a", source: "screen", height: 300 }]);
    opened.dispatchEvent(new Event("pagehide"));
    expect(viewing.apart).toBe(false);
    expect(wanted.value).toEqual([]);
  });

  it("covers the window apart whenever the stage is covered", async () => {
    const { viewing, pictures, video } = setUp();
    await viewing.openApart("What a shares");
    expect(video).toMatchObject({ srcObject: "stream of a", style: { visibility: "visible" } });
    const { stream } = pictures.value.get("a/screen") as Picture;
    pictures.value = new Map([["a/screen", { stream, open: false }]]);
    expect(video.style.visibility).toBe("hidden");
    pictures.value = new Map();
    expect(video.style.visibility).toBe("hidden");
  });

  it("closes the window apart with the last share, and with the room", async () => {
    for (const over of ["share", "room"]) {
      const { viewing, state, opened } = setUp();
      await viewing.openApart("What a shares");
      if (over === "share") state.value = { ...state.value, shares: [] };
      else viewing.close();
      expect([viewing.apart, opened.closed]).toEqual([false, 1]);
    }
  });

  it("has a video float where a page cannot have a window apart", async () => {
    const { viewing, look, pictures } = setUp();
    const { frame, video } = floater();
    await viewing.openApart("What a shares");
    expect(video.srcObject).toBe("stream of a");
    look(false);
    vi.advanceTimersByTime(5_000);
    frame.height = 480;
    frame.dispatchEvent(new Event("resize"));
    expect(viewing.wanted.value).toEqual([{ participant: "a", source: "screen", height: 480 }]);
    pictures.value = new Map();
    expect(video.srcObject).toBeNull();
    video.dispatchEvent(new Event("leavepictureinpicture"));
    expect([viewing.apart, viewing.wanted.value]).toEqual([false, []]);
  });

  it("leaves full screen when there is nothing to fill it", () => {
    const { viewing, state } = setUp();
    viewing.show({ fullScreen: true });
    state.value = { ...state.value, shares: [] };
    expect(viewing.choice.value.fullScreen).toBe(false);
  });

  it("pins one picture at a time, and lets go of it by the same button", () => {
    const { viewing } = setUp();
    viewing.pin("b/camera");
    viewing.pin("a/screen");
    expect(viewing.choice.value.pinned).toBe("a/screen");
    viewing.pin("a/screen");
    expect(viewing.choice.value.pinned).toBe("");
  });
});
