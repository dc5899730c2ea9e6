import { afterEach, expect, it, vi } from "vitest";
import { focusHeading } from "./focus";

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["a page of its own", false, false, 1],
  ["a frame that has the focus", true, true, 1],
  ["a frame that has not", true, false, 0],
])("the heading gets the focus: %s", (_, framed, focused, times) => {
  const focus = vi.fn();
  const window = {};
  vi.stubGlobal("window", window);
  vi.stubGlobal("parent", framed ? {} : window);
  vi.stubGlobal("document", {
    hasFocus: () => focused,
    querySelector: () => ({ focus, setAttribute() {} }),
  });
  focusHeading();
  expect(focus).toHaveBeenCalledTimes(times);
});
