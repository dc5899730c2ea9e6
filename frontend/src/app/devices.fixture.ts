import { vi } from "vitest";
import type { Device } from "../lib/devices";

const kinds = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" } as const;

interface Plugged extends Device {
  readonly kind: MediaDeviceKind;
}

export function device(kind: keyof typeof kinds, id: string, group = id): Plugged {
  return { kind: kinds[kind], id, group, label: `The ${id}` };
}

/** machine has devices that can be plugged in and out, and the browser's way to them. */
export function machine(...plugged: Plugged[]) {
  const devices = new EventTarget();
  const opened: { id: string; wish: MediaTrackConstraints; track: MediaStreamTrack }[] = [];
  const world = { plugged, refuses: null as DOMException | null, capabilities: {} as object };
  const getUserMedia = async (wish: { audio?: object; video?: object }) => {
    const constraints: MediaTrackConstraints = wish.audio ?? wish.video ?? {};
    if (world.refuses) throw world.refuses;
    const { deviceId } = constraints as { deviceId?: { exact: string } };
    const found = world.plugged.find(
      ({ kind, id }) =>
        kind === (wish.audio ? "audioinput" : "videoinput") &&
        (deviceId === undefined || deviceId.exact === id),
    );
    if (!found) throw new DOMException("", "OverconstrainedError");
    const track = {
      label: found.label,
      stopped: false,
      applied: {},
      stop: () => Object.assign(track, { stopped: true }),
      getSettings: () => ({ deviceId: found.id, groupId: found.group }),
      getCapabilities: () => world.capabilities,
      getConstraints: () => constraints,
      applyConstraints: async (applied: object) => Object.assign(track, { applied }),
    };
    opened.push({ id: found.id, wish: constraints, track: track as unknown as MediaStreamTrack });
    return { getTracks: () => [track] };
  };
  const enumerateDevices = async () =>
    world.plugged.map(({ kind, id, group, label }) => ({
      ...{ kind, deviceId: id, groupId: group, label },
    }));
  Object.assign(devices, { getUserMedia, enumerateDevices });
  vi.stubGlobal("navigator", { mediaDevices: devices });
  vi.stubGlobal("screen", { width: 1280, height: 800 });
  vi.stubGlobal("MediaStream", class {});
  /** other devices are plugged in from now on; what is open and gone ends, as browsers have it */
  const plug = async (...now: Plugged[]) => {
    const gone = opened.filter(({ id }) => !now.some((one) => one.id === id));
    world.plugged = now;
    for (const { track } of gone) track.onended?.(new Event("ended"));
    devices.dispatchEvent(new Event("devicechange"));
    await settled();
  };
  return { world, plug, opened };
}

export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
export const stopped = (track: MediaStreamTrack | undefined) =>
  (track as unknown as { stopped: boolean } | undefined)?.stopped;
