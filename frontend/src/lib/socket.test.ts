import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Lost, Socket, type Wire } from "./socket";
import type { Event } from "./wire.gen";

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  readonly sent: unknown[] = [];
  closedWith: number | undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  says(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }
}

function setUp() {
  const wire = new FakeWire();
  const events: Event[] = [];
  const closed: number[] = [];
  const socket = new Socket(wire, {
    event: (event) => events.push(event),
    closed: (code) => closed.push(code),
  });
  return { wire, events, closed, socket };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("the signalling socket", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sends nothing before it is open, then numbers commands", async () => {
    const { wire, socket } = setUp();
    void socket.command("leave", {});
    void socket.command("mute", { participant: "p" });
    await settle();
    expect(wire.sent).toEqual([]);
    wire.onopen?.();
    await settle();
    expect(wire.sent).toEqual([
      { type: "leave", id: 1, data: {} },
      { type: "mute", id: 2, data: { participant: "p" } },
    ]);
  });

  it("gives each command its own reply, in whatever order they come", async () => {
    const { wire, socket } = setUp();
    wire.onopen?.();
    const first = socket.command("mute", { participant: "a" });
    const second = socket.command("mute", { participant: "b" });
    await settle();
    wire.says({ type: "reply", data: { re: 2, code: "forbidden" } });
    wire.says({ type: "reply", data: { re: 1, code: "ok" } });
    wire.says({ type: "reply", data: { re: 9, code: "ok" } });
    expect(await first).toBe("ok");
    expect(await second).toBe("forbidden");
  });

  it("passes events on in order, and leaves alone what it does not know", () => {
    const { wire, events } = setUp();
    wire.says({ type: "speakers", data: { participants: ["a"] } });
    wire.says({ type: "from_the_future", data: {} });
    wire.says({ type: "toString", data: {} });
    wire.says("not json");
    wire.says({ type: "ended", data: { reason: "empty" } });
    expect(events.map((event) => event.type)).toEqual(["speakers", "ended"]);
  });

  it("rejects what was on its way when it closes, once, and everything after", async () => {
    const { wire, closed, socket, events } = setUp();
    wire.onopen?.();
    const asked = socket.command("leave", {});
    await settle();
    const rejected = expect(asked).rejects.toBeInstanceOf(Lost);
    wire.onclose?.({ code: 4410 });
    wire.onclose?.({ code: 1006 });
    await rejected;
    expect(closed).toEqual([4410]);
    await expect(socket.command("leave", {})).rejects.toBeInstanceOf(Lost);
    wire.says({ type: "ended", data: { reason: "empty" } });
    expect(events).toEqual([]);
  });

  it("rejects commands that wait for a socket that never opens", async () => {
    const { wire, socket } = setUp();
    const rejected = expect(socket.command("leave", {})).rejects.toBeInstanceOf(Lost);
    wire.onclose?.({ code: 1006 });
    await rejected;
    expect(wire.sent).toEqual([]);
  });

  it("takes a server that does not reply for lost, but waits for a join", async () => {
    const { wire, closed, socket } = setUp();
    wire.onopen?.();
    const joined = socket.command("join", {
      version: 2,
      offer: "",
      keyPackage: "AA",
      door: "link",
    });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(closed).toEqual([]);
    const rejected = Promise.all([
      expect(socket.command("leave", {})).rejects.toBeInstanceOf(Lost),
      expect(joined).rejects.toBeInstanceOf(Lost),
    ]);
    await vi.advanceTimersByTimeAsync(15_000);
    await rejected;
    expect(closed).toEqual([1006]);
  });

  it("has no more than 64 commands on their way", async () => {
    const { wire, socket } = setUp();
    wire.onopen?.();
    for (let i = 0; i < 64; i++) socket.command("refresh", { mid: "1" }).catch(() => {});
    await settle();
    await expect(socket.command("refresh", { mid: "1" })).rejects.toBeInstanceOf(Lost);
    expect(wire.sent).toHaveLength(64);
  });

  it("closes normally, and says so once", () => {
    const { wire, closed, socket } = setUp();
    socket.close();
    socket.close();
    expect(wire.closedWith).toBe(1000);
    expect(closed).toEqual([1000]);
  });
});
