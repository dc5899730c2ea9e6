import {
  changed,
  type Listed,
  listed,
  read,
  readTagged,
  removed,
  replaced,
  type Tagged,
} from "./http";
import { type Wanted, withQuery } from "./records";

/** The calls of the REST interface, as docs/api.md describes them. */

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

/** Me is a user as they see themselves, as far as every page wants to know it. */
export interface Me extends User {
  /** empty: the browser's */
  readonly language: string;
}

export interface Meeting {
  readonly id: string;
  readonly version: number;
  readonly meetingNumber: string;
  readonly title: string;
  readonly agenda: string;
  /** RFC 3339, of the first occurrence */
  readonly start: string;
  readonly durationMinutes: number;
  readonly timezone: string;
  /** the value of an RRULE; empty for a meeting that meets once */
  readonly recurrence: string;
  /** of the occurrence that is not over, or the last */
  readonly nextStart: string;
  readonly password: string;
  readonly excludePassword: boolean;
  readonly publicMeeting: boolean;
  readonly requireAttendeeLogin: boolean;
  readonly requireEmail: boolean;
  readonly lobby: boolean;
  readonly serviceType: string;
  readonly alternativeHosts: readonly string[];
  readonly invitees: readonly string[];
  readonly access: "owner" | "host";
  readonly state: MeetingState;
  /** without its fragment: the secret is the host's own */
  readonly webLink: string;
  /** base64url of the SHA-256 of the link's proof */
  readonly linkProofHash: string;
  readonly hostDisplayName: string;
}

type MeetingState = "scheduled" | "inProgress" | "ended";

/** MeetingList is what one hosts, and what the site lets one do with it. */
export interface MeetingList {
  readonly items: readonly Meeting[];
  readonly mailWorks: boolean;
  readonly listingWorks: boolean;
}

/** ListedMeeting is one that the site shows to everybody. */
export interface ListedMeeting {
  readonly meetingNumber: string;
  readonly title: string;
  readonly start: string;
  readonly state: MeetingState;
  readonly hostDisplayName: string;
}

/** What can be said of a meeting; what is absent stays. */
type MeetingOptions = Partial<
  Pick<
    Meeting,
    | "agenda"
    | "durationMinutes"
    | "timezone"
    | "recurrence"
    | "excludePassword"
    | "publicMeeting"
    | "requireAttendeeLogin"
    | "requireEmail"
    | "lobby"
    | "serviceType"
    | "alternativeHosts"
    | "invitees"
  >
>;

export interface MeetingForm extends MeetingOptions {
  readonly title: string;
  readonly start: string;
  readonly password: string;
  /** of a new link: the one before stops working */
  readonly linkProof?: string;
}

export interface Preview {
  readonly title: string;
  readonly hostDisplayName: string;
  readonly start: string;
  readonly state: MeetingState;
  readonly role: string;
  readonly displayName: string;
  /** a join token says it, whatever is typed */
  readonly displayNameFixed: boolean;
  /** the site's questions are for others: this person hosts the meeting, and is of the site */
  readonly askedNothing: boolean;
  readonly linkProofHash: string;
  /** of this person, who is not signed in */
  readonly requireEmail: boolean;
}

export interface JoinForm {
  readonly meetingNumber: string;
  readonly displayName: string;
  readonly linkProof?: string;
  readonly password?: string;
  readonly email?: string;
  /** answers to the site's questions, by their names */
  readonly fields?: Readonly<Record<string, string>>;
  /** of what was agreed to */
  readonly disclaimerHash?: string;
  /** as whom this browser was in before; its cookie for that proves it */
  readonly previousParticipantId?: string;
  /** the origin of the page around this one, where this one is in a frame */
  readonly embeddedBy?: string;
  /** what that page vouches with for who joins, instead of a proof or a password */
  readonly joinToken?: string;
  /** Ed25519 and X25519, base64url: with both the answer has a credential */
  readonly signatureKey?: string;
  readonly sealingKey?: string;
}

