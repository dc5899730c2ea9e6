import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeFrame, type FakePage, inBrowser } from "./browser.fixture";
import { ConclaveMeeting } from "./meeting";
import { commands, events } from "./protocol";

let page: FakePage;
let frame: FakeFrame;
let place: Node;

beforeEach(() => {
  vi.useFakeTimers();
  ({ page, frame, place } = inBrowser());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = (options: object = {}) =>
  new ConclaveMeeting("meet.example.org", {
    number: "23456789012",
    secret: "s3cret",
    parentNode: place,
    ...options,
  });

const says = (data: object) => page.gets({ v: 1, ...data }, frame.contentWindow);

function inMeeting(options: object = {}): ConclaveMeeting {
  const meeting = open(options);
  frame.loads();
  says({ hello: frame.last()["hello"], commands, events });
  return meeting;
}

describe("a meeting in a page", () => {
  it("is a frame with all rights it needs, that learns the page's origin alone", () => {
    open({ width: 800, lang: "de-AT" });
    expect(frame.attributes).toEqual({
      src: "https://meet.example.org/embed/23456789012#s3cret",
      allow: "camera; microphone; display-capture; autoplay; fullscreen; clipboard-write",
      referrerPolicy: "origin",
      title: "Besprechung",
    });
    expect(frame.style).toEqual({ border: "0", width: "800px", height: "600px" });
    expect(place).toMatchObject({ children: [frame] });
  });

  it("says the link's secret to the frame's address and nowhere else", () => {
    inMeeting({
      displayName: "Grace",
      jwt: "a.b.c",
      startWithAudioMuted: true,
      theme: { accent: "#2457A7" },
    });
    expect(JSON.stringify(frame.sent)).not.toContain("s3cret");
    expect(frame.sent[0]?.message["options"]).toEqual({
      displayName: "Grace",
      jwt: "a.b.c",
      startWithAudioMuted: true,
      theme: { accent: "#2457A7" },
    });
  });

  const wrong: readonly [object, RegExp][] = [
    [{ displayName: 5 }, /displayName/],
    [{ displayName: "x".repeat(101) }, /displayName/],
    [{ lang: {} }, /lang/],
    [{ jwt: 1 }, /jwt/],
    [{ jwt: "x".repeat(4000) }, /jwt is too long/],
    [{ startWithAudioMuted: "yes" }, /startWithAudioMuted/],
    [{ startWithVideoMuted: 1 }, /startWithVideoMuted/],
    [{ theme: { accent: "red" } }, /accent/],
    [{ parentNode: "#here" }, /parentNode/],
    [{ number: 23456789012 }, /number/],
  ];
  it.each(wrong)(
    "%j is refused with what to change, before anything is in the page",
    (options, words) => {
      expect(() => open(options)).toThrow(words);
      expect(place).toMatchObject({ children: [] });
      expect(page.heard).toEqual([]);
    },
  );

  it("is refused without options, too", () => {
    expect(() => Reflect.construct(ConclaveMeeting, ["meet.example.org"])).toThrow(/number/);
  });

  it("is gone after dispose, and may be taken away twice", () => {
    const meeting = inMeeting();
    const heard = vi.fn();
    meeting.on("readyToClose", heard);
    meeting.dispose();
    meeting.dispose();
    expect(frame.removed).toBe(true);
    expect([page.heard, frame.heard]).toEqual([[], []]);
    says({ type: "readyToClose" });
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("events", () => {
  it("are heard by those who listen, as text and nothing else", () => {
    const meeting = inMeeting();
    const [one, two, once] = [vi.fn(), vi.fn(), vi.fn()];
    meeting
      .on("participantJoined", one)
      .addListener("participantJoined", two)
      .once("participantJoined", once);
    const displayName = "<img src=x onerror=alert(1)>\u202e";
    says({
      type: "participantJoined",
      payload: { id: "p1", displayName, role: "attendee", __proto: 1 },
    });
    meeting.off("participantJoined", one);
    says({ type: "participantJoined", payload: { id: "p2" } });
    meeting.removeListener("participantJoined", two);
    says({ type: "participantJoined", payload: { id: "p3" } });
    expect(one.mock.calls).toEqual([
      [{ id: "p1", displayName: "<img src=x onerror=alert(1)>", role: "attendee" }],
    ]);
    expect(two).toHaveBeenCalledTimes(2);
    expect(once).toHaveBeenCalledTimes(1);
  });

  it("come to each listener once, and to the others when one fails", () => {
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    const meeting = inMeeting();
    const heard = vi.fn();
    meeting.on("readyToClose", () => {
      throw new Error("the embedder's");
    });
    meeting.on("readyToClose", heard).on("readyToClose", heard);
    says({ type: "readyToClose", payload: {} });
    expect(heard.mock.calls).toEqual([[{}]]);
    expect(reported).toHaveBeenCalledOnce();
  });

  it("that there are not are an error, unless the frame has them", () => {
    const meeting = open();
    const listen = (name: string) => Reflect.apply(meeting.on, meeting, [name, () => {}]);
    expect(() => listen("videoConferenceJoind")).toThrow(/no event videoConferenceJoind/);
    expect(() => listen("constructor")).toThrow(TypeError);
    expect(() => Reflect.apply(meeting.on, meeting, ["readyToClose", "x"])).toThrow(/function/);
    frame.loads();
    says({ hello: frame.last()["hello"], commands: ["dance"], events: ["danced"] });
    expect(() => listen("danced")).not.toThrow();
    expect([meeting.getSupportedCommands(), meeting.getSupportedEvents()]).toEqual([
      ["dance"],
      ["danced"],
    ]);
  });

  it("tell of a frame that does not answer, and whom to ask", async () => {
    const meeting = open();
    const failed = vi.fn();
    meeting.on("errorOccurred", failed);
    frame.loads();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(failed).toHaveBeenCalledOnce();
    expect(failed.mock.calls[0]?.[0]).toMatchObject({
      error: "frame_not_loaded",
      sentence: expect.stringContaining("https://www.example.com"),
    });
  });
});

describe("questions", () => {
  it("are answered with what they are about, whatever comes", async () => {
    const meeting = inMeeting();
    const ask = async <T>(question: () => Promise<T>, result: unknown): Promise<T> => {
      const answer = question();
      says({ reply: frame.last()["id"], ok: true, result });
      return answer;
    };
    const ada = { id: "p1", displayName: "Ada", role: "host" };
    expect(await ask(() => meeting.isAudioMuted(), true)).toBe(true);
    expect(await ask(() => meeting.isVideoMuted(), "yes")).toBe(false);
    expect(await ask(() => meeting.isSharingScreen(), false)).toBe(false);
    expect(await ask(() => meeting.getNumberOfParticipants(), 3)).toBe(3);
    expect(await ask(() => meeting.getParticipantsInfo(), [ada, null, { id: 5 }])).toEqual([ada]);
    expect(await ask(() => meeting.getParticipantsInfo(), "all")).toEqual([]);
    expect(await ask(() => meeting.executeCommand("isAudioMuted"), true)).toBe(true);
    expect(await ask(() => meeting.executeCommand("isVideoMuted"), {})).toBe(false);
    expect(await ask(() => meeting.executeCommand("getNumberOfParticipants"), 2)).toBe(2);
    expect(await ask(() => meeting.executeCommand("getParticipantsInfo"), [ada, 1])).toEqual([ada]);
    expect(await ask(() => meeting.executeCommand("toggleAudio"), { asked: true })).toEqual({
      asked: true,
    });
    expect(await ask(() => meeting.executeCommand("hangup"), undefined)).toEqual({});
  });
});

it("needs no catch for what was asked before it was taken away, but for what else is refused", async () => {
  vi.useRealTimers();
  const missed: unknown[] = [];
  const miss = (reason: unknown) => missed.push(reason);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", miss);
  try {
    const meeting = inMeeting();
    void meeting.executeCommand("toggleChat");
    says({ reply: frame.last()["id"], ok: false, error: "not_in_meeting" });
    await new Promise((done) => setTimeout(done, 5));
    expect(missed.splice(0)).toMatchObject([{ code: "not_in_meeting" }]);
    void meeting.executeCommand("hangup");
    void meeting.executeCommand("isAudioMuted");
    void meeting.getParticipantsInfo();
    meeting.dispose();
    await new Promise((done) => setTimeout(done, 5));
    expect(missed).toEqual([]);
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
});

it("has a version that holds", () => {
  expect(ConclaveMeeting.version).toMatch(/^1\.\d+\.\d+$/);
});
