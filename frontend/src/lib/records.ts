import { type Listed, listed } from "./http";
import { outside } from "./site";

/** Records and the audit log, as docs/api.md describes them. */

/** Wanted says which rows are wanted: names of the query, without those that are empty. */
export type Wanted = Readonly<Record<string, string>>;

export interface AuditEvent {
  readonly id: number;
  readonly time: string;
  readonly actor: string;
  readonly ipAddress: string;
  readonly action: string;
  readonly target: string;
  /** any JSON; null where nothing was */
  readonly before: unknown;
  /** any JSON; null where nothing is */
  readonly after: unknown;
}

export const auditEvents = (wanted: Wanted) =>
  listed<AuditEvent>(withQuery("/v1/adminAudit/events", wanted));

export const moreAuditEvents = (next: string) => listed<AuditEvent>(next);

/** auditFile is where the whole log is as a file. */
export const auditFile = (wanted: Wanted) =>
  outside(withQuery("/v1/adminAudit/events", { ...wanted, format: "csv" }));

/** Day is what was held on one day. */
export interface Day {
  /** like 2027-05-04 */
  readonly date: string;
  readonly meetings: number;
  readonly totalParticipants: number;
  readonly totalPeopleMinutes: number;
}

/** days adds sessions up by day. Those without any are left out. */
export const days = (wanted: Wanted) => listed<Day>(withQuery("/v1/meetingReports/days", wanted));

/** recordsFile is where a report is as a file. */
export const recordsFile = (report: string, format: "csv" | "json", wanted: Wanted) =>
  outside(withQuery(`/v1/meetingReports/${report}`, { ...wanted, format }));

/** withQuery adds what is wanted to a path. */
export function withQuery(path: string, wanted: Wanted): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return query ? `${path}?${query}` : path;
}

export type { Listed };