export interface StayGranted {
  readonly participantId: string;
  readonly ticket: string;
  readonly meetingNumber: string;
  readonly title: string;
  readonly role: string;
  readonly displayName: string;
  readonly waiting: boolean;
  readonly siteName: string;
  /** what the site's credentials are verified with: Ed25519, base64url */
  readonly siteKey: string;
  readonly credential?: string;
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

/** Question is what a site asks of people before they come in. */
export interface Question {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  /** empty: any line of text */
  readonly choices: readonly string[];
}

/** SiteInfo is what a site tells everybody of itself. */
export interface SiteInfo {
  /** in the paths of its calls */
  readonly name: string;
  readonly title: string;
  readonly requireLoginBeforeAccess: boolean;
  readonly allowSelfRegistration: boolean;
  /** an administrator does, or hands the link over where no mail can be sent */
  readonly approveForgotPassword: boolean;
  readonly unlistAllMeetings: boolean;
  readonly requireMeetingPassword: boolean;
  readonly requireStrongPassword: boolean;
  readonly disableEmailInvitations: boolean;
  readonly requireEmail: boolean;
  readonly preSessionFields: readonly Question[];
  /** both are empty where there is nothing to agree to */
  readonly disclaimer: { readonly text: string; readonly hash: string };
}

/** Policy is what a site's administrator decides for everybody at it. */
export interface Policy {
  readonly unlistAllMeetings: boolean;
  readonly requireLoginBeforeAccess: boolean;
  readonly requireMeetingPassword: boolean;
  readonly requireStrongPassword: boolean;
  readonly requireEmail: boolean;
  readonly requireSecondFactor: boolean;
  readonly allowSelfRegistration: boolean;
  readonly approveForgotPassword: boolean;
  readonly disableEmailInvitations: boolean;
  readonly disableShareDesktop: boolean;
  readonly disableShareApplication: boolean;
  readonly disableFileTransfer: boolean;
  readonly disableRemoteControl: boolean;
  readonly disableRecording: boolean;
  readonly disableChat: boolean;
  readonly uniqueSupportNumber: boolean;
  readonly passwordCriteria: PasswordCriteria;
  readonly preSessionFields: readonly Question[];
  readonly disclaimer: { readonly text: string; readonly version: number };
  readonly embedOrigins: readonly string[];
  readonly edrRetentionDays: number;
  /** "", "truncated" or "none" */
  readonly ipAddresses: string;
}

export interface PasswordCriteria {
  readonly minLength: number;
  readonly minStrength: number;
  readonly blockedWords: readonly string[];
  readonly requireMixedCase: boolean;
  readonly requireDigit: boolean;
  readonly requireSymbol: boolean;
}

interface PolicyBody {
  readonly securityOptions: Policy;
}

export const policy = async () => policyIn(await readTagged<PolicyBody>(await policyPath()));

export const setPolicy = async (securityOptions: Policy, tag: string) =>
  policyIn(await replaced<PolicyBody>(await policyPath(), { securityOptions }, tag));

const policyIn = ({ value, tag }: Tagged<PolicyBody>): Tagged<Policy> => ({
  value: value.securityOptions,
  tag,
});

async function policyPath(): Promise<string> {
  return `/v1/sites/${encodeURIComponent((await siteInfo()).name)}/policy`;
}

export type { Tagged };

export const siteInfo = () => read<SiteInfo>("/v1/site");

export const setUp = (form: { token: string; name: string; email: string; password: string }) =>
  changed<User>("POST", "/v1/setup", form);

export const signIn = (form: { email: string; password: string }) =>
  changed<User>("POST", "/v1/login", form);

export const signOut = () => removed("POST", "/v1/logout");

export const me = () => read<Me>("/v1/me");

export const meetings = () => read<MeetingList>("/v1/meetings");

export const listedMeetings = () => listed<ListedMeeting>("/v1/meetings/listed");

export const schedule = (form: MeetingForm) => changed<Meeting>("POST", "/v1/meetings", form);

/** editMeeting changes the version one has seen, if it is still that one. */
export const editMeeting = (meeting: Meeting, form: Partial<MeetingForm>) =>
  changed<Meeting>("PATCH", meetingPath(meeting.id), form, `"${meeting.version}"`);

export const sendInvitations = (id: string, emails: readonly string[]) =>
  changed<{ readonly invited: number }>("POST", `${meetingPath(id)}/invitations`, { emails });

export const deleteMeeting = (id: string) => removed("DELETE", meetingPath(id));

export const startMeeting = (id: string) => changed<Meeting>("POST", `${meetingPath(id)}/start`);

/** What a preview takes of that. */
type PreviewForm = Pick<
  JoinForm,
  "meetingNumber" | "linkProof" | "embeddedBy" | "joinToken" | "previousParticipantId"
>;

export const preview = (form: PreviewForm) =>
  changed<Preview>("POST", "/v1/meetings/preview", form);

export const join = (form: JoinForm) => changed<StayGranted>("POST", "/v1/meetings/join", form);

export const usage = (wanted: Wanted) =>
  listed<Usage>(withQuery("/v1/meetingReports/usage", wanted));

export const moreUsage = (next: string) => listed<Usage>(next);

export const attendees = (session: string) =>
  listed<Attendee>(`/v1/meetingReports/attendees?sessionId=${encodeURIComponent(session)}`);

export type { Listed };

function meetingPath(id: string): string {
  return `/v1/meetings/${encodeURIComponent(id)}`;
}
