import type { Surface } from "./wire.gen";

/** Why a device could not be opened. */
export type Trouble =
  | "denied"
  /** by the operating system, whatever the browser would allow */
  | "system"
  | "missing"
  | "busy"
  | "lost"
  /** the browser ended it, with the device still there */
  | "stopped"
  /** the camera cannot blur what is behind somebody who wants that */
  | "unblurred"
  | "unready"
  | "unguarded"
  | "unsealed"
  | "failed";

export interface Device {
  readonly id: string;
  /** what it is a part of, so that it is known again by another name; may be empty */
  readonly group: string;
  /** empty until a permission was given */
  readonly label: string;
}

export interface DeviceList {
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  readonly speakers: readonly Device[];
}

export interface Captured {
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack | null;
  /** null where the browser does not say */
  readonly surface: Surface | null;
}

export const noDevices: DeviceList = { microphones: [], cameras: [], speakers: [] };

/**
 * openMicrophone opens a microphone; an empty id is the system's choice. Plain is
 * the sound as it is, for music: without what browsers do to make speech clear.
 */
export function openMicrophone(id: string, plain: boolean): Promise<MediaStreamTrack> {
  const clear = !plain;
  const wish = { echoCancellation: clear, noiseSuppression: clear, autoGainControl: clear };
  return openOne("audio", id, wish, plain ? "music" : "speech");
}

/** openCamera opens a camera: 720p, or 360p on a phone, which sends and heats less. */
export function openCamera(id: string, phone: boolean): Promise<MediaStreamTrack> {
  const wish = {
    width: { ideal: phone ? 640 : 1280 },
    height: { ideal: phone ? 360 : 720 },
    frameRate: { ideal: 30 },
  };
  return openOne("video", id, wish, "motion");
}

/**
 * openScreen asks the browser for a window, a tab or a screen. The hint sorts the
 * picker, and screens are in it only where they are asked for; what was really
 * chosen is asked afterwards. It must be called straight from a click.
 */
export async function openScreen(hint: Surface, monitors: boolean): Promise<Captured> {
  const options = {
    video: { displaySurface: hint, frameRate: { max: 30 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    monitorTypeSurfaces: monitors ? "include" : "exclude",
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: monitors ? "include" : "exclude",
  };
  const stream = await navigator.mediaDevices.getDisplayMedia(options);
  const [video] = stream.getVideoTracks();
  if (!video) throw new DOMException("no picture", "NotFoundError");
  const [audio = null] = stream.getAudioTracks();
  return { video, audio, surface: surfaceOf(video) };
}

/** onSurfaceChanged tells when the person goes over to something else in the browser's own bar. */
export function onSurfaceChanged(
  video: MediaStreamTrack,
  changed: (surface: Surface | null) => void,
): void {
  video.addEventListener("configurationchange", () => changed(surfaceOf(video)));
}

/** listDevices names what is there. Without a permission browsers name nothing. */
export async function listDevices(): Promise<DeviceList> {
  try {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind) =>
      all
        .filter((d) => d.kind === kind && d.deviceId !== "")
        .map(({ deviceId: id, groupId: group, label }) => ({ id, group, label }));
    return {
      microphones: of("audioinput"),
      cameras: of("videoinput"),
      speakers: of("audiooutput"),
    };
  } catch {
    return noDevices;
  }
}

/** isGranted tells whether a device can be opened without a question. */
export async function isGranted(name: "microphone" | "camera"): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name })).state === "granted";
  } catch {
    return false; // the browser does not say
  }
}

export function onDevicesChanged(changed: () => void): () => void {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  devices?.addEventListener("devicechange", changed);
  return () => devices?.removeEventListener("devicechange", changed);
}

/** deviceOf is the device that a track comes from. */
export function deviceOf(track: MediaStreamTrack): Device {
  const { deviceId: id = "", groupId: group = "" } = track.getSettings();
  return { id, group, label: track.label };
}

/** canBlur tells whether the browser itself blurs what is behind somebody, before anything else has the picture. */
export function canBlur(track: MediaStreamTrack | null): boolean {
  // Firefox has had getCapabilities only since 132.
  const able = (track?.getCapabilities?.() as { backgroundBlur?: boolean[] } | undefined) ?? {};
  return able.backgroundBlur?.includes(true) === true && able.backgroundBlur.includes(false);
}

/** blur tells whether it is as it was wanted. */
export async function blur(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  try {
    const wish: MediaTrackConstraints & { backgroundBlur: ConstrainBoolean } = {
      ...track.getConstraints(),
      backgroundBlur: { exact: on },
    };
    await track.applyConstraints(wish);
    return true;
  } catch {
    return false;
  }
}

/** askSpeaker has the browser ask for a speaker, where a page may not list them. Call it straight from a click. */
export async function askSpeaker(): Promise<string | null> {
  try {
    const { selectAudioOutput } = chooser();
    const { deviceId } = (await selectAudioOutput?.call(navigator.mediaDevices)) ?? {};
    return deviceId ?? null;
  } catch {
    return null; // the person chose none
  }
}

export function canAskSpeaker(): boolean {
  return typeof chooser().selectAudioOutput === "function";
}

/** What TypeScript does not know of. */
function chooser(): { selectAudioOutput?: () => Promise<MediaDeviceInfo> } {
  return (navigator.mediaDevices as object | undefined) ?? {};
}

/** troubleOf reads a browser's refusal. */
export function troubleOf(thrown: unknown): Trouble {
  const { name, message } = thrown instanceof DOMException ? thrown : { name: "", message: "" };
  // Chromium's only sign that it was not itself.
  if (name === "NotAllowedError" && /by system/i.test(message)) return "system";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

async function openOne(
  kind: "audio" | "video",
  id: string,
  wish: MediaTrackConstraints,
  hint: string,
): Promise<MediaStreamTrack> {
  const chosen = id ? { ...wish, deviceId: { exact: id } } : wish;
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ [kind]: chosen });
  } catch (thrown) {
    // The chosen one may have been unplugged: then any will do.
    if (!id || troubleOf(thrown) !== "missing") throw thrown;
    stream = await navigator.mediaDevices.getUserMedia({ [kind]: wish });
  }
  const [track] = stream.getTracks();
  if (!track) throw new DOMException("no track", "NotFoundError");
  track.contentHint = hint;
  return track;
}

function surfaceOf(track: MediaStreamTrack): Surface | null {
  const { displaySurface } = track.getSettings();
  switch (displaySurface) {
    case "window":
    case "browser":
    case "monitor":
      return displaySurface;
    default:
      return null;
  }
}
