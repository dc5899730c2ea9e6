import { describe, expect, it } from "vitest";
import { browser } from "../lib/platform";
import { movedWords } from "./moved";
import { troubleWords } from "./trouble";

describe("a device that was denied", () => {
  it.each([
    ["Chrome/150.0.0.0 Safari/537.36", "left of the address"],
    ["Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0", "left of the address"],
    ["Gecko/20100101 Firefox/153.0", "remove “Blocked”"],
    ["Version/19.0 Safari/605.1.15", "Safari menu"],
    ["(iPhone) CriOS/150.0 Mobile/15E148 Safari/604.1", "Safari menu"],
    ["Something/1.0", "a lock beside the address"],
  ])("says in %s where to allow it", (agent, where) => {
    expect(troubleWords("microphone", "denied", browser(agent))).toContain(where);
  });

  it("says nothing of it where a share was called off, or nothing was denied", () => {
    const how = "To allow it";
    expect(troubleWords("camera", "denied", "firefox")).toContain(how);
    expect(troubleWords("screen", "denied", "firefox")).not.toContain(how);
    expect(troubleWords("camera", "busy", "firefox")).not.toContain(how);
  });
});

it("names the device that took over, as far as it has a name", () => {
  const moved = { kind: "microphone", back: false, label: "Desk" } as const;
  expect(movedWords(moved)).toContain("through Desk.");
  expect(movedWords({ ...moved, label: "" })).toContain("through another one.");
  expect(movedWords({ ...moved, back: true })).toContain("through Desk again");
});
