import type { Device, Trouble } from "../lib/devices";
import type { Surface } from "../lib/wire.gen";

/** What a person can turn on. The sound of a screen comes and goes with the screen. */
export type Kind = "microphone" | "camera" | "screen";

/** Local is one of this browser's own sources. */
export interface Local {
  readonly state: "off" | "starting" | "on";
  readonly track: MediaStreamTrack | null;
  readonly trouble: Trouble | null;
}

export interface LocalScreen extends Local {
  readonly audio: MediaStreamTrack | null;
  readonly surface: Surface;
}

export const off: Local = { state: "off", track: null, trouble: null };
export const starting: Local = { state: "starting", track: null, trouble: null };
export const noScreen: LocalScreen = { ...off, audio: null, surface: "window" };

/** Chosen are the ids of devices; empty means the system's choice. */
export interface Chosen {
  readonly microphone: string;
  readonly camera: string;
  readonly speaker: string;
}

export const noChoice: Chosen = { microphone: "", camera: "", speaker: "" };

/** known is a choice as far as that device still exists. */
export function known(devices: readonly Device[], id: string): string {
  return devices.some((device) => device.id === id) ? id : "";
}
