import { expect, test } from "vitest";
import { device, stateOf } from "./person";

test.each([
  ["disabled, whatever else", { disabled: true, hasPassword: true, lastSignIn: "x" }, "disabled"],
  ["nothing chosen yet", { disabled: false, hasPassword: false, lastSignIn: null }, "invited"],
  ["with a password", { disabled: false, hasPassword: true, lastSignIn: null }, "active"],
  [
    "by a provider, without one",
    { disabled: false, hasPassword: false, lastSignIn: "x" },
    "active",
  ],
] as const)("an account: %s", (_, person, want) => {
  expect(stateOf(person)).toBe(want);
});

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0",
    "Firefox on Windows",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    "Chrome on Linux",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0",
    "Edge on Windows",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1",
    "Safari on iOS",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/150.0.0.0 Safari/537.36", "Chrome on Linux"],
  ["curl/8.0", "curl/8.0"],
  ["", ""],
])("the device of %s", (agent, want) => {
  expect(device(agent)).toBe(want);
});
