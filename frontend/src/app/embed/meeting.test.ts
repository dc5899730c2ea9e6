import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CommandId } from "../../model/command";
import { readCommand } from "../../model/embed/commands";
import { Handles, type Told } from "../../model/embed/events";
import type { Entered } from "../around";
import { Meeting } from "./meeting";

const me = { id: "part-me", name: "Grace", role: "attendee", owner: false };
const ada = { id: "part-ada", name: "Ada", role: "host", owner: true };
const bob = { id: "part-bob", name: "Bob", role: "attendee", owner: false, hand: 5 };
const local = () => signal({ state: "off", trouble: null as string | null });

/** A meeting with somebody in it who has those buttons and rights, and what they did. */
function inMeeting({
  buttons = [] as CommandId[],
  rights = [] as string[],
  handles = new Handles(),
} = {}) {
  const did: unknown[] = [];
  const act =
    (name: string) =>
    (...given: unknown[]) =>
      did.push([name, ...given]);
  const phase = signal<object>({ at: "inside" });
  const people = signal([ada, me, bob]);
  const knockers = signal<object[]>([]);
  const sources = { microphone: local(), camera: local(), screen: local(), start: act("start") };
  const layout = signal({ layout: "automatic" });
  const room = {
    phase,
    sources,
    state: signal({ self: me.id }),
    self: signal(me),
    viewing: { choice: layout },
    moderation: Object.fromEntries(
      ["muteAll", "setRules", "admit", "deny"].map((name) => [name, act(name)]),
    ),
    isOver: () => "left" === Reflect.get(phase.value, "at"),
    leave: act("leave"),
  };
  const panels = { about: signal(""), dialog: signal("none") };
  const commands = () =>
    Object.fromEntries(buttons.map((id) => [id, { id, label: id, run: act(id) }]));
  const may = (action: string) => rights.includes(action);
  const entered = {
    ...{ room, panels, commands, may, people: () => people.value },
    knockers: () => (may("admit_people") ? knockers.value : []),
    pin: act("pin"),
  } as unknown as Entered;
  const told: Told[] = [];
  const meeting = new Meeting(entered, handles, (events) => told.push(...events));
  const wants = (name: string, args = {}) => {
    const wish = readCommand(name, new Map(Object.entries(args)));
    if (typeof wish === "string") throw new Error(wish);
    return meeting.obey(wish);
  };
  return { ...{ meeting, wants, did, told, phase, people, knockers, sources, layout, panels } };
}

const asked = { result: { asked: true } };
const notAllowed = { error: "not_allowed" };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what sends something", () => {
  it.each([
    ["toggleAudio", "microphone", "microphone", "microphone"],
    ["toggleVideo", "camera", "camera", "camera"],
    ["toggleShareScreen", "screen", "share", "stopSharing"],
  ] as const)("%s: never turned on, but turned off at once", (name, source, on, off) => {
    const { meeting, wants, did, sources } = inMeeting({ buttons: [on, off] });
    expect(wants(name)).toEqual(asked);
    expect(did).toEqual([]);
    expect(meeting.asks.value.map(({ text }) => text)).toEqual([
      expect.stringContaining("asks you"),
    ]);
    sources[source].value = { state: "on", trouble: null };
    expect(meeting.asks.value).toEqual([]);
    expect(wants(name)).toEqual({});
    expect(did).toEqual([[off]]);
  });

  it("is turned on by the person's own act, or not", () => {
    const { meeting, wants, did } = inMeeting({ buttons: ["microphone", "camera", "share"] });
    for (const name of ["toggleAudio", "toggleVideo", "toggleShareScreen"]) wants(name);
    const [microphone, camera, screen] = meeting.asks.value;
    vi.advanceTimersByTime(700);
    microphone?.act?.run();
    camera?.dismiss();
    screen?.act?.run();
    expect(did).toEqual([["start", "microphone"], ["share"]]);
    expect(meeting.asks.value).toEqual([]);
  });

  it("is turned on by no click that was meant for what stood there before", () => {
    const { meeting, wants, did } = inMeeting({ buttons: ["microphone"] });
    wants("toggleAudio");
    const [question] = meeting.asks.value;
    vi.advanceTimersByTime(600);
    wants("toggleAudio");
    question?.act?.run();
    expect([did.length, meeting.asks.value.length]).toEqual([0, 1]);
    vi.advanceTimersByTime(100);
    question?.act?.run();
    expect(did).toEqual([["start", "microphone"]]);
  });

  it("is not asked for again soon of who said no, which the page does not learn", () => {
    const { meeting, wants } = inMeeting({ buttons: ["microphone", "camera"] });
    wants("toggleAudio");
    meeting.asks.value[0]?.dismiss();
    vi.advanceTimersByTime(29_900);
    expect(wants("toggleAudio")).toEqual(asked);
    expect(meeting.asks.value).toEqual([]);
    wants("toggleVideo");
    expect(meeting.asks.value).toHaveLength(1);
    vi.advanceTimersByTime(100);
    wants("toggleAudio");
    expect(meeting.asks.value).toHaveLength(2);
  });

  it("is not even asked of who may not, however often", () => {
    const { meeting, wants } = inMeeting();
    for (const name of ["toggleAudio", "toggleVideo", "toggleShareScreen"]) {
      expect(wants(name)).toEqual(notAllowed);
    }
    expect(meeting.asks.value).toEqual([]);
  });

  it("is asked for once, however often the page asks", () => {
    const { meeting, wants } = inMeeting({ buttons: ["microphone"] });
    for (let i = 0; i < 100; i++) wants("toggleAudio");
    expect(meeting.asks.value).toHaveLength(1);
  });
});

