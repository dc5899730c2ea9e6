import { recall, remember } from "./storage";

const key = "language";

/** what is wanted before all of that */
let first = "";

/** wishFirst is for a page that another one has around it, in its own language. */
export function wishFirst(tag: string): void {
  first = tag;
}

/**
 * wishes are the languages a person wants, the most wanted first: what they chose
 * in this tab, what their profile says, and what their browser says.
 */
export function wishes(): readonly string[] {
  const chosen = [first, recall(key), recall(key, "browser")].filter((tag) => tag !== "");
  return [...chosen, ...navigator.languages];
}

/** chooseForVisit keeps a choice for as long as the tab is open. */
export function chooseForVisit(tag: string): void {
  remember(key, tag);
}

/** noteProfile keeps what a profile says until the person signs out; "" is the browser's. */
export function noteProfile(tag: string): void {
  remember(key, tag, "browser");
}

/** say tells the browser, and whoever reads the page aloud, what language it is in. */
export function say(tag: string, direction: "ltr" | "rtl"): void {
  document.documentElement.lang = tag;
  document.documentElement.dir = direction;
}
