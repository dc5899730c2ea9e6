const label = "conclave link proof v1";
const secretLength = 32;

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

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}

function toBase64url(bytes: Uint8Array): string {
  const binary = String.fromCharCode(...bytes);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
