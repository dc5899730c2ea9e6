import type { VNode } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { preview } from "../lib/rest";
import { vanish } from "../lib/vanished";
import { device, machine, settled } from "./devices.fixture";
import { open } from "./join";
import type { OpenPage } from "./page";
import { enterRoom } from "./room/page";

const number = "23456789012";
const running = { state: "running", title: "There and back", displayName: "", role: "attendee" };
const kept = new Map<string, string>();
let here: ReturnType<typeof machine>;

vi.mock("../lib/platform", async (actual) => ({
  ...(await actual<object>()),
  fitness: () => "fit",
  onPhone: () => false,
}));
vi.mock("../lib/rest", async (actual) => ({
  ...(await actual<object>()),
  preview: vi.fn(),
  siteInfo: async () => ({ preSessionFields: [], disclaimer: { text: "" } }),
}));
vi.mock("../lib/proof", () => ({ linkProof: async () => "proof" }));
vi.mock("./links", () => ({ secretOf: async () => "" }));
vi.mock("./room/page", async () => ({
  wayBack: (await vi.importActual<typeof import("./room/returning")>("./room/returning")).wayBack,
  prepare: async () => ({ engine: { close() {} }, group: { close() {} } }),
  enterRoom: vi.fn(),
}));

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  here = machine(device("microphone", "inside"), device("camera", "front"));
  Object.assign(navigator, { permissions: { query: async () => ({ state: "granted" }) } });
  vi.stubGlobal("HTMLMediaElement", class {});
  const load = { type: "reload" } as unknown as PerformanceEntry;
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([load]);
  const body = "the room" as unknown as VNode;
  vi.mocked(enterRoom).mockReset();
  vi.mocked(enterRoom).mockImplementation(async () => ({ body, over: () => false, close() {} }));
  vi.mocked(preview).mockReset();
  vi.mocked(preview).mockResolvedValue(running as never);
  vanish({
    form: { meetingNumber: number, displayName: "Grace" },
    on: ["microphone", "camera"],
    ...{ chosen: { microphone: "", camera: "", speaker: "" }, plain: false, blurred: false },
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** later is an answer that comes when the test says so. */
function later<T>(answer: T) {
  let come = () => {};
  const coming = new Promise<T>((resolve) => {
    come = () => resolve(answer);
  });
  return { coming, come };
}

const openDoor = () =>
  open({ go() {}, title() {} }, { page: "join", number, byLink: true }, "of the link");

interface Door {
  readonly busy: boolean;
  readonly found: { readonly is: string };
  onSubmit(values: Record<string, string>): void;
}

/** What the page shows: the door with its buttons, or the room. */
const shown = ({ body }: OpenPage) => (body.type as () => VNode<Door>)();
const press = (page: OpenPage) => shown(page).props.onSubmit({ displayName: "Grace" });
const until = (expected: () => void) => vi.waitFor(expected, 20_000);
const lights = () => here.opened.length;

describe("a door that is loaded again", () => {
  it("is passed straight through, with the devices on", async () => {
    const page = openDoor();
    await until(() => expect(shown(page)).toBe("the room"));
    expect(lights()).toBe(2);
    expect(vi.mocked(enterRoom)).toHaveBeenCalledOnce();
  });

  it("opens no device for who has gone to another page meanwhile", async () => {
    const { coming, come } = later(running);
    vi.mocked(preview).mockReturnValue(coming as never);
    const page = openDoor();
    page.close?.();
    come();
    await settled();
    expect(lights()).toBe(0);
    expect(vi.mocked(enterRoom)).not.toHaveBeenCalled();
  });

  it("makes one room where Join is pressed before it is passed", async () => {
    const { coming, come } = later(running);
    vi.mocked(preview).mockReturnValueOnce(coming as never);
    const page = openDoor();
    await settled();
    press(page);
    await until(() => expect(shown(page)).toBe("the room"));
    come();
    await settled();
    expect(vi.mocked(enterRoom)).toHaveBeenCalledOnce();
    expect(lights()).toBe(0);
  });

  it("makes one room where Join is pressed while the devices are opened", async () => {
    const { coming, come } = later({ state: "granted" });
    Object.assign(navigator, { permissions: { query: () => coming } });
    const page = openDoor();
    await until(() => expect(shown(page).props.busy).toBe(true));
    press(page);
    await settled();
    expect(vi.mocked(enterRoom)).not.toHaveBeenCalled();
    come();
    await until(() => expect(shown(page)).toBe("the room"));
    await settled();
    expect(vi.mocked(enterRoom)).toHaveBeenCalledOnce();
  });

  it.each([
    ["the meeting is over", async () => ({ ...running, state: "ended" })],
    ["nobody answers", () => Promise.reject(new Error("away"))],
  ])("keeps no note where %s", async (_, answer) => {
    expect(kept.has("back")).toBe(true);
    vi.mocked(preview).mockImplementation(answer as never);
    const page = openDoor();
    await until(() => expect(shown(page).props.found.is).not.toBe("unknown"));
    expect([...kept.keys()].filter((key) => key.startsWith("back"))).toEqual([]);
    expect(lights()).toBe(0);
  });
});
