import { profile as words } from "../text/profile";

/** What an account is good for, in a word. */
export type AccountState = "active" | "invited" | "disabled";

/** stateOf says it of a person: who signs in without a password is no newcomer. */
export function stateOf(person: {
  readonly disabled: boolean;
  readonly hasPassword: boolean;
  readonly lastSignIn: string | null;
}): AccountState {
  if (person.disabled) return "disabled";
  return person.hasPassword || person.lastSignIn !== null ? "active" : "invited";
}

const browsers: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** device says what a browser is, as its owner would: Firefox on Windows. */
export function device(agent: string): string {
  const find = (table: typeof browsers) => table.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser && system) return words.device(browser, system);
  return browser ?? system ?? agent.slice(0, 60);
}
