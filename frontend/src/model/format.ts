import { locale } from "../text/language";

/** meetingNumber writes eleven digits the way people read them out: 2345 678 9012. */
export function meetingNumber(digits: string): string {
  const match = /^(\d{4})(\d{3})(\d{4})$/.exec(digits);
  return match ? match.slice(1).join(" ") : digits;
}

/** digitsOf takes a number as it was typed: with spaces and dashes, or on an Arabic or a Persian keyboard. */
export function digitsOf(typed: string): string {
  const western = (digit: string) => String(digit.charCodeAt(0) & 0xf);
  return typed.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, western).replace(/\D/g, "");
}

/** initials are what stands where there is no picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => firstCharacter(word ?? "")).join("") || "?";
}

/** day is a date with its weekday, in the person's zone. */
export function day(time: string, zone?: string): string {
  return formatted(time, { weekday: "long", day: "numeric", month: "long", year: "numeric" }, zone);
}

/** clock is a time of the day with its zone, so that nobody has to guess. */
export function clock(time: string, zone?: string): string {
  return formatted(time, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" }, zone);
}

/** moment is a date and a time in a table, to the second. */
export function moment(time: string, zone?: string): string {
  return formatted(time, { dateStyle: "medium", timeStyle: "medium" }, zone);
}

/** date is a day like 2027-05-04 in words: it has no zone. */
export function date(day: string): string {
  return formatted(day, { dateStyle: "medium" }, "UTC");
}

/** shortDate is such a day where there is little room, and its year is known. */
export function shortDate(day: string): string {
  return formatted(day, { day: "numeric", month: "short" }, "UTC");
}

/** amount is a number where there is little room: 1.5k. */
export function amount(n: number): string {
  return new Intl.NumberFormat(locale(), { notation: "compact" }).format(n);
}

/** wholeNumber is a number to the last digit. */
export function wholeNumber(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

/** clockOf is a time of the day a moment ago, in milliseconds: the zone is one's own. */
export function clockOf(time: number, zone?: string): string {
  return formatted(new Date(time).toISOString(), { hour: "2-digit", minute: "2-digit" }, zone);
}

/** zoneName is the person's own zone, in words. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** zoneNames are those a person can choose. */
export function zoneNames(): readonly string[] {
  return Intl.supportedValuesOf("timeZone");
}

/** duration says seconds as 1:02:03, or 2:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function formatted(time: string, options: Intl.DateTimeFormatOptions, zone?: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const placed = zone === undefined ? options : { ...options, timeZone: zone };
  return new Intl.DateTimeFormat(locale(), placed).format(date);
}

/** A character as people see it: an accent or an emoji may be several code points. */
function firstCharacter(word: string): string {
  const [first] = new Intl.Segmenter(locale()).segment(word);
  return (first?.segment ?? "").toLocaleUpperCase(locale());
}
