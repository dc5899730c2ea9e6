import type { Meeting, MeetingForm } from "../lib/rest";
import { meetings as words } from "../text/meetings";
import { zoneName } from "./format";

/** Entries are what was typed and ticked, by field. */
type Entries = Readonly<Record<string, string>>;

/** wallClock is what a clock in a zone shows at a moment, as a field that knows no zone has it. */
export function wallClock(moment: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit" },
  }).formatToParts(moment);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

/** momentOf is when a clock in a zone shows that; null when it is not a time. */
export function momentOf(clock: string, zone: string): Date | null {
  const wanted = Date.parse(`${clock}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(clock) || Number.isNaN(wanted)) return null;
  const shown = (at: number) => Date.parse(`${wallClock(new Date(at), zone)}Z`);
  // The second guess is right but around a change of the clocks.
  const first = wanted - (shown(wanted) - wanted);
  return new Date(first + (wanted - shown(first)));
}

/** zones lists the zones a browser knows, the one that is meant in any case. */
export function zones(own: string): readonly string[] {
  return [...new Set([own, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}

/** rhythms are the rules the page offers; the interface takes more. */
const rhythms: readonly (readonly [rule: string, label: string])[] = [
  ["FREQ=DAILY", words.daily],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", words.weekdays],
  ["FREQ=WEEKLY", words.weekly],
  ["FREQ=WEEKLY;INTERVAL=2", words.fortnightly],
  ["FREQ=MONTHLY", words.monthly],
  ["FREQ=YEARLY", words.yearly],
];

/** Repeat is a rule as the form has it: how often, and how many times. */
export interface Repeat {
  readonly rhythm: string;
  readonly times: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
}

/** repeatOf reads a rule for the form. One the form cannot write is kept as it is. */
export function repeatOf(rule: string): Repeat {
  const [, rhythm = "", times = ""] = /^(.*);COUNT=(\d+)$/.exec(rule) ?? [];
  const once = ["", words.once] as const;
  if (rule === "") return { rhythm: "", times: "10", choices: [once, ...rhythms] };
  if (rhythms.some(([known]) => known === rhythm))
    return { rhythm, times, choices: [once, ...rhythms] };
  return { rhythm: rule, times: "10", choices: [[rule, words.asItIs], once, ...rhythms] };
}

/** repeats says a rule in words; "" for a meeting that meets once. */
export function repeats(rule: string): string {
  if (rule === "") return "";
  const { rhythm, times } = repeatOf(rule);
  const known = rhythms.find(([r]) => r === rhythm);
  return known ? words.repeatsTimes(known[1], times) : words.repeatsOften;
}

/** addressesIn takes a list of addresses as people write one. */
export function addressesIn(typed: string): readonly string[] {
  return typed.split(/[\s,;]+/).filter(Boolean);
}

/** formOf is what a filled form asks for; null when its start is not a time. */
export function formOf(entries: Entries, meeting: Meeting | null): MeetingForm | null {
  const text = (name: string) => (entries[name] ?? "").trim();
  const zone = text("timezone") || zoneName();
  const start = momentOf(text("start"), zone);
  if (!start) return null;
  return {
    ...{ title: text("title"), start: start.toISOString(), password: text("password") },
    ...{ timezone: zone, durationMinutes: Number(text("minutes")) || 60, agenda: text("agenda") },
    ...{ recurrence: ruleOf(text("rhythm"), text("times")), serviceType: text("service") },
    ...{ lobby: "lobby" in entries, requireAttendeeLogin: "account" in entries },
    ...{ requireEmail: "address" in entries, publicMeeting: "public" in entries },
    ...{ alternativeHosts: addressesIn(text("hosts")) },
    ...mailOf(entries, meeting),
  };
}

/** What is about mail stays as it is where the form does not ask for it. */
function mailOf(entries: Entries, meeting: Meeting | null): Partial<MeetingForm> {
  if (!("invitees" in entries)) return { invitees: meeting?.invitees ?? [] };
  return {
    invitees: addressesIn(entries["invitees"] ?? ""),
    excludePassword: "unmailed" in entries,
  };
}

function ruleOf(rhythm: string, times: string): string {
  return rhythm && !/COUNT=|UNTIL=/.test(rhythm)
    ? `${rhythm};COUNT=${Number(times) || 10}`
    : rhythm;
}
