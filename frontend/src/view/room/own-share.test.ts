import type { ComponentChildren, VNode } from "preact";
import { describe, expect, it } from "vitest";
import type { Commands } from "../../model/command";
import { noScreen } from "../../model/source";
import { OwnShare } from "./own-share";

type Region = VNode<{ role?: string; children?: ComponentChildren }>;

/** The part that is read out, which is the first, and what stands in it. */
function read(state: "off" | "starting" | "on") {
  const screen = { ...noScreen, state };
  const view = OwnShare({ screen, screenStream: null, standing: null, commands: {} as Commands });
  const [region] = (view.props as { children: readonly Region[] }).children;
  return { type: region?.type, role: region?.props.role, text: region?.props.children };
}

describe("what is read out of one's own share", () => {
  it("has its place before there is a share, so that the start is heard", () => {
    for (const state of ["off", "starting"] as const) {
      expect(read(state)).toEqual({ type: "p", role: "status", text: "" });
    }
    expect(read("on")).toMatchObject({ type: "p", role: "status" });
    expect(read("on").text).toMatch(/You are sharing|You share/);
  });
});
