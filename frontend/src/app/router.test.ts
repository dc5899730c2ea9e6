import { beforeEach, describe, expect, it, vi } from "vitest";
import { takeNote } from "../lib/note";
import { vanish } from "../lib/vanished";
import { startRouter } from "./router";

vi.mock("preact", async (actual) => ({ ...(await actual<object>()), render: () => {} }));
const { opened, framed } = vi.hoisted(() => ({ opened: [] as string[], framed: { is: false } }));
vi.mock("../lib/parent", () => ({ isFramed: () => framed.is }));
const noting = (name: string) => ({
  open: (_: unknown, place: object, fragment: string) => {
    opened.push(`${name} ${JSON.stringify(place)} ${fragment}`);
    return { title: "", body: null };
  },
});
vi.mock("./join", () => noting("door"));
vi.mock("./signin", () => noting("signin"));
vi.mock("./embed/page", () => ({ ...noting("embed"), greet: async () => opened.push("greeted") }));
vi.mock("./language", () => ({ isWished: () => true, speakAsWished: async () => {} }));

const kept = new Map<string, string>();
const reload = vi.fn();
let hear: Map<string, (event: object) => void>;

/** The browser has an address of this site open. */
async function at(pathname: string, hash = ""): Promise<void> {
  vi.stubGlobal("location", { pathname, search: "", hash, reload });
  await startRouter({} as HTMLElement);
}

function leave(): void {
  vanish({
    form: { meetingNumber: "23456789012", displayName: "Grace" },
    on: ["microphone", "camera"],
    ...{ chosen: { microphone: "", camera: "", speaker: "" }, plain: false, blurred: false },
  });
  expect(kept.size).toBe(1);
}

beforeEach(() => {
  opened.length = 0;
  framed.is = false;
  vi.stubGlobal("history", {
    replaceState: (_: null, __: string, path: string) => opened.push(`at ${path}`),
  });
  kept.clear();
  reload.mockReset();
  hear = new Map();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("requestAnimationFrame", () => 0);
  vi.stubGlobal("document", { addEventListener() {} });
  vi.stubGlobal("addEventListener", (type: string, heard: (event: object) => void) =>
    hear.set(type, heard),
  );
});

describe("what a page left for the next one", () => {
  it("is nothing to who went elsewhere and comes back from the browser's cache", async () => {
    await at("/nowhere");
    leave();
    hear.get("pageshow")?.({ persisted: true });
    expect(reload).toHaveBeenCalledOnce();
    expect(kept.size).toBe(0);
  });

  it("is left alone when a page is shown for the first time", async () => {
    await at("/nowhere");
    leave();
    hear.get("pageshow")?.({ persisted: false });
    expect(reload).not.toHaveBeenCalled();
    expect(takeNote()).not.toBe("");
  });

  it("does not outlast the next page of this site, whichever it is", async () => {
    leave();
    await at("/nowhere");
    expect(kept.size).toBe(0);
  });
});

describe("in a frame of another page", () => {
  beforeEach(() => {
    framed.is = true;
  });

  it("there is the door for frames, once that page has said how it wants it, and its address stays whole", async () => {
    await at("/embed/23456789012", "#secret");
    await vi.waitFor(() => expect(opened).toHaveLength(2));
    expect(opened).toEqual(["greeted", 'embed {"page":"embed","number":"23456789012"} secret']);
  });

  it.each(["/", "/signin", "/j/23456789012", "/meetings"])("there is no page %s", async (path) => {
    await at(path, "#secret");
    await Promise.resolve();
    expect(opened).toEqual(["greeted"]);
  });
});

describe("in no frame", () => {
  it("the address for frames is the ordinary door, and its secret out of sight", async () => {
    await at("/embed/23456789012", "#secret");
    await vi.waitFor(() => expect(opened).toHaveLength(3));
    expect(opened).toEqual([
      "at /embed/23456789012",
      "at /j/23456789012",
      'door {"page":"join","number":"23456789012","byLink":true} secret',
    ]);
  });
});
