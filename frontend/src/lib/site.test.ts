import { afterEach, describe, expect, it, vi } from "vitest";
import { rootOf } from "./site";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("a site's addresses", () => {
  it.each([
    ["/", ""],
    ["/meetings", ""],
    ["/s/acme", "/s/acme"],
    ["/s/acme/j/23456789012", "/s/acme"],
    ["/s/", ""],
    ["/s/ACME/", ""],
    ["/support", ""],
  ])("%s is under %s", (path, root) => {
    expect(rootOf(path)).toBe(root);
  });

  it("have the site's prefix outside, and none inside", async () => {
    vi.stubGlobal("location", { pathname: "/s/acme/meetings" });
    const { inside, outside } = await import("./site");
    expect(outside("/v1/me")).toBe("/s/acme/v1/me");
    expect(inside("/s/acme/reports")).toBe("/reports");
    expect(inside("/s/acme")).toBe("/");
    expect(inside("/s/other/reports")).toBe("/s/other/reports");
    expect(inside("/reports")).toBe("/reports");
  });

  it("are as they are where there is no prefix", async () => {
    vi.stubGlobal("location", { pathname: "/meetings" });
    const { inside, outside } = await import("./site");
    expect(outside("/v1/me")).toBe("/v1/me");
    expect(inside("/reports")).toBe("/reports");
  });
});