describe("a command", () => {
  it.each([
    ["toggleChat", {}, "chat"],
    ["toggleParticipantsPane", {}, "participants"],
    ["toggleRaiseHand", {}, "hand"],
    ["toggleTileView", {}, "layoutGrid"],
    ["setTileView", { enabled: true }, "layoutGrid"],
    ["setTileView", { enabled: false }, "layoutAutomatic"],
  ] as const)("%s %j is a button's, and refused without it", (name, args, button) => {
    const { wants, did } = inMeeting({ buttons: [button] });
    expect(wants(name, args)).toEqual({});
    expect(did).toEqual([[button]]);
    expect(inMeeting().wants(name, args)).toEqual(notAllowed);
  });

  it.each([
    ["muteEveryone", { mediaType: "audio" }, "mute_others", ["muteAll"]],
    ["toggleLobby", { enabled: true }, "set_rules", ["setRules", { lobby: true }]],
  ] as const)("%s is for who may", (name, args, right, act) => {
    const { wants, did } = inMeeting({ rights: [right] });
    expect(wants(name, args)).toEqual({});
    expect(did).toEqual([act]);
    const other = inMeeting({ rights: ["admit_people"] });
    expect(other.wants(name, args)).toEqual(notAllowed);
    expect(other.did).toEqual([]);
  });

  it("that sends people away only asks", () => {
    const { wants, did, panels } = inMeeting({ buttons: ["end"], rights: ["expel_people"] });
    expect(wants("endConference")).toEqual(asked);
    expect(did).toEqual([["end"]]); // the button, which opens a question
    expect(wants("kickParticipant", { participantId: "p3" })).toEqual(asked);
    expect([panels.about.value, panels.dialog.value]).toEqual([bob.id, "expel"]);
    for (const who of ["p1", "p2", "p9"]) {
      expect(wants("kickParticipant", { participantId: who })).toEqual(notAllowed);
    }
  });

  it("kicks nobody for who may not", () => {
    const { wants, panels } = inMeeting();
    expect(wants("kickParticipant", { participantId: "p3" })).toEqual(notAllowed);
    expect(panels.dialog.value).toBe("none");
  });

  it("answers who knocks, for who may", () => {
    const { wants, did, knockers, told } = inMeeting({ rights: ["admit_people"] });
    knockers.value = [{ participant: "part-eve", name: "Eve" }];
    const id = told.find(({ type }) => type === "knockingParticipant")?.payload["id"];
    expect(wants("answerKnockingParticipant", { participantId: id, approved: true })).toEqual({});
    expect(wants("answerKnockingParticipant", { participantId: id, approved: false })).toEqual({});
    expect(did).toEqual([
      ["admit", ["part-eve"]],
      ["deny", "part-eve"],
    ]);
    expect(wants("answerKnockingParticipant", { participantId: "p2", approved: true })).toEqual(
      notAllowed,
    );
    const other = inMeeting();
    other.knockers.value = knockers.value;
    expect(other.told.some(({ type }) => type === "knockingParticipant")).toBe(false);
  });

  it("pins somebody whom the person sees, or nobody", () => {
    const { wants, did } = inMeeting();
    expect(wants("pinParticipant", { participantId: "p2" })).toEqual({});
    expect(wants("pinParticipant", { participantId: null })).toEqual({});
    expect(did).toEqual([
      ["pin", ada.id],
      ["pin", ""],
    ]);
    for (const who of ["p1", "p77"]) {
      expect(wants("pinParticipant", { participantId: who })).toEqual(notAllowed);
    }
  });

  it("tells what one sees, and no more of people than that", () => {
    const { wants, people } = inMeeting();
    expect(wants("getNumberOfParticipants")).toEqual({ result: 3 });
    people.value = [me, ada];
    expect(wants("getParticipantsInfo")).toEqual({
      result: [
        { id: "p1", displayName: "Grace", role: "attendee" },
        { id: "p2", displayName: "Ada", role: "host" },
      ],
    });
    expect([wants("isAudioMuted"), wants("isVideoMuted"), wants("isSharingScreen")]).toEqual([
      { result: true },
      { result: true },
      { result: false },
    ]);
  });

  it("changes no name and no password any more", () => {
    const { wants } = inMeeting();
    expect(wants("displayName", { displayName: "Eve" })).toEqual(notAllowed);
    expect(wants("password", { password: "x" })).toEqual(notAllowed);
  });

  it("out of the meeting is refused, but who waits may leave", async () => {
    const { wants, did, phase } = inMeeting({ buttons: ["chat"] });
    phase.value = { at: "waiting" };
    expect(wants("toggleChat")).toEqual({ error: "not_in_meeting" });
    expect(wants("hangup")).toEqual({});
    expect(did, "before the answer").toEqual([]);
    await Promise.resolve();
    expect(did).toEqual([["leave"]]);
    phase.value = { at: "left" };
    expect(wants("hangup")).toEqual({ error: "not_in_meeting" });
  });
});

