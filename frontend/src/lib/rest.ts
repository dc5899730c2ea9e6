import { changed, type Listed, listed, read, removed } from "./http";

/** The calls of the REST interface, as docs/api.md describes them. */

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

export interface Meeting {
  readonly id: string;
  readonly meetingNumber: string;
  readonly title: string;
  /** RFC 3339 */
  readonly start: string;
  readonly durationMinutes: number;
  readonly password: string;
  readonly state: MeetingState;
  readonly webLink: string;
  readonly hostDisplayName: string;
}

type MeetingState = "scheduled" | "inProgress" | "ended";

export interface MeetingForm {
  readonly title: string;
  readonly start: string;
  readonly password: string;
}

export interface Preview {
  readonly title: string;
  readonly hostDisplayName: string;
  readonly start: string;
  readonly state: MeetingState;
  readonly role: string;
  readonly displayName: string;
}

export interface JoinForm {
  readonly meetingNumber: string;
  readonly displayName: string;
  readonly linkProof?: string;
  readonly password?: string;
}

export interface StayGranted {
  readonly participantId: string;
  readonly ticket: string;
  readonly title: string;
  readonly role: string;
  readonly displayName: string;
  readonly waiting: boolean;
}

export interface Usage {
  readonly sessionId: string;
  readonly meetingNumber: string;
  readonly meetingTitle: string;
  readonly hostDisplayName: string;
  readonly start: string;
  /** null while the session runs */
  readonly end: string | null;
  readonly durationSeconds: number;
  readonly totalParticipants: number;
  readonly peakAttendee: number;
  readonly endReason: string;
}

export interface Attendee {
  readonly participantId: string;
  readonly displayName: string;
  readonly participantType: string;
  readonly joinedTime: string;
  /** null while the stay lasts */
  readonly leftTime: string | null;
  readonly durationSeconds: number;
  readonly leaveReason: string;
}

export const setUp = (form: { token: string; name: string; email: string; password: string }) =>
  changed<User>("POST", "/v1/setup", form);

export const signIn = (form: { email: string; password: string }) =>
  changed<User>("POST", "/v1/login", form);

export const signOut = () => removed("POST", "/v1/logout");

export const me = () => read<User>("/v1/me");

export const meetings = () => listed<Meeting>("/v1/meetings");

export const schedule = (form: MeetingForm) => changed<Meeting>("POST", "/v1/meetings", form);

export const editMeeting = (id: string, form: MeetingForm) =>
  changed<Meeting>("PATCH", meetingPath(id), form);

export const deleteMeeting = (id: string) => removed("DELETE", meetingPath(id));

export const startMeeting = (id: string) => changed<Meeting>("POST", `${meetingPath(id)}/start`);

export const preview = (form: { meetingNumber: string; linkProof?: string }) =>
  changed<Preview>("POST", "/v1/meetings/preview", form);

export const join = (form: JoinForm) => changed<StayGranted>("POST", "/v1/meetings/join", form);

export const usage = () => listed<Usage>("/v1/meetingReports/usage");

export const moreUsage = (next: string) => listed<Usage>(next);

export const attendees = (session: string) =>
  listed<Attendee>(`/v1/meetingReports/attendees?sessionId=${encodeURIComponent(session)}`);

export type { Listed };

function meetingPath(id: string): string {
  return `/v1/meetings/${encodeURIComponent(id)}`;
}
