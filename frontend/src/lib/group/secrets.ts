import { scryptAsync } from "@noble/hashes/scrypt.js";

const text = new TextEncoder();
const length = 32;

/** linkPsk is the pre-shared key of who holds the invite link (docs/e2ee.md, Secrets). */
export async function linkPsk(
  secret: Uint8Array<ArrayBuffer>,
  number: string,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const params = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: text.encode(`conclave psk v1 link ${number}`),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, 8 * length));
}

/** passwordPsk is the pre-shared key of who joins by number. It takes a while, in small steps. */
export function passwordPsk(password: string, number: string): Promise<Uint8Array> {
  const salt = text.encode(`conclave psk v1 password ${number}`);
  return scryptAsync(text.encode(password), salt, {
    N: 2 ** 15,
    r: 8,
    p: 1,
    dkLen: length,
    asyncTick: 20,
  });
}
