import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../lib/http";
import { preview } from "../lib/rest";
import type { Around, Door as Doors } from "./around";
import { machine, settled } from "./devices.fixture";
import { open } from "./join";
import { askWho } from "./login";
import type { OpenPage } from "./page";
import { enterRoom } from "./room/page";

const number = "23456789012";
const embedder = { embeddedBy: "https://www.example.org", joinToken: "a.b.c" };
const gone: string[] = [];

vi.mock("../lib/platform", async (actual) => ({
  ...(await actual<object>()),
  fitness: () => "fit",
  onPhone: () => false,
}));
vi.mock("../lib/rest", async (actual) => ({
  ...(await actual<object>()),
  preview: vi.fn(),
  siteInfo: async () => ({
    requireLoginBeforeAccess: true,
    preSessionFields: [],
    disclaimer: { text: "" },
  }),
}));
vi.mock("../lib/proof", () => ({ linkProof: async () => "proof" }));
vi.mock("./login", async (actual) => ({ ...(await actual<object>()), askWho: vi.fn() }));
vi.mock("./room/page", () => ({
  wayBack: async () => null,
  prepare: async () => ({ engine: { close() {} }, group: { close() {} } }),
  enterRoom: vi.fn(),
}));

beforeEach(() => {
  gone.length = 0;
  const forbidden = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("sessionStorage", { getItem: forbidden, setItem: forbidden });
  vi.stubGlobal("localStorage", { getItem: forbidden, setItem: forbidden });
  vi.stubGlobal("history", history());
  machine();
  vi.stubGlobal("HTMLMediaElement", class {});
  const body = "the room" as unknown as VNode;
  vi.mocked(enterRoom).mockReset();
  vi.mocked(enterRoom).mockImplementation(async () => ({ body, over: () => false, close() {} }));
  vi.mocked(askWho).mockReset();
  vi.mocked(preview).mockReset();
  vi.mocked(preview).mockResolvedValue({ state: "running", title: "x", displayName: "" } as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function history() {
  return {
    state: {},
    replaceState(state: object) {
      this.state = state;
    },
  };
}

/** A page around the door, and what it was told. */
function around() {
  const told: string[] = [];
  let door: Doors | undefined;
  let looking: Promise<void> = Promise.resolve();
  const page: Around = {
    shown: () => embedder,
    hints: signal([{ text: "a hint", dismiss() {} }]),
    nothing: "load the page again",
    ready: () => looking,
    door: (given) => {
      door = given;
    },
    password: () => told.push("password"),
    problem: (problem) => told.push(typeof problem === "string" ? problem : problem.code),
    entered: () => () => {},
  };
  const look = () => {
    looking = (door as Doors).look();
  };
  return { page, told, look, door: () => door as Doors };
}

function openDoor(page: Around | null, byLink = true): OpenPage {
  const site = { go: (path: string) => gone.push(path), title() {} };
  return open(site, { page: "join", number, byLink }, byLink ? "secret" : "", page);
}

interface Door {
  readonly found: { readonly is: string };
  readonly name: string;
  readonly around: { outside: string; hints: { text: string }[]; password: string } | null;
  onSubmit(values: Record<string, string>): void;
}
const shown = ({ body }: OpenPage) => (body.type as () => VNode<Door>)();
const until = (expected: () => void) => vi.waitFor(expected, 20_000);

describe("a door in a frame", () => {
  it("says who is around it whenever it asks, and stores nothing", async () => {
    const page = openDoor(around().page);
    await until(() => expect(shown(page).props.found.is).toBe("meeting"));
    expect(preview).toHaveBeenCalledWith({
      meetingNumber: number,
      linkProof: "proof",
      ...embedder,
    });
    shown(page).props.onSubmit({ displayName: "Grace" });
    await until(() => expect(enterRoom).toHaveBeenCalledOnce());
    const [form, , , , given] = vi.mocked(enterRoom).mock.calls[0] ?? [];
    expect(form).toMatchObject({ displayName: "Grace", secret: "secret", ...embedder });
    expect(given).not.toBeNull();
  });

  it("shows what came of the last look, and joins after it", async () => {
    const { page: outer, door, look } = around();
    const answers: ((name: string) => void)[] = [];
    vi.mocked(preview).mockImplementation(
      () =>
        new Promise((resolve) => {
          const fixed = { state: "running", title: "x", displayNameFixed: true };
          answers.push((displayName) => resolve({ ...fixed, displayName } as never));
        }),
    );
    const page = openDoor(outer);
    await until(() => expect(answers).toHaveLength(1));
    look();
    await until(() => expect(answers).toHaveLength(2));
    shown(page).props.onSubmit({ displayName: "Typed" });
    await settled();
    expect(enterRoom).not.toHaveBeenCalled();
    answers[1]?.("Of the token");
    answers[0]?.("Of the link");
    await until(() => expect(enterRoom).toHaveBeenCalledOnce());
    expect(shown(page)).toBe("the room");
    expect(door().found.value).toMatchObject({ meeting: { displayName: "Of the token" } });
  });

  it("outside of frames says nothing of that", async () => {
    vi.mocked(askWho).mockResolvedValue({ id: "1", name: "", email: "", role: "" });
    const page = openDoor(null);
    await until(() => expect(shown(page).props.found.is).toBe("meeting"));
    expect(preview).toHaveBeenCalledWith({ meetingNumber: number, linkProof: "proof" });
    expect(shown(page).props.around).toBeNull();
  });

  it("leads nobody to where they sign in, but to a tab of its own", async () => {
    const { page: outer, told } = around();
    vi.mocked(preview).mockRejectedValue(new Problem(401, "login_required", "", 0));
    const page = openDoor(outer);
    await until(() => expect(shown(page).props.found.is).toBe("login"));
    await settled();
    expect([gone, told, vi.mocked(askWho).mock.calls.length]).toEqual([[], ["login_required"], 0]);
    expect(shown(page).props.around?.outside).toBe(`/j/${number}#secret`);
    expect(shown(page).props.around?.hints).toMatchObject([{ text: "a hint" }]);
  });

  it("without a link asks for the password, of the meeting in its address and no other", async () => {
    const { page: outer, told, door } = around();
    const page = openDoor(outer, false);
    await settled();
    expect(told).toEqual(["password"]);
    door().name.value = "Grace";
    door().password.value = "open sesame";
    expect([shown(page).props.name, shown(page).props.around?.password]).toEqual([
      "Grace",
      "open sesame",
    ]);
    shown(page).props.onSubmit({
      displayName: "Grace",
      password: "open sesame",
      number: "99999999999",
    });
    await until(() => expect(enterRoom).toHaveBeenCalledOnce());
    expect(vi.mocked(enterRoom).mock.calls[0]?.[0]).toMatchObject({
      meetingNumber: number,
      password: "open sesame",
    });
  });

  it("says what to do where nothing opens, which is no matter of a copied link", async () => {
    vi.mocked(preview).mockRejectedValue(new Problem(403, "join_refused", "", 0));
    const refused = (page: Around | null) => {
      const door = openDoor(page);
      return until(() => expect(shown(door).props.found.is).not.toBe("unknown")).then(
        () => shown(door).props.found,
      );
    };
    const sentence = "load the page again";
    expect(await refused(around().page)).toEqual({ is: "trouble", sentence });
    expect(await refused(null)).toEqual({ is: "nothing" });
  });

  it("tells that the page around it may not show this meeting", async () => {
    const { page: outer, told } = around();
    vi.mocked(preview).mockRejectedValue(new Problem(403, "embedding_refused", "", 0));
    const page = openDoor(outer);
    await until(() => expect(shown(page).props.found.is).toBe("trouble"));
    expect(told).toEqual(["embedding_refused"]);
  });
});
