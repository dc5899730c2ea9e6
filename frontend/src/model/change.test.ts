import { describe, expect, it } from "vitest";
import { actionWords, differences } from "./change";

describe("differences", () => {
  it("are what is not the same, in words", () => {
    expect(
      differences(
        {
          disableChat: false,
          edrRetentionDays: 30,
          title: "a",
          passwordCriteria: { minLength: 8 },
        },
        { disableChat: true, edrRetentionDays: 30, title: "", passwordCriteria: { minLength: 12 } },
      ),
    ).toEqual([
      { name: "Disable chat", before: "No", after: "Yes" },
      { name: "Title", before: "a", after: "" },
      { name: "Password criteria – min length", before: "8", after: "12" },
    ]);
  });

  it("begin with nothing when something is made, and end with nothing when it goes", () => {
    expect(differences(null, { name: "Ada" })).toEqual([
      { name: "Name", before: "", after: "Ada" },
    ]);
    expect(differences({ names: ["a", "b"] }, null)).toEqual([
      { name: "Names", before: "a, b", after: "" },
    ]);
    expect(differences(null, null)).toEqual([]);
  });
});

describe("actions", () => {
  it("have words, or stay what they are", () => {
    expect(actionWords("policy.update")).toBe("Changed the policy");
    expect(actionWords("door.paint")).toBe("door.paint");
  });
});