describe("the page around", () => {
  it("is told of the meeting, but not of a connection that comes back", () => {
    const { told, phase, people } = inMeeting();
    expect(told.map(({ type }) => type)).toContain("videoConferenceJoined");
    expect(told.find(({ type }) => type === "raiseHandUpdated")?.payload).toEqual({
      id: "p3",
      handRaised: true,
    });
    told.length = 0;
    phase.value = { at: "lost" };
    people.value = [];
    people.value = [ada, me, bob];
    phase.value = { at: "inside" };
    expect(told).toEqual([]);
    phase.value = { at: "left" };
    expect(told.map(({ type }) => type)).toEqual(["videoConferenceLeft", "readyToClose"]);
  });

  it("never hears one handle for two people, though the person leaves and comes again", () => {
    const handles = new Handles();
    const first = inMeeting({ handles });
    first.phase.value = { at: "left" };
    first.meeting.close();
    const again = inMeeting({ handles });
    const idsOf = ({ told }: typeof first) =>
      new Set(told.filter(({ type }) => type === "participantJoined").map((t) => t.payload["id"]));
    expect([...idsOf(first)].filter((id) => idsOf(again).has(id))).toEqual([]);
    expect(idsOf(again).size).toBe(2);
  });

  it("is told nothing once the door is there again", () => {
    const { meeting, told, sources } = inMeeting();
    meeting.close();
    told.length = 0;
    sources.microphone.value = { state: "on", trouble: null };
    expect(told).toEqual([]);
  });
});

describe("a device that was refused", () => {
  it.each([
    [100, ["microphone"]],
    [1_000, []],
  ])("after %d ms", (milliseconds, vain) => {
    const { meeting, sources } = inMeeting();
    sources.microphone.value = { state: "starting", trouble: null };
    vi.advanceTimersByTime(milliseconds);
    sources.microphone.value = { state: "off", trouble: "denied" };
    expect(meeting.vain.value).toEqual(vain);
    sources.microphone.value = { state: "off", trouble: null };
    expect(meeting.vain.value).toEqual([]);
  });
});
