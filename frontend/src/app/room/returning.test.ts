import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GroupView, Member } from "../../lib/group/view";
import { takeNote } from "../../lib/note";
import type { LeaveReason } from "../../lib/wire.gen";
import type { RoomEvent } from "../../model/room";
import { device, machine } from "../devices.fixture";
import { Sources } from "../sources";
import { Returning, wayBack } from "./returning";

const one = (participant: string, key: string): Member =>
  ({ participant, key, leaf: 0, name: participant, role: "attendee" }) as unknown as Member;

const group = (members: readonly Member[], knockers: readonly Member[] = []): GroupView =>
  ({ members, knockers }) as unknown as GroupView;

const admitted = (id: string) =>
  ({ type: "admitted", data: { group: id, leaf: 0, epoch: 0 } }) as unknown as RoomEvent;

const left = (participant: string, reason: LeaveReason): RoomEvent => ({
  type: "participant_left",
  data: { participant, reason },
});

/** whom a host's page lets in by itself of those who knock */
function letIn(returning: Returning, ...knockers: Member[]): readonly string[] {
  const admit = vi.fn();
  returning.back(group([], knockers), admit);
  return admit.mock.calls.flat(2);
}

const ada = one("ada", "key of ada");
const grace = one("grace", "key of grace");
const graceAgain = one("grace 2", "key of grace");

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("who comes back", () => {
  it("says as whom they were in, also in a page that was loaded again", () => {
    const form = { meetingNumber: "1", displayName: "Grace" };
    const first = new Returning("1");
    expect(first.as(form)).toEqual(form);
    first.hear({ type: "welcome", data: { self: "p-1" } } as unknown as RoomEvent, null);
    const again = new Returning("1");
    expect(again.as(form)).toEqual({ ...form, previousParticipantId: "p-1" });
    expect(new Returning("2").as(form)).toEqual(form);
    again.over({ at: "left" }, form);
    expect(new Returning("1").as(form)).toEqual(form);
  });

  it("with a token says so after leaving, too, but not after being taken out", () => {
    const form = { meetingNumber: "1", displayName: "Grace", joinToken: "a.b.c" };
    const back = { ...form, previousParticipantId: "p-1" };
    const returning = new Returning("1");
    returning.note("p-1");
    returning.over({ at: "left" }, form);
    expect(returning.as(form)).toEqual(back);
    returning.over({ at: "turned_away", why: "locked" }, form);
    expect(returning.as(form)).toEqual(back);
    returning.over({ at: "turned_away", why: "expelled" }, form);
    expect(returning.as(form)).toEqual(form);
  });

  it("tries at once, then later and later, and not for ever", () => {
    const returning = new Returning("1");
    const delays = Array.from({ length: 8 }, () => returning.delay() ?? -1);
    expect(delays[0]).toBe(0);
    expect(Math.min(...delays.slice(1))).toBeGreaterThan(300);
    expect(returning.delay()).toBeNull();
    returning.afresh();
    expect(returning.delay()).toBe(0);
  });
});

describe("who knocks is let in without a question", () => {
  it("when their connection was lost, once for each knock", () => {
    const returning = new Returning("1");
    returning.hear(left("grace", "connection_lost"), group([ada, grace]));
    expect(letIn(returning, graceAgain, one("eve", "key of eve"))).toEqual(["grace 2"]);
    expect(letIn(returning, graceAgain)).toEqual([]);
    expect(letIn(returning, one("grace 3", "key of grace"))).toEqual(["grace 3"]);
  });

  it("and not when they were away for long", () => {
    vi.useFakeTimers();
    const returning = new Returning("1");
    returning.hear(left("grace", "connection_lost"), group([ada, grace]));
    vi.advanceTimersByTime(181_000);
    expect(letIn(returning, graceAgain)).toEqual([]);
    vi.useRealTimers();
  });

  it.each<LeaveReason>(["left", "expelled"])("and not after they %s", (reason) => {
    const returning = new Returning("1");
    returning.hear(left("grace", "connection_lost"), group([ada, grace]));
    returning.hear(left("grace 2", reason), group([ada, graceAgain]));
    expect(letIn(returning, graceAgain)).toEqual([]);
  });

  it("when everybody was lost, as when the server restarts", () => {
    const returning = new Returning("1");
    returning.hear(admitted("first"), null);
    returning.cut(group([ada, grace]));
    returning.hear(admitted("second"), null);
    expect(letIn(returning, graceAgain)).toEqual(["grace 2"]);
  });

  it("and not when only this person was away", () => {
    const returning = new Returning("1");
    returning.hear(admitted("first"), null);
    returning.cut(group([ada, grace]));
    returning.hear(admitted("first"), null);
    expect(letIn(returning, graceAgain)).toEqual([]);
  });
});

