import type { MeetingOptions } from "./component";
import { longest } from "./protocol";

/** Wishes are what the frame is told in the handshake. */
export interface Wishes {
  readonly displayName?: string;
  readonly lang?: string;
  readonly jwt?: string;
  readonly startWithAudioMuted?: boolean;
  readonly startWithVideoMuted?: boolean;
  readonly theme?: { readonly accent: string };
}

const room = 200; // of a message, for what is in it besides the wishes

/** wishesOf takes them out of the options. It throws a TypeError that says what to change. */
export function wishesOf(options: Partial<MeetingOptions>): Wishes {
  const { displayName, lang, jwt, startWithAudioMuted, startWithVideoMuted, theme } = options;
  check(isText(displayName, 100), "displayName must be a string of at most 100 characters.");
  check(isText(lang, 35), 'lang must be a language\'s tag: "en".');
  check(isText(jwt, longest), "jwt must be a join token, as a string.");
  check(isFlag(startWithAudioMuted), "startWithAudioMuted must be true or false.");
  check(isFlag(startWithVideoMuted), "startWithVideoMuted must be true or false.");
  const accent = theme?.accent;
  check(
    isText(accent, 7) && /^#[0-9a-f]{6}$/i.test(accent ?? "#000000"),
    'theme.accent must be a colour: "#2457a7".',
  );
  const wishes = {
    ...(displayName ? { displayName } : {}),
    ...(lang ? { lang } : {}),
    ...(jwt ? { jwt } : {}),
    ...(startWithAudioMuted ? { startWithAudioMuted } : {}),
    ...(startWithVideoMuted ? { startWithVideoMuted } : {}),
    ...(accent ? { theme: { accent } } : {}),
  };
  check(
    bytes(JSON.stringify(wishes)) <= longest - room,
    "jwt is too long: keep what it says short.",
  );
  return wishes;
}

/** bytes is how long a text is on its way. */
export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function isText(value: unknown, most: number): boolean {
  return value === undefined || (typeof value === "string" && value.length <= most);
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === "boolean";
}

function check(fine: boolean, otherwise: string): void {
  if (!fine) throw new TypeError(otherwise);
}
