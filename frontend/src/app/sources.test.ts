import { afterEach, describe, expect, it, vi } from "vitest";
import { device, machine, stopped } from "./devices.fixture";
import { Sources } from "./sources";

const [inside, headset] = [device("microphone", "inside"), device("microphone", "headset")];
const [front, back] = [device("camera", "front"), device("camera", "back")];

describe("a device that is changed", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("keeps its place in the line until the next is there, and is closed before", async () => {
    const { opened } = machine(inside, headset);
    const sources = new Sources();
    await sources.start("microphone");
    const choosing = sources.choose("microphone", "headset");
    expect(sources.microphone.value).toMatchObject({ state: "starting" });
    expect(sources.microphone.value.track).toBe(opened[0]?.track);
    expect(stopped(opened[0]?.track)).toBe(true);
    await choosing;
    expect(sources.microphone.value.track?.label).toBe("The headset");
  });

  it("is only noted while it is off", async () => {
    const { opened } = machine(front, back);
    const sources = new Sources();
    await sources.choose("camera", "back");
    expect(opened).toEqual([]);
  });

  it("stays closed once nobody is there to close it", async () => {
    const { opened } = machine(inside, front);
    const sources = new Sources();
    const starting = sources.start("camera");
    sources.close();
    await starting;
    await sources.start("microphone");
    expect(opened.map(({ track }) => stopped(track))).toEqual([true]);
    expect([sources.camera.value.state, sources.microphone.value.state]).toEqual(["off", "off"]);
  });

  it("makes speech clear unless the sound is wanted as it is", async () => {
    const { opened } = machine(inside);
    const sources = new Sources();
    await sources.start("microphone");
    const clear = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    expect(opened.at(-1)?.wish).toMatchObject(clear);
    await sources.setPlain(true);
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    expect(opened.at(-1)?.wish).toMatchObject(plain);
    expect(opened).toHaveLength(2);
    expect(stopped(opened[0]?.track)).toBe(true);
  });

  it("says that it was denied, or that it is the system's doing", async () => {
    const { world } = machine(inside);
    const sources = new Sources();
    for (const [message, trouble] of [
      ["Permission denied", "denied"],
      ["Permission denied by system", "system"],
    ] as const) {
      world.refuses = new DOMException(message, "NotAllowedError");
      await sources.start("microphone");
      expect(sources.microphone.value).toMatchObject({ state: "off", trouble });
    }
  });
});

describe("a blurred background", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("is offered where the browser has it, and for no camera without", async () => {
    const { world } = machine(front);
    const sources = new Sources();
    await sources.start("camera");
    expect(sources.canBlur.value).toBe(false);
    world.capabilities = { backgroundBlur: [true] }; // the system's own, which a page cannot change
    await sources.choose("camera", "front");
    expect(sources.canBlur.value).toBe(false);
    world.capabilities = { backgroundBlur: [false, true] };
    await sources.choose("camera", "front");
    expect(sources.canBlur.value).toBe(true);
  });

  it("is there before anybody has the picture", async () => {
    const { world } = machine(front);
    world.capabilities = { backgroundBlur: [false, true] };
    const sources = new Sources();
    await sources.setBlurred(true);
    await sources.start("camera");
    expect(sources.camera.value.track).toMatchObject({
      applied: { backgroundBlur: { exact: true } },
    });
  });

  it("lets no camera in that cannot", async () => {
    const { world, opened } = machine(front);
    const sources = new Sources();
    await sources.setBlurred(true);
    await sources.start("camera");
    expect(sources.camera.value).toMatchObject({ state: "off", trouble: "unblurred" });
    expect(stopped(opened[0]?.track)).toBe(true);
    world.capabilities = { backgroundBlur: [false, true] };
    await sources.start("camera");
    expect(sources.camera.value.state).toBe("on");
  });
});
