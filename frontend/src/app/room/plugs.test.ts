import { afterEach, describe, expect, it, vi } from "vitest";
import { device, machine, settled, stopped } from "../devices.fixture";
import { Sources } from "../sources";
import { Plugs } from "./plugs";

const [inside, headset] = [device("microphone", "inside"), device("microphone", "headset")];
const [front, back] = [device("camera", "front"), device("camera", "back")];

function setUp() {
  const sources = new Sources();
  return { sources, moved: new Plugs(sources).moved };
}

describe("a device that is unplugged", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("is stood in for by another, and comes back", async () => {
    const { plug } = machine(inside, headset);
    const { sources, moved } = setUp();
    const label = () => sources.microphone.value.track?.label;
    await sources.choose("microphone", "headset");
    await sources.start("microphone");
    expect(label()).toBe("The headset");
    await plug(inside);
    expect([sources.microphone.value.state, label()]).toEqual(["on", "The inside"]);
    expect(moved.value).toEqual({ kind: "microphone", back: false, label: "The inside" });
    expect(sources.chosen.value.microphone).toBe("headset");
    await plug(inside, headset);
    expect(label()).toBe("The headset");
    expect(moved.value).toEqual({ kind: "microphone", back: true, label: "The headset" });
  });

  it("is known again behind the name of the default, which is another device each time", async () => {
    const usual = (group: string) => device("microphone", "default", group);
    const { plug, opened } = machine(usual("headset"), inside, headset);
    const { sources, moved } = setUp();
    await sources.start("microphone");
    opened[0]?.track.onended?.(new Event("ended"));
    await plug(usual("inside"), inside);
    expect(moved.value?.back).toBe(false);
    await plug(usual("inside"), inside, headset);
    expect(opened.at(-1)?.id).toBe("headset");
    expect(moved.value?.back).toBe(true);
  });

  it("is off when there is no other, and stays off until the person wants it", async () => {
    const { plug } = machine(front);
    const { sources } = setUp();
    await sources.start("camera");
    await plug();
    expect(sources.camera.value).toMatchObject({ state: "off", track: null, trouble: "lost" });
    await plug(front);
    expect(sources.camera.value.state).toBe("off");
    await sources.start("camera");
    expect(sources.camera.value).toMatchObject({ state: "on", trouble: null });
  });

  it("is not opened behind the back of somebody who muted meanwhile", async () => {
    const { plug, opened } = machine(inside, headset);
    const { sources } = setUp();
    await sources.choose("microphone", "headset");
    await sources.start("microphone");
    await plug(inside);
    sources.stop("microphone");
    const before = opened.length;
    await plug(inside, headset);
    expect(sources.microphone.value).toMatchObject({ state: "off", track: null });
    expect(opened).toHaveLength(before);
    expect(opened.every(({ track }) => stopped(track))).toBe(true);
  });

  it("comes back, too, when it was away as the source was turned on", async () => {
    const { world, plug } = machine(front, back);
    const { sources, moved } = setUp();
    await sources.choose("camera", "back");
    world.plugged = [front];
    await sources.start("camera");
    expect(moved.value).toMatchObject({ kind: "camera", back: false });
    await plug(front, back);
    expect(sources.camera.value.track?.label).toBe("The back");
  });

  it("was not unplugged when it is still there: then somebody closed it, and it stays closed", async () => {
    const { opened } = machine(inside, headset);
    const { sources } = setUp();
    await sources.start("microphone");
    opened[0]?.track.onended?.(new Event("ended"));
    await settled();
    expect(sources.microphone.value).toMatchObject({ state: "off", trouble: "stopped" });
    expect(opened).toHaveLength(1);
  });

  it("gives the sound to the default speaker, and takes it back", async () => {
    const [desk, ear] = [device("speaker", "desk"), device("speaker", "ear")];
    const { plug } = machine(desk, ear);
    const { sources, moved } = setUp();
    await sources.choose("speaker", "ear");
    expect(sources.speaker.value).toBe("ear");
    await plug(desk);
    expect(sources.speaker.value).toBe("");
    expect(moved.value).toMatchObject({ kind: "speaker", back: false });
    await plug(desk, ear);
    expect(sources.speaker.value).toBe("ear");
    expect(moved.value).toEqual({ kind: "speaker", back: true, label: "The ear" });
  });
});
