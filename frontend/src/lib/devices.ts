import type { Surface } from "./wire.gen";

/** Why a device could not be opened. */
export type Trouble = "denied" | "missing" | "busy" | "lost" | "unready" | "failed";

export interface Device {
  readonly id: string;
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
  readonly surface: Surface;
}

export const noDevices: DeviceList = { microphones: [], cameras: [], speakers: [] };

/** openMicrophone opens a microphone; an empty id is the system's choice. */
export function openMicrophone(id: string): Promise<MediaStreamTrack> {
  const wish = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return openOne("audio", id, wish, "speech");
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
 * openScreen asks the browser for a window, a tab or a screen. The hint only
 * sorts the picker; what was really chosen is asked afterwards. Firefox does
 * not say, so there the hint stands. It must be called straight from a click.
 */
export async function openScreen(hint: Surface): Promise<Captured> {
  const options = {
    video: { displaySurface: hint, frameRate: { max: 30 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    monitorTypeSurfaces: hint === "monitor" ? "include" : "exclude",
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: hint === "monitor" ? "include" : "exclude",
  };
  const stream = await navigator.mediaDevices.getDisplayMedia(options);
  const [video] = stream.getVideoTracks();
  if (!video) throw new DOMException("no picture", "NotFoundError");
  hintText(video);
  const [audio = null] = stream.getAudioTracks();
  return { video, audio, surface: surfaceOf(video) ?? hint };
}

/** listDevices names what is there. Without a permission browsers name nothing. */
export async function listDevices(): Promise<DeviceList> {
  try {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind) =>
      all
        .filter((d) => d.kind === kind && d.deviceId !== "")
        .map(({ deviceId: id, label }) => ({ id, label }));
    return {
      microphones: of("audioinput"),
      cameras: of("videoinput"),
      speakers: of("audiooutput"),
    };
  } catch {
    return noDevices;
  }
}

export function onDevicesChanged(changed: () => void): () => void {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  devices?.addEventListener("devicechange", changed);
  return () => devices?.removeEventListener("devicechange", changed);
}

/** troubleOf reads a browser's refusal. */
export function troubleOf(thrown: unknown): Trouble {
  switch (thrown instanceof DOMException ? thrown.name : "") {
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

/** Text keeps its edges and gives up frames; browsers that do not know "text" ignore it. */
function hintText(track: MediaStreamTrack): void {
  track.contentHint = "detail";
  track.contentHint = "text";
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
