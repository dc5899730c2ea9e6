import { describe, expect, it } from "vitest";
import { changes, Handles, type Seen, type Somebody, unseen } from "./events";

const ada: Somebody = { id: "part-ada", name: "Ada", role: "host", hand: false };
const bob: Somebody = { id: "part-bob", name: "Bob", role: "attendee", hand: false };
const me: Somebody = { id: "part-me", name: "Grace", role: "attendee", hand: false };
const inside: Seen = { ...unseen, self: me.id, people: [ada, me] };

/** The events of a row of moments, without those of the first. */
function toldOf(...moments: readonly Seen[]) {
  const handles = new Handles();
  let before = unseen;
  let told: readonly (readonly [string, object])[] = [];
  for (const seen of moments) {
    told = changes(before, seen, handles).map(({ type, payload }) => [type, payload] as const);
    before = seen;
  }
  return told;
}

describe("what the page around this one is told", () => {
  it("of coming in: who one is, who is there, and what is on", () => {
    expect(toldOf(inside)).toEqual([
      ["videoConferenceJoined", { id: "p1", displayName: "Grace", role: "attendee" }],
      ["participantJoined", { id: "p2", displayName: "Ada", role: "host" }],
      ["participantsCountChanged", { count: 2 }],
      ["audioMuteStatusChanged", { muted: true }],
      ["videoMuteStatusChanged", { muted: true }],
    ]);
  });

  it.each<[string, Seen, readonly (readonly [string, object])[]]>([
    [
      "somebody who comes",
      { ...inside, people: [ada, me, bob] },
      [
        ["participantJoined", { id: "p3", displayName: "Bob", role: "attendee" }],
        ["participantsCountChanged", { count: 3 }],
      ],
    ],
    [
      "somebody who goes",
      { ...inside, people: [me] },
      [
        ["participantLeft", { id: "p2" }],
        ["participantsCountChanged", { count: 1 }],
      ],
    ],
    [
      "another role, one's own too",
      { ...inside, people: [ada, { ...me, role: "presenter" }] },
      [["participantRoleChanged", { id: "p1", role: "presenter" }]],
    ],
    [
      "another name",
      { ...inside, people: [{ ...ada, name: "Ada L." }, me] },
      [["displayNameChange", { id: "p2", displayName: "Ada L." }]],
    ],
    [
      "a hand",
      { ...inside, people: [{ ...ada, hand: true }, me] },
      [["raiseHandUpdated", { id: "p2", handRaised: true }]],
    ],
    ["a microphone", { ...inside, muted: false }, [["audioMuteStatusChanged", { muted: false }]]],
    ["a camera", { ...inside, videoMuted: false }, [["videoMuteStatusChanged", { muted: false }]]],
    ["a share", { ...inside, sharing: true }, [["screenSharingStatusChanged", { on: true }]]],
    ["another layout", { ...inside, tiles: true }, [["tileViewChanged", { enabled: true }]]],
    [
      "a knock",
      { ...inside, knocking: [{ id: "part-eve", name: "Eve" }] },
      [["knockingParticipant", { id: "p3", displayName: "Eve" }]],
    ],
    [
      "the end",
      { ...unseen, over: true },
      [
        ["videoConferenceLeft", {}],
        ["readyToClose", {}],
      ],
    ],
    ["nothing new", { ...inside }, []],
  ])("of %s", (_, seen, told) => {
    expect(toldOf(inside, seen)).toEqual(told);
  });

  it("of a way back as somebody else is a leaving and a coming", () => {
    const again = { ...me, id: "part-again" };
    const told = toldOf(inside, { ...inside, self: again.id, people: [ada, again] });
    expect(told.map(([type]) => type).slice(0, 2)).toEqual([
      "videoConferenceLeft",
      "videoConferenceJoined",
    ]);
  });

  it("of a refusal is that it may be closed, and of nothing else", () => {
    expect(toldOf({ ...unseen, over: true })).toEqual([["readyToClose", {}]]);
  });

  it("has no ids of ours, and names as plain text", () => {
    const evil = { ...bob, name: `<b onclick="x">\u202e\u0007${"y".repeat(300)}` };
    const told = JSON.stringify(toldOf(inside, { ...inside, people: [ada, me, evil] }));
    expect(told).not.toContain("part-");
    for (const trick of ["\u202e", "\u0007", "\\u0007"]) expect(told).not.toContain(trick);
    expect(told.length).toBeLessThan(300);
  });
});

describe("a handle", () => {
  it("is somebody's while they are here, and nobody's then", () => {
    const handles = new Handles();
    expect([handles.of("a"), handles.of("b"), handles.of("a")]).toEqual(["p1", "p2", "p1"]);
    expect([handles.who("p2"), handles.who("p9"), handles.who("a")]).toEqual([
      "b",
      undefined,
      undefined,
    ]);
    handles.keep(new Set(["b"]));
    expect([handles.who("p1"), handles.of("a")]).toEqual([undefined, "p3"]);
  });

  it("stays one's own from the knock to the room", () => {
    const handles = new Handles();
    const knocking = [{ id: bob.id, name: "Bob" }];
    changes(unseen, { ...inside, knocking }, handles);
    const handle = handles.of(bob.id);
    changes({ ...inside, knocking }, { ...inside, people: [ada, me, bob] }, handles);
    expect(handles.of(bob.id)).toBe(handle);
  });
});
