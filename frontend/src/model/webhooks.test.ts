import { expect, it } from "vitest";
import { chosen, hostOf, outcomeWords, retriedWords, typeWords } from "./webhooks";

it("calls a webhook by its host, without what may be secret in its address", () => {
  expect(hostOf("https://hooks.example:8443/in?key=sesame")).toBe("hooks.example:8443");
  expect(hostOf("nonsense")).toBe("nonsense");
});

it("says events and outcomes, and leaves those that are new as they are", () => {
  expect(typeWords("meetings.started")).toBe("Meeting began");
  expect(typeWords("meetings.paused")).toBe("meetings.paused");
  expect(outcomeWords({ outcome: "status", status: 503 })).toBe("Not taken (503)");
  expect(outcomeWords({ outcome: "timeout", status: null })).toBe("No answer in time");
  expect(outcomeWords({ outcome: "odd", status: null })).toBe("odd");
});

it("chooses what was ticked, of what there is", () => {
  const values = { a: "yes", b: "no", d: "yes" };
  expect(chosen(["a", "b", "c"], values)).toEqual(["a"]);
});

it("says how many wait again, and when more had no room", () => {
  const full = "There is no room for more until some were sent.";
  expect(retriedWords(3, { dead: 0 })).toBe("Waiting again: 3");
  expect(retriedWords(3, { dead: 7 })).toBe(`Waiting again: 3. ${full}`);
  expect(retriedWords(0, undefined, "evt_1")).toBe(`Waiting again: 0. ${full}`);
  expect(retriedWords(1, { dead: 7 }, "evt_1")).toBe("Waiting again: 1");
});
