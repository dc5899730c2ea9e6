import type { Meeting } from "../lib/rest";

export interface Agenda {
  /** running ones first, then by start */
  readonly upcoming: readonly Meeting[];
  /** the latest first */
  readonly past: readonly Meeting[];
}

/** agenda parts the meetings of today and later from those before. */
export function agenda(meetings: readonly Meeting[], now: Date): Agenda {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const running = (m: Meeting) => m.state === "inProgress";
  const upcoming = meetings.filter((m) => running(m) || startOf(m) >= today);
  const past = meetings.filter((m) => !upcoming.includes(m));
  return {
    upcoming: upcoming.sort(
      (a, b) => Number(running(b)) - Number(running(a)) || startOf(a) - startOf(b),
    ),
    past: past.sort((a, b) => startOf(b) - startOf(a)),
  };
}

/** nextHalfHour is when a meeting starts if one says nothing. */
export function nextHalfHour(now: Date): Date {
  const half = 30 * 60 * 1000;
  return new Date(Math.floor(now.getTime() / half) * half + half);
}

/** localInput writes a time for a field that knows no zone. */
export function localInput(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const days = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${days}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** fromLocalInput reads such a field back, in the person's zone; null when it is not a time. */
export function fromLocalInput(value: string): Date | null {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function startOf(meeting: Meeting): number {
  return new Date(meeting.start).getTime();
}
