import { describe, expect, it } from "vitest";
import { fullLink, secretIn } from "./link";

const number = "23456789012";
const secret = "-_3Bx".padEnd(43, "A");
const bare = `https://meet.example/j/${number}`;
const link = fullLink(bare, secret);

describe("a link", () => {
  it("is full with its secret", () => {
    expect(link).toBe(`${bare}#${secret}`);
  });

  it.each([
    ["the link", link],
    ["with space around it", `\n ${link}\t`],
    ["an invitation", `Join: ${link}\n\nOr join by number: 2345 678 9012\nMeeting password: x`],
    ["in brackets", `<${link}>`],
    ["behind another's", `https://meet.example/j/34567890123#${"B".repeat(43)} ${link}`],
    ["by a number as it is shown", link.replace(number, "2345-678-9012")],
  ])("gives its secret when somebody pastes %s", (_, text) => {
    expect(secretIn(text, number)).toBe(secret);
  });

  it.each([
    ["nothing", ""],
    ["the secret alone", secret],
    ["a link without its secret", bare],
    ["another meeting's link", link.replace(number, "34567890123")],
    ["a secret that is cut off", link.slice(0, -1)],
    ["a secret that goes on", `${link}A`],
  ])("has no secret in %s", (_, text) => {
    expect(secretIn(text, number)).toBe("");
  });
});
