import type { Trouble } from "../lib/devices";
import type { Browser } from "../lib/platform";
import { devices as words } from "../text/devices";
import type { Kind } from "./source";

/** troubleWords says what went wrong with a device and what to do about it, in this browser. */
export function troubleWords(kind: Kind, trouble: Trouble, browser: Browser): string {
  if (trouble === "unblurred") return words.unblurred;
  const what = words[kind][trouble];
  // A share is refused by whoever was asked just now: there is nothing to look for.
  return trouble === "denied" && kind !== "screen" ? `${what} ${words.allow[browser]}` : what;
}
