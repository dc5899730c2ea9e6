import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { notPassed } from "../../lib/around";
import { readCommand, type Wish } from "../../model/embed/commands";
import { noWishes } from "../../model/embed/message";
import type { Found } from "../../view/door/join";
import type { Around } from "../around";
import { settled } from "../devices.fixture";
import type { Done } from "./embedding";
import { open } from "./page";

const { talk, told, rooms } = vi.hoisted(() => ({
  talk: { oncommand: (_: Wish): Done => ({}) },
  told: [] as object[],
  rooms: { found: {} as Found, name: { value: "" } },
}));

vi.mock("../../lib/around", async (actual) => ({
  ...(await actual<object>()),
  notPassed: vi.fn(),
}));
vi.mock("../../lib/keyguard", () => ({ guardKeys() {} }));
vi.mock("./embedding", () => ({
  Embedding: class {
    readonly wishes = signal(noWishes);
    readonly origin = signal("https://www.example.org");
    readonly set = Object.defineProperty(this, "oncommand", {
      set: (obey: typeof talk.oncommand) => {
        talk.oncommand = obey;
      },
    });
    tell = (...some: object[]) => told.push(...some);
  },
}));
vi.mock("../join", () => ({
  open: (_: object, __: object, ___: string, around: Around) => {
    const found = signal(rooms.found);
    const name = signal("Somebody");
    rooms.name = name;
    around.door({ name, password: signal(""), found, look: async () => {} });
    return {};
  },
}));

const openFrame = (secret = "secret") =>
  open({ go() {}, title() {} }, { page: "embed", number: "23456789012" }, secret);

const wants = (name: string, text: string) =>
  talk.oncommand(readCommand(name, new Map([[name, text]])) as Wish);

const meeting = (displayNameFixed: boolean) =>
  ({ is: "meeting", meeting: { displayName: "Of the token", displayNameFixed } }) as Found;

beforeEach(() => {
  told.length = 0;
  rooms.found = meeting(false);
  vi.mocked(notPassed).mockResolvedValue({ names: [], sure: true });
});

describe("a frame", () => {
  it.each([
    ["says", true, [{ type: "permissionMissing", payload: { attribute: "camera" } }]],
    ["does not say", false, []],
  ])("%s that nothing is passed on, sure: %s", async (_, sure, events) => {
    vi.mocked(notPassed).mockResolvedValue({ names: ["camera"], sure });
    openFrame();
    await settled();
    expect(told).toEqual(events);
  });

  it("takes a password where one is typed, and no other", () => {
    openFrame("");
    expect(wants("password", "open sesame")).toEqual({});
    openFrame("secret");
    expect(wants("password", "open sesame")).toEqual({ error: "not_allowed" });
  });

  it("takes a name that no token gives", () => {
    openFrame();
    expect(wants("displayName", "Grace")).toEqual({});
    expect(rooms.name.value).toBe("Grace");
    rooms.found = meeting(true);
    openFrame();
    expect(wants("displayName", "Grace")).toEqual({ error: "not_allowed" });
    expect(rooms.name.value).toBe("Of the token");
  });
});
