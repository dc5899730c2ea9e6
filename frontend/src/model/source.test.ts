import { describe, expect, it } from "vitest";
import { misshare } from "./source";

describe("what was chosen to be shared", () => {
  it.each([
    ["window", ["window", "browser"], null],
    ["monitor", ["window", "browser"], "forbidden"],
    ["window", ["monitor"], "forbidden"],
    ["monitor", ["window", "browser", "monitor"], null],
    // A browser that does not say: it may be anything.
    [null, ["window", "browser", "monitor"], null],
    [null, ["window", "browser"], "unknown"],
    [null, ["monitor"], "unknown"],
  ] as const)("%s, where %j may be: %s", (chosen, allowed, wrong) => {
    expect(misshare(chosen, allowed)).toBe(wrong);
  });
});
