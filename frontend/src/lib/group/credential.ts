import { fromBase64url } from "../base64url";
import type { Role } from "../wire.gen";
import type { Identity } from "./view";

/** Site is who signs credentials, and for which meeting they must be. */
export interface Site {
  /** the public Ed25519 key, raw */
  readonly key: Uint8Array<ArrayBuffer>;
  readonly iss: string;
  /** the meeting's number */
  readonly aud: string;
}

/** Credential is a credential that was verified. */
export interface Credential extends Identity {
  /** as the site made it */
  readonly jws: string;
  /** the X25519 key that private messages to this person are sealed with, raw */
  readonly seal: Uint8Array;
  /** Unix time in milliseconds */
  readonly expires: number;
}

const maxLength = 4096;
const roles: readonly Role[] = ["host", "presenter", "panelist", "attendee"];

/**
 * readCredential verifies a credential (docs/e2ee.md, Identity), also that it has
 * not expired when told the time. It answers null to whatever is not one, and
 * never throws.
 */
export async function readCredential(
  jws: string,
  site: Site,
  now?: number,
): Promise<Credential | null> {
  if (jws.length > maxLength) return null;
  const [header = "", payload = "", signature = "", ...rest] = jws.split(".");
  const signed = fromBase64url(signature);
  if (rest.length > 0 || !signed || !isHeader(parse(header))) return null;
  const claims = read(parse(payload), site);
  const credential = claims && { ...claims, jws };
  if (!credential || (now !== undefined && now >= credential.expires)) return null;
  const message = new TextEncoder().encode(`${header}.${payload}`);
  return (await verifies(site.key, signed, message)) ? credential : null;
}

async function verifies(
  raw: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signed, message);
  } catch {
    return false;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parse(part: string): Fields | null {
  const bytes = fromBase64url(part);
  if (!bytes) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

/** Nothing in a header may change what the signature means (RFC 7515 §4.1.11). */
function isHeader(header: Fields | null): boolean {
  return header?.alg === "EdDSA" && header.typ === "conclave-credential" && !("crit" in header);
}

function read(claims: Fields | null, site: Site): Omit<Credential, "jws"> | null {
  if (claims?.iss !== site.iss || claims.aud !== site.aud) return null;
  const { sub, name, org, guest, owner, exp, iat, sig } = claims;
  const role = roles.find((known) => known === claims.role);
  const seal = isText(claims.seal, 64) ? fromBase64url(claims.seal) : null;
  if (!isText(sub, 64) || !isText(name, 256) || !isText(org, 256) || !isText(sig, 64)) return null;
  if (!role || typeof guest !== "boolean" || typeof owner !== "boolean") return null;
  if (!isTime(iat) || !isTime(exp) || exp <= iat) return null;
  if (fromBase64url(sig)?.length !== 32 || seal?.length !== 32) return null;
  const person = { participant: sub, name, org, role, guest, owner, key: sig };
  return { ...person, seal, expires: exp * 1000 };
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= most;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
