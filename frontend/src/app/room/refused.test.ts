import { signal } from "@preact/signals";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../lib/http";
import { noScreen, off } from "../../model/source";
import { machine } from "../devices.fixture";
import { Sources } from "../sources";
import { Room } from "./room";
import type { Entrance, Prepared } from "./stay";

const form: Entrance = { meetingNumber: "23456789012", displayName: "Grace", secret: "" };

/** watched are sources that count which of their signals somebody watches. */
function watched() {
  const watching = new Set<string>();
  const counted = <T>(name: string, value: T) => {
    const options = {
      watched: () => void watching.add(name),
      unwatched: () => void watching.delete(name),
    };
    return signal(value, options);
  };
  const sources = Object.assign(new Sources(), {
    microphone: counted("microphone", off),
    camera: counted("camera", off),
    screen: counted("screen", noScreen),
  });
  return { sources, watching };
}

/** shut is a stay that the server does not grant. */
function shut(closed: string[]): Prepared {
  const close = (name: string) => ({ close: () => void closed.push(name) });
  const group = {
    ...close("group"),
    keys: Promise.reject(new Problem(403, "join_refused", "", 0)),
  };
  group.keys.catch(() => {});
  return { engine: close("engine"), group, offer: Promise.resolve("") } as unknown as Prepared;
}

describe("an entry that was refused", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("leaves nothing of the room alive, and the devices as they are", async () => {
    machine();
    vi.stubGlobal("document", new EventTarget());
    const { sources, watching } = watched();
    const { onended } = sources;
    const close = vi.spyOn(sources, "close");
    const closed: string[] = [];
    for (let tries = 0; tries < 3; tries++) {
      const room = new Room(form, sources, shut(closed));
      expect([...watching].sort()).toEqual(["camera", "microphone", "screen"]);
      const entry = await room.enter();
      expect(entry).toMatchObject({ in: false, why: { code: "join_refused" } });
      expect([...watching]).toEqual([]);
      expect(sources.onmisshare).toBeNull();
      expect(sources.onended).toBe(onended);
    }
    expect(closed).toEqual(["engine", "group", "engine", "group", "engine", "group"]);
    expect(close).not.toHaveBeenCalled();
  });
});
