import { changed, type Listed, listed, read, removed } from "./http";
import type { Me, User } from "./rest";

/** The calls about people and their accounts, as docs/api.md describes them. */

/** Person is a user as an administrator sees them. */
export interface Person extends User {
  readonly disabled: boolean;
  readonly hasPassword: boolean;
  /** RFC 3339 */
  readonly created: string;
  /** null for never */
  readonly lastSignIn: string | null;
}

/** Handed tells of a link that somebody was given; it is there where no mail brings it. */
export interface Handed {
  readonly link?: string;
  readonly linkExpires: string;
}

export interface PersonForm {
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

export interface PersonChange {
  readonly name?: string;
  readonly role?: string;
  readonly disabled?: boolean;
}

export interface PasswordRequest {
  readonly id: string;
  readonly user: User;
  readonly created: string;
}

export interface Welcome {
  readonly purpose: "invite" | "reset" | "register";
  readonly name: string;
  readonly email: string;
}

export interface Profile extends Me {
  readonly hasPassword: boolean;
  /** empty: the browser's */
  readonly timeZone: string;
  readonly meetingDefaults: { readonly durationMinutes: number };
}

export interface SignedIn {
  readonly id: string;
  readonly agent: string;
  readonly ipAddress: string;
  readonly created: string;
  readonly lastSeen: string;
  readonly current: boolean;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created: string;
  readonly expires: string;
  /** null for never */
  readonly lastUsed: string | null;
}

export const people = (search: string) =>
  listed<Person>(search ? `/v1/users?search=${encodeURIComponent(search)}` : "/v1/users");

export const morePeople = (next: string) => listed<Person>(next);

export const addPerson = (form: PersonForm) => changed<Person & Handed>("POST", "/v1/users", form);

export const editPerson = (id: string, change: PersonChange) =>
  changed<Person>("PATCH", personPath(id), change);

export const deletePerson = (id: string) => removed("DELETE", personPath(id));

export const linkPerson = (id: string) => changed<Handed>("POST", `${personPath(id)}/link`);

export const passwordRequests = () => listed<PasswordRequest>("/v1/passwordRequests");

export const approveRequest = (id: string) => changed<Handed>("POST", `${requestPath(id)}/approve`);

export const denyRequest = (id: string) => removed("POST", `${requestPath(id)}/deny`);

export const previewWelcome = (token: string) =>
  changed<Welcome>("POST", "/v1/welcome/preview", { token });

export const choosePassword = (token: string, password: string) =>
  changed<User>("POST", "/v1/welcome", { token, password });

export const register = (form: { name: string; email: string }) =>
  removed("POST", "/v1/registrations", form);

export const forgot = (email: string) => removed("POST", "/v1/passwordRequests", { email });

export const profile = () => read<Profile>("/v1/me");

export const editProfile = (
  change: Partial<Omit<Profile, keyof User | "hasPassword">> & { name?: string },
) => changed<Profile>("PATCH", "/v1/me", change);

export const changePassword = (currentPassword: string, password: string) =>
  removed("POST", "/v1/me/password", { currentPassword, password });

export const logins = () => listed<SignedIn>("/v1/me/logins");

export const endLogin = (id: string) =>
  removed("DELETE", `/v1/me/logins/${encodeURIComponent(id)}`);

export const endLogins = () => removed("DELETE", "/v1/me/logins");

export const tokens = () => listed<Token>("/v1/me/tokens");

export const makeToken = (form: { name: string; scopes: readonly string[]; days: number }) =>
  changed<Token & { readonly token: string }>("POST", "/v1/me/tokens", form);

export const deleteToken = (id: string) =>
  removed("DELETE", `/v1/me/tokens/${encodeURIComponent(id)}`);

export type { Listed };

function personPath(id: string): string {
  return `/v1/users/${encodeURIComponent(id)}`;
}

function requestPath(id: string): string {
  return `/v1/passwordRequests/${encodeURIComponent(id)}`;
}
