import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { stayed } from "../../lib/note";
import { join } from "../../lib/rest";
import { machine } from "../devices.fixture";
import { Sources } from "../sources";
import { Room } from "./room";
import type { Entrance, Prepared } from "./stay";

const number = "23456789012";
const form: Entrance = { meetingNumber: number, displayName: "Grace", secret: "s", joinToken: "t" };

vi.mock("../../lib/rest", async (actual) => ({ ...(await actual<object>()), join: vi.fn() }));

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("location", { origin: "https://meet.example.org" });
  machine();
});
afterEach(() => vi.unstubAllGlobals());

/** A stay that the server grants, and that comes to nothing behind that. */
function broken(): Prepared {
  const identify = () => Promise.reject(new Error("no keys"));
  const group = { close() {}, keys: Promise.resolve({}), identify };
  return { engine: { close() {} }, group, offer: Promise.resolve("") } as unknown as Prepared;
}

it("who was granted a stay says as whom the next time, though they never came in", async () => {
  vi.mocked(join).mockResolvedValue({ participantId: "p-1", role: "attendee" } as never);
  const enter = () => new Room(form, new Sources(), broken()).enter();
  expect(await enter()).toMatchObject({ in: false });
  expect(stayed(number)).toBe("p-1");
  await enter();
  const [first, second] = vi.mocked(join).mock.calls.map(([sent]) => sent.previousParticipantId);
  expect([first, second]).toEqual([undefined, "p-1"]);
});
