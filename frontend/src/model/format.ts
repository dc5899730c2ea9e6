/** meetingNumber writes eleven digits the way people read them out: 2345 678 9012. */
export function meetingNumber(digits: string): string {
  const match = /^(\d{4})(\d{3})(\d{4})$/.exec(digits);
  return match ? match.slice(1).join(" ") : digits;
}

/** digitsOf takes a number as it was typed, with spaces and dashes. */
export function digitsOf(typed: string): string {
  return typed.replace(/\D/g, "");
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

/** zoneName is the person's own zone, in words. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** duration says seconds as 1:02:03, or 2:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const language = "en";

function formatted(time: string, options: Intl.DateTimeFormatOptions, zone?: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const placed = zone === undefined ? options : { ...options, timeZone: zone };
  return new Intl.DateTimeFormat(`${language}-GB`, placed).format(date);
}

/** A character as people see it: an accent or an emoji may be several code points. */
function firstCharacter(word: string): string {
  const [first] = new Intl.Segmenter(language).segment(word);
  return (first?.segment ?? "").toLocaleUpperCase(language);
}
