import { changed, read, removed } from "./http";
import type { User } from "./rest";

/** The calls about how one signs in, as docs/api.md describes them. */

export interface WaysIn {
  /** whether they work at this address */
  readonly passkeys: boolean;
  /** what the site's provider is called */
  readonly provider: string | null;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly created: string;
  readonly lastUsed: string | null;
}

export interface MySignIn {
  readonly user: User;
  /** nothing else works until there is a second factor */
  readonly needed: boolean;
  readonly mayChange: boolean;
  readonly password: boolean;
  readonly passkeys: readonly Passkey[];
  readonly passkeysWork: boolean;
  readonly totp: boolean;
  readonly recoveryCodes: number;
  readonly provider: string | null;
  readonly identity: string | null;
}

interface Ceremony {
  readonly ceremony: string;
  readonly publicKey: unknown;
}

export interface AppSecret {
  readonly ceremony: string;
  readonly secret: string;
  readonly uri: string;
}

interface Codes {
  readonly recoveryCodes: readonly string[];
}

export const waysIn = () => read<WaysIn>("/v1/login");

export const signInByCode = (form: { challenge: string; code: string }) =>
  changed<User>("POST", "/v1/login/totp", form);

export const beginPasskey = () => changed<Ceremony>("POST", "/v1/login/passkey/options");

export const finishPasskey = (form: { ceremony: string; credential: unknown }) =>
  changed<User>("POST", "/v1/login/passkey", form);

/** providerPath is where a browser goes to sign in at the site's provider. */
export const providerPath = "/v1/login/oidc";

export const mySignIn = () => read<MySignIn>("/v1/me/signin");

export const beginNewPasskey = () => changed<Ceremony>("POST", "/v1/me/passkeys/options");

export const finishNewPasskey = (form: { ceremony: string; name: string; credential: unknown }) =>
  changed<Passkey>("POST", "/v1/me/passkeys", form);

export const deletePasskey = (id: string) =>
  removed("DELETE", `/v1/me/passkeys/${encodeURIComponent(id)}`);

export const beginApp = () => changed<AppSecret>("POST", "/v1/me/totp/options");

export const finishApp = (form: { ceremony: string; code: string }) =>
  changed<Codes>("POST", "/v1/me/totp", form);

export const deleteApp = () => removed("DELETE", "/v1/me/totp");

export const newRecoveryCodes = () => changed<Codes>("POST", "/v1/me/totp/recoveryCodes");

export const beginLink = () => changed<{ url: string }>("POST", "/v1/me/identity");

export const unlink = () => removed("DELETE", "/v1/me/identity");
