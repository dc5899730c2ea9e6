/** What a page in a frame can find out about the page around it, and tell it. */

/** tellParent sends a message to the page around this one, as long as it is of that origin. */
export function tellParent(origin: string, message: object): void {
  globalThis.parent.postMessage(message, origin);
}

/** parentOrigin is where the page around this one is from, as the browser says; "" where it does not. */
export function parentOrigin(): string {
  // Browsers may have been told by that page to say nothing of it.
  return location.ancestorOrigins?.[0] ?? originOf(document.referrer);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}

/** isEmbedder tells whether an origin is one that pages like ours are put into: over TLS, or of this machine. */
export function isEmbedder(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  const local = /^(localhost|.+\.localhost|127\.0\.0\.1)$/.test(hostname);
  return protocol === "https:" || (protocol === "http:" && local);
}

/** Passed is something that a page has to pass on to a frame, by its name in allow. */
export type Passed =
  | "camera"
  | "microphone"
  | "display-capture"
  | "autoplay"
  | "fullscreen"
  | "clipboard-write";

const all = [
  ...(["microphone", "camera", "display-capture"] as const),
  ...(["autoplay", "fullscreen", "clipboard-write"] as const),
];

interface Policy {
  allowsFeature(name: string): boolean;
}

/** Missing is what is not passed on; where it is not sure, the person may have forbidden it. */
export interface Missing {
  readonly names: readonly Passed[];
  readonly sure: boolean;
}

/**
 * notPassed lists what the page around this one does not pass on. Chromium says it.
 * Firefox does not, but a camera that is denied before anybody was asked was not
 * passed on either, unless the person has forbidden it earlier.
 */
export async function notPassed(): Promise<Missing> {
  const page = document as { permissionsPolicy?: Policy; featurePolicy?: Policy };
  const policy = page.permissionsPolicy ?? page.featurePolicy;
  if (policy) return { names: all.filter((name) => !policy.allowsFeature(name)), sure: true };
  const denied = await Promise.all((["microphone", "camera"] as const).map(isDenied));
  const whole = document.fullscreenEnabled ? [] : (["fullscreen"] as const);
  return { names: [...denied.flat(), ...whole], sure: false };
}

async function isDenied<P extends "microphone" | "camera">(name: P): Promise<readonly P[]> {
  try {
    const { state } = await navigator.permissions.query({ name: name as PermissionName });
    return state === "denied" ? [name] : [];
  } catch {
    return [];
  }
}

/** onceLoaded waits until the page has loaded, and so many milliseconds more. */
export function onceLoaded(more: number): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => setTimeout(resolve, more);
    if (document.readyState === "complete") wait();
    else addEventListener("load", wait, { once: true });
  });
}

/** paint gives the page another value for one of its colours; "" takes it back. */
export function paint(name: string, colour: string): void {
  document.documentElement.style.setProperty(name, colour);
}

/** markFramed has the styles leave out what another page has around this one: a header, ways to our other pages. */
export function markFramed(): void {
  document.documentElement.classList.add("framed");
}

/** build tells one build of these pages from another. */
export const build = /-([\w-]+)\.js$/.exec(import.meta.url)?.[1] ?? "development";
