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

/** onNetworkChange calls back when the device comes online or moves to another network. */
export function onNetworkChange(changed: () => void): () => void {
  const { connection } = navigator as { connection?: EventTarget };
  addEventListener("online", changed);
  connection?.addEventListener("change", changed);
  return () => {
    removeEventListener("online", changed);
    connection?.removeEventListener("change", changed);
  };
}

/** copyText tells whether the clipboard took it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** focusHeading announces what is new on the screen by its heading, as a loaded page would. */
export function focusHeading(): void {
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
