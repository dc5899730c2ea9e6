import { describe, expect, it } from "vitest";
import type { Policy } from "../lib/rest";
import { policy as words } from "../text/policy";
import { changes, lines, merged, none, same, withQuestionNames } from "./policy";

const question = (label: string, name = "") => ({ name, label, required: true, choices: [] });

describe("a question's name", () => {
  it("is made of what is asked, once, and stays", () => {
    const asked = ["Your company?", "Your company", "Größe", "会社", "7 days"].map((l) =>
      question(l),
    );
    const named = withQuestionNames({
      ...none,
      preSessionFields: [question("X", "kept"), ...asked],
    });
    expect(named.preSessionFields.map((q) => q.name)).toEqual([
      "kept",
      "your_company",
      "your_company_2",
      "gro_e",
      "question",
      "days",
    ]);
    for (const { name } of named.preSessionFields) expect(name).toMatch(/^[A-Za-z]\w{0,31}$/);
  });
});

describe("a policy that somebody else changed", () => {
  const theirs: Policy = { ...none, disableChat: true, edrRetentionDays: 90 };

  it("is told in words, as the page shows it", () => {
    expect(changes(none, theirs)).toEqual(["Chat: on → off", `${words.retention}: 0 → 90`]);
    expect(changes(none, none)).toEqual([]);
  });

  it("keeps what I changed, and takes the rest", () => {
    const mine: Policy = { ...none, edrRetentionDays: 30, requireEmail: true };
    const both = merged(none, mine, theirs);
    expect([both.disableChat, both.edrRetentionDays, both.requireEmail]).toEqual([true, 30, true]);
    expect(same(merged(none, none, theirs), theirs)).toBe(true);
  });
});

it("reads a list with one entry a line", () => {
  expect(lines(" a \n\n b\r\n")).toEqual(["a", "b"]);
});
