import type { Day } from "../lib/records";
import { date } from "./format";

/** Span is a time in whole days of the person's own. */
export interface Span {
  readonly from: Date;
  /** when the day after the last one begins */
  readonly to: Date;
}

/** Course is what was held day by day, without a gap. */
export interface Course {
  /** like 2027-05-04 */
  readonly dates: readonly string[];
  readonly meetings: readonly number[];
  readonly peopleMinutes: readonly number[];
}

// So many days when nobody says, and at most: the server takes 400, and an hour
// more or less of summer time is to make no difference.
const usual = 90;
const most = 366;

/**
 * spanOf is the time to show of what is wanted (model/span writes it): no day that
 * is still to come, and the newest days where there are too many; null without any.
 */
export function spanOf(wanted: Readonly<Record<string, string>>, now: Date): Span | null {
  const tomorrow = later(now, 1);
  const last = wanted["to"] ? new Date(wanted["to"]) : tomorrow;
  const to = new Date(Math.min(last.getTime(), tomorrow.getTime()));
  const first = wanted["from"] ? new Date(wanted["from"]) : later(to, -usual);
  const earliest = later(to, -most);
  const from = new Date(Math.max(first.getTime(), earliest.getTime()));
  return from < to ? { from, to } : null;
}

/** courseOf fills the days on which nothing was held, for the server leaves them out. */
export function courseOf(days: readonly Day[], { from, to }: Span): Course {
  const held = new Map(days.map((day) => [day.date, day]));
  const dates: string[] = [];
  for (let time = from; time < to; time = later(time, 1)) dates.push(dateOf(time));
  return {
    dates,
    meetings: dates.map((name) => held.get(name)?.meetings ?? 0),
    peopleMinutes: dates.map((name) => held.get(name)?.totalPeopleMinutes ?? 0),
  };
}

/** Row is a day on which something was held. */
export interface Row {
  readonly name: string;
  readonly meetings: number;
  readonly peopleMinutes: number;
}

/** rowsOf are the days on which something was held, the newest first like the sessions. */
export function rowsOf({ dates, meetings, peopleMinutes }: Course): Row[] {
  return dates
    .map((name, i) => ({
      name: date(name),
      meetings: meetings[i] ?? 0,
      peopleMinutes: peopleMinutes[i] ?? 0,
    }))
    .filter((row) => row.meetings > 0)
    .reverse();
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** later is the midnight that begins the day so many days after time's. */
function later(time: Date, days: number): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
}

function dateOf(time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
