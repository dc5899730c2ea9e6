import { changed, read, removed } from "./http";
import { siteInfo } from "./rest";

/** The calls about the keys of join tokens, as docs/api.md describes them. */

/** JoinKey is what the signatures of an embedder's tokens are verified with. */
export interface JoinKey {
  /** the kid of its tokens */
  readonly id: string;
  readonly name: string;
  /** EdDSA or RS256 */
  readonly algorithm: string;
  /** PEM */
  readonly publicKey: string;
  /** the strongest role that a token of it gives */
  readonly maxRole: string;
  /** RFC 3339 */
  readonly created: string;
  /** an e-mail address */
  readonly createdBy: string;
  /** null for never */
  readonly lastUsed: string | null;
  /** null while it is good */
  readonly revoked: string | null;
}

export interface JoinKeys {
  readonly items: readonly JoinKey[];
  /** the aud of the site's tokens */
  readonly audience: string;
}

export interface JoinKeyForm {
  readonly name: string;
  /** PEM or JWK */
  readonly publicKey: string;
  readonly maxRole: string;
}

export const joinKeys = async () => read<JoinKeys>(await keysPath());

export const addJoinKey = async (form: JoinKeyForm) =>
  changed<JoinKey>("POST", await keysPath(), form);

export const renameJoinKey = async (id: string, name: string) =>
  changed<JoinKey>("PATCH", await keyPath(id), { name });

export const revokeJoinKey = async (id: string) => removed("DELETE", await keyPath(id));

async function keysPath(): Promise<string> {
  return `/v1/sites/${encodeURIComponent((await siteInfo()).name)}/joinKeys`;
}

async function keyPath(id: string): Promise<string> {
  return `${await keysPath()}/${encodeURIComponent(id)}`;
}
