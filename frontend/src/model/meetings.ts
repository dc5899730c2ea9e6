import type { Meeting } from "../lib/rest";

const minute = 60 * 1000;

export interface Agenda {
  /** the one to start or rejoin now, by id; "" when it is time for none */
  readonly due: string;
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
  upcoming.sort((a, b) => Number(running(b)) - Number(running(a)) || startOf(a) - startOf(b));
  const due = upcoming.find((m) => running(m) || isTime(m, now));
  return {
    due: due?.id ?? "",
    upcoming,
    past: past.sort((a, b) => startOf(b) - startOf(a)),
  };
}

/** nextHalfHour is when a meeting starts if one says nothing. */
export function nextHalfHour(now: Date): Date {
  const half = 30 * minute;
  return new Date(Math.floor(now.getTime() / half) * half + half);
}

/** A host opens the door a little before, and may be late. */
function isTime(meeting: Meeting, now: Date): boolean {
  const until = startOf(meeting) - now.getTime();
  return meeting.state === "scheduled" && until < 15 * minute && until > -60 * minute;
}

function startOf(meeting: Meeting): number {
  return new Date(meeting.nextStart).getTime();
}