describe("a page that is loaded again", () => {
  const form = { meetingNumber: "1", displayName: "Grace", secret: "of the link" };

  let here: ReturnType<typeof machine>;

  /** A machine with devices of both kinds, of which the browser asks about some. */
  function devices(...granted: readonly string[]) {
    const microphones = [device("microphone", "inside"), device("microphone", "headset")];
    here = machine(...microphones, device("camera", "front"), device("camera", "back"));
    const query = async ({ name }: { name: string }) => ({
      state: granted.includes(name) ? "granted" : "prompt",
    });
    Object.assign(navigator, { permissions: { query } });
    const load = { type: "reload" } as unknown as PerformanceEntry;
    vi.spyOn(performance, "getEntriesByType").mockReturnValue([load]);
    return new Sources();
  }

  const states = ({ microphone, camera }: Sources) => [microphone.value.state, camera.value.state];

  /** The sources of the next page, when both devices were on in the one before. */
  async function again(before: Sources, meanwhile: () => unknown = () => {}) {
    for (const kind of ["microphone", "camera"] as const) await before.start(kind);
    new Returning("1").vanish(form, before);
    before.close();
    here.opened.length = 0;
    await meanwhile();
    const after = new Sources();
    expect(await wayBack(takeNote(), "1", after)).not.toBeNull();
    return after;
  }

  it("goes back in with what was on, and needs no question", async () => {
    const before = devices("microphone", "camera");
    await before.start("camera");
    new Returning("1").vanish(form, before);
    const after = new Sources();
    expect(await wayBack(takeNote(), "1", after)).toEqual({
      meetingNumber: "1",
      displayName: "Grace",
    });
    expect(states(after)).toEqual(["off", "on"]);
    expect(await wayBack(takeNote(), "1", after)).toBeNull();
  });

  it("asks for no permission", async () => {
    const before = devices("microphone");
    for (const kind of ["microphone", "camera"] as const) await before.start(kind);
    new Returning("1").vanish(form, before);
    const after = new Sources();
    expect(await wayBack(takeNote(), "1", after)).not.toBeNull();
    expect(states(after)).toEqual(["on", "off"]);
  });

  it("goes back in with the devices that were chosen, as they were opened", async () => {
    const before = devices("microphone", "camera");
    here.world.capabilities = { backgroundBlur: [false, true] };
    await before.choose("camera", "back");
    await before.choose("microphone", "headset");
    await before.setPlain(true);
    await before.setBlurred(true);
    const after = await again(before);
    expect(states(after)).toEqual(["on", "on"]);
    expect(here.opened.map(({ id }) => id).sort()).toEqual(["back", "headset"]);
    const sound = here.opened.find(({ id }) => id === "headset");
    expect(sound?.wish).toMatchObject({ noiseSuppression: false });
    const applied = { backgroundBlur: { exact: true } };
    expect(after.camera.value.track).toMatchObject({ applied });
  });

  it("shows nobody by another camera, or unblurred, who was not", async () => {
    const before = devices("microphone", "camera");
    await before.choose("camera", "back");
    const after = await again(before, () => here.plug(device("camera", "front")));
    expect(states(after)[1]).toBe("off");
    expect(here.opened).toEqual([]);

    const blurred = devices("microphone", "camera");
    here.world.capabilities = { backgroundBlur: [false, true] };
    await blurred.setBlurred(true);
    const cannot = await again(blurred, () => {
      here.world.capabilities = {};
    });
    expect(cannot.camera.value).toMatchObject({ state: "off", trouble: "unblurred" });
  });

  it("stays at the door without the link", async () => {
    new Returning("1").vanish({ ...form, secret: "" }, devices());
    expect(await wayBack(takeNote(), "1", new Sources())).toBeNull();
  });
});
