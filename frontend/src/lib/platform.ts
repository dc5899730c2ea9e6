/** What this browser is and can do. */

export type Fitness = "fit" | "insecure" | "unsupported";

/** fitness says whether this browser can take part at all. */
export function fitness(): Fitness {
  if (!globalThis.isSecureContext) return "insecure";
  const able =
    typeof RTCPeerConnection === "function" &&
    typeof RTCRtpScriptTransform === "function" &&
    typeof navigator.mediaDevices?.getUserMedia === "function";
  return able ? "fit" : "unsupported";
}

/** onPhone: a finger on a small screen, which decodes fewer pictures. */
export function onPhone(): boolean {
  const small = Math.min(globalThis.screen.width, globalThis.screen.height) < 600;
  return small && matchMedia("(pointer: coarse)").matches;
}

/** onLoopback: the server runs on this very machine. */
export function onLoopback(): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
}

export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

export function canChooseSpeaker(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Browser is whose buttons a person looks for. On an iPhone every browser is Safari inside. */
export type Browser = "chromium" | "firefox" | "safari" | "other";

export function browser(agent = navigator.userAgent): Browser {
  if (/Firefox\//.test(agent)) return "firefox";
  if (/Chrom(e|ium)\//.test(agent)) return "chromium";
  return /Safari\//.test(agent) ? "safari" : "other";
}
