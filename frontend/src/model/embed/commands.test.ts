import { describe, expect, it } from "vitest";
import { commandNames, readCommand } from "./commands";

const given = (args: Record<string, unknown>) => new Map(Object.entries(args));

describe("a command", () => {
  it("is one of those that are named", () => {
    expect(commandNames).toHaveLength(22);
    for (const name of commandNames)
      expect(readCommand(name, new Map())).not.toBe("unknown_command");
    for (const name of ["", "leave", "__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(readCommand(name, new Map())).toBe("unknown_command");
    }
  });

  it.each<[string, Record<string, unknown>, object]>([
    ["displayName", { displayName: "Ada" }, { text: "Ada" }],
    ["displayName", { displayName: "\u202eA\u0007da" }, { text: "Ada" }],
    ["password", { password: "p@\u00e9 " }, { text: "p@\u00e9 " }],
    ["setTileView", { enabled: true }, { on: true }],
    ["toggleLobby", { enabled: false }, { on: false }],
    ["muteEveryone", { mediaType: "audio" }, {}],
    ["kickParticipant", { participantId: "p12" }, { who: "p12" }],
    ["pinParticipant", { participantId: "p1" }, { who: "p1" }],
    ["pinParticipant", { participantId: null }, { who: "" }],
    [
      "answerKnockingParticipant",
      { participantId: "p3", approved: false },
      { who: "p3", on: false },
    ],
    ["toggleAudio", { anything: 1 }, { who: "", on: false, text: "" }],
  ])("%s with %j", (name, args, wish) => {
    expect(readCommand(name, given(args))).toMatchObject({ do: name, ...wish });
  });

  it.each<[string, Record<string, unknown>]>([
    ["displayName", {}],
    ["displayName", { displayName: "" }],
    ["displayName", { displayName: "\u0000" }],
    ["displayName", { displayName: "x".repeat(101) }],
    ["displayName", { displayName: 5 }],
    ["password", { password: "" }],
    ["password", { password: "x".repeat(101) }],
    ["setTileView", {}],
    ["setTileView", { enabled: "true" }],
    ["muteEveryone", {}],
    ["muteEveryone", { mediaType: "video" }],
    ["kickParticipant", {}],
    ["kickParticipant", { participantId: null }],
    ["kickParticipant", { participantId: "ada" }],
    ["kickParticipant", { participantId: `p${"1".repeat(50)}` }],
    ["pinParticipant", {}],
    ["answerKnockingParticipant", { participantId: "p1" }],
    ["answerKnockingParticipant", { approved: true }],
  ])("%s refuses %j", (name, args) => {
    expect(readCommand(name, given(args))).toBe("bad_arguments");
  });
});
