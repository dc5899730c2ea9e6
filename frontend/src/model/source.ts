import type { Device, Trouble } from "../lib/devices";
import type { Frozen } from "../lib/group/notice";
import type { Content, ContentChoice } from "../lib/media/content";
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
  /** what the person says it is */
  readonly choice: ContentChoice;
  /** what it is sent as */
  readonly content: Content;
  /** what is sent in its place while it is frozen */
  readonly still: MediaStreamTrack | null;
  readonly frozen: Frozen;
}

/** Standing is what is known of a share that stands still; all of it is of its line. */
export interface Standing {
  readonly bytes: number;
  /** how often the still picture was sent again, because somebody came or had lost it */
  readonly repeats: number;
}

export const off: Local = { state: "off", track: null, trouble: null };
export const starting: Local = { state: "starting", track: null, trouble: null };
export const noScreen: LocalScreen = {
  ...off,
  audio: null,
  surface: "window",
  choice: "auto",
  content: "text",
  still: null,
  frozen: "no",
};

/** Misshare is why something is not shown that the person chose. */
export type Misshare =
  /** it is not allowed here */
  | "forbidden"
  /** the browser does not say what it is, and not everything is allowed */
  | "unknown"
  /** it became something that is not allowed */
  | "changed";

const surfaces: readonly Surface[] = ["window", "browser", "monitor"];

/**
 * misshare holds what was chosen against what may be shown. Firefox does not say
 * what it was: that may be anything, so it is taken only where anything may be.
 */
export function misshare(
  chosen: Surface | null,
  allowed: readonly Surface[],
): "forbidden" | "unknown" | null {
  if (chosen) return allowed.includes(chosen) ? null : "forbidden";
  return surfaces.every((surface) => allowed.includes(surface)) ? null : "unknown";
}

/** sentOf is what goes out of a share now. */
export function sentOf({ track, still }: LocalScreen): MediaStreamTrack | null {
  return still ?? track;
}

/** Chosen are the ids of devices; empty means the system's choice. */
export interface Chosen {
  readonly microphone: string;
  readonly camera: string;
  readonly speaker: string;
}

/** Moved says that a source, or the sound, has gone over to another device by itself. */
export interface Moved {
  readonly kind: keyof Chosen;
  /** whether to the one that the person had before */
  readonly back: boolean;
  /** what is in use now; may be empty */
  readonly label: string;
}

export const noChoice: Chosen = { microphone: "", camera: "", speaker: "" };

/** known is a choice as far as that device still exists. */
export function known(devices: readonly Device[], id: string): string {
  return devices.some((device) => device.id === id) ? id : "";
}

/** sameDevice knows a device again. "default" is another device each time, so its group counts more. */
export function sameDevice(one: Device, other: Device): boolean {
  return one.group === "" || other.group === "" ? one.id === other.id : one.group === other.group;
}
