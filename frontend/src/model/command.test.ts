import { describe, expect, it } from "vitest";
import { type Commands, shortcut } from "./command";

const run = () => {};
const commands: Commands = {
  microphone: { id: "microphone", label: "Mute", key: "m", run },
  shortcuts: { id: "shortcuts", label: "Keyboard shortcuts", key: "?", run },
  leave: { id: "leave", label: "Leave", run },
};

describe("a shortcut", () => {
  it.each([
    ["a letter", "m", "KeyM", "microphone"],
    ["with Caps Lock on", "M", "KeyM", "microphone"],
    ["what the key writes, where Latin keyboards differ", "m", "Semicolon", "microphone"],
    ["not where it would be elsewhere", ",", "KeyM", undefined],
    ["the place of a letter, on an Arabic keyboard", "ة", "KeyM", "microphone"],
    ["the place of a letter, on a Russian keyboard", "ь", "KeyM", "microphone"],
    ["a question mark", "?", "Slash", "shortcuts"],
    ["an Arabic question mark", "\u061f", "Slash", "shortcuts"],
    ["no command at all", "x", "KeyX", undefined],
    ["no key at all", "", "", undefined],
  ])("is %s", (_, key, code, id) => {
    expect(shortcut(commands, { key, code })?.id).toBe(id);
  });
});
