import { describe, expect, it } from "vitest";
import { Meeting } from "./rehearsal";

describe("a group", () => {
  it("has the same key and code for everybody, another one each epoch", async () => {
    const meeting = await Meeting.start();
    const seen = new Set<string>();
    const agree = async () => {
      const [one, ...others] = await meeting.secrets();
      expect(others.every((other) => other === one)).toBe(true);
      seen.add(one ?? "");
    };
    await agree();
    await meeting.admit("ann", "bob");
    await agree();
    await meeting.commit("ann", {});
    await agree();
    await meeting.commit("host", { rules: { locked: true, lobby: true, membersAdd: true } });
    await agree();
    expect(meeting.group("bob").rules).toEqual({ locked: true, lobby: true, membersAdd: true });
    await meeting.commit("host", { remove: [meeting.leaf("ann")] });
    await agree();
    expect(seen.size).toBe(5);
    expect(meeting.groups.size).toBe(2);
  });
});
