import { fromBase64url, toBase64url } from "./base64url";

const label = "conclave link proof v1";
const secretLength = 32;

/** newSecret makes the secret of a new link: what its fragment will be. */
export function newSecret(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(secretLength)));
}

/** hashOf is what the server keeps of a proof: by it a secret is known to be a meeting's. */
export async function hashOf(proof: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(proof));
  return toBase64url(new Uint8Array(hash));
}

/**
 * linkProof is what a link's holder shows instead of the secret itself, which
 * the server never sees: HKDF-SHA-256 of it (RFC 5869). Null when the text is
 * no secret: 32 bytes in base64url.
 */
export async function linkProof(secret: string): Promise<string | null> {
  const bytes = fromBase64url(secret);
  if (bytes?.length !== secretLength) return null;
  const key = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
  const params = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: new TextEncoder().encode(label),
  };
  return toBase64url(new Uint8Array(await crypto.subtle.deriveBits(params, key, 256)));
}
