import { describe, expect, it } from "vitest";
import type { Frames } from "./frames";
import { SendLine } from "./lines";

/** A sender whose tracks take a while to go in, as they do. */
function setUp(attached = true) {
  const went: (string | null)[] = [];
  let encodings: { rid?: string; active: boolean }[] = [{ active: true }];
  const sender = {
    track: null as MediaStreamTrack | null,
    getParameters: () => ({ encodings: encodings.map((encoding) => ({ ...encoding })) }),
    async setParameters(given: { encodings: typeof encodings }) {
      await Promise.resolve();
      if (sender.refuses) throw new DOMException("not now", "InvalidStateError");
      encodings = given.encodings;
      const on = encodings.filter(({ active }) => active);
      went.push(on.map(({ rid }) => rid ?? "on").join("") || "off");
    },
    simulcast() {
      encodings = ["q", "h", "f"].map((rid) => ({ rid, active: true }));
    },
    refuses: false,
    async replaceTrack(track: MediaStreamTrack | null) {
      await Promise.resolve();
      sender.track = track;
      went.push(track?.id ?? null);
    },
  };
  const frames = { guard: () => ({ id: 1, attached: Promise.resolve(attached) }) };
  const line = new SendLine(
    "camera",
    sender as unknown as RTCRtpSender,
    frames as unknown as Frames,
  );
  return { line, sender, went };
}

const track = (id: string) => ({ id }) as MediaStreamTrack;

describe("a send line", () => {
  it("takes a track, and gives it back", async () => {
    const { line, went } = setUp();
    expect(await line.put(track("a"))).toBe(true);
    expect(line.live).toBe(true);
    expect(await line.put(null)).toBe(true);
    expect(line.live).toBe(false);
    expect(went).toEqual(["a", null]);
  });

  it("takes none that the worker does not have in hand", async () => {
    const { line, went } = setUp(false);
    expect(await line.put(track("a"))).toBe(false);
    expect(line.live).toBe(false);
    expect(went).toEqual([]);
  });

  it("is empty while it is held, and then has what is wanted by then", async () => {
    const { line, sender } = setUp();
    await line.put(track("a"));
    await line.hold();
    expect(sender.track).toBeNull();
    expect(line.live).toBe(true);
    expect(await line.put(track("b"))).toBe(true);
    expect(sender.track).toBeNull();
    await line.release();
    expect(sender.track?.id).toBe("b");
  });

  it("stays empty when what was in it is stopped while it is held", async () => {
    const { line, sender } = setUp();
    await line.put(track("a"));
    await line.hold();
    await line.put(null);
    await line.release();
    expect(sender.track).toBeNull();
  });

  it.each(["hold", "close"] as const)("is empty after a %s while a track goes in", async (how) => {
    const { line, sender } = setUp();
    const put = line.put(track("a"));
    await Promise.all([put, line[how]()]);
    expect(sender.track).toBeNull();
    expect(await put).toBe(how === "hold");
  });

  it("takes nothing once closed, whatever is released", async () => {
    const { line, sender } = setUp();
    await line.put(track("a"));
    await line.hold();
    await line.close();
    await line.release();
    expect(await line.put(track("b"))).toBe(false);
    expect(sender.track).toBeNull();
    expect(line.live).toBe(false);
  });
});

describe("a line that stands still", () => {
  it("stops its encoder before the picture goes in, and starts it before what moves does", async () => {
    const { line, went } = setUp();
    await line.put(track("moves"));
    await line.put(track("picture"), true);
    await line.put(track("moves"));
    await line.put(null);
    expect(went).toEqual(["moves", "off", "picture", "on", "moves", null]);
  });

  it("has the picture encoded while it is drawn again, and no longer", async () => {
    const { line, went } = setUp();
    await line.put(track("picture"), true);
    went.length = 0;
    await line.repeat(async () => void went.push("drawn"));
    expect(went).toEqual(["on", "drawn", "off"]);
  });

  it("moves again though it was being drawn when that was asked", async () => {
    const { line, went, sender } = setUp();
    await line.put(track("picture"), true);
    went.length = 0;
    await line.repeat(async () => void (await line.put(track("moves"))));
    expect(went).toEqual(["on", "moves"]);
    expect(sender.track?.id).toBe("moves");
  });

  it("has the picture in, whatever becomes of the encoder", async () => {
    const { line, sender } = setUp();
    await line.put(track("moves"));
    sender.refuses = true;
    expect(await line.put(track("picture"), true)).toBe(true);
    expect(sender.track?.id).toBe("picture");
  });
});

describe("a line of which nobody takes everything", () => {
  it("makes what is taken, and all again", async () => {
    const { line, sender, went } = setUp();
    sender.simulcast();
    await line.put(track("face"));
    await line.take(["q"]);
    await line.take([]);
    await line.take(["q", "f"]);
    await line.take(null);
    expect(went).toEqual(["face", "q", "off", "qf", "qhf"]);
  });

  it("makes the only one there is while any is taken", async () => {
    const { line, went } = setUp();
    await line.take(["f"]);
    await line.take([]);
    await line.take(["q"]);
    expect(went).toEqual(["on", "off", "on"]);
  });

  it("makes nothing of a picture that stands still, whoever takes it", async () => {
    const { line, sender, went } = setUp();
    sender.simulcast();
    await line.put(track("picture"), true);
    await line.take(["f"]);
    expect(went).toEqual(["off", "picture"]);
    await line.put(track("moves"));
    expect(went).toEqual(["off", "picture", "f", "moves"]);
  });

  it("keeps making what it did when the browser refuses, until it is told again", async () => {
    const { line, sender, went } = setUp();
    sender.simulcast();
    sender.refuses = true;
    await line.take(["q"]);
    sender.refuses = false;
    await line.put(track("face"));
    expect(went).toEqual(["q", "face"]);
  });
});
