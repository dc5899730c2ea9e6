import { type Bytes, join, noBytes } from "./bytes";

/**
 * Key is what one key id seals and opens with: suite 4 of RFC 9605,
 * AES_128_GCM_SHA256_128.
 */
export interface Key {
  readonly kid: bigint;
  readonly cipher: CryptoKey;
  readonly salt: Bytes;
}

const suite = 4;
export const baseKeySize = 16;
const saltSize = 12;

/** importBase takes an epoch's base key; the bytes may be wiped as soon as it was called. */
export function importBase(baseKey: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveKey", "deriveBits"]);
}

/** derive makes the key of one key id (RFC 9605 §4.4.2). */
export async function derive(base: CryptoKey, kid: bigint): Promise<Key> {
  const { subtle } = crypto;
  const forKey = expansion("SFrame 1.0 Secret key ", kid);
  const use: KeyUsage[] = ["encrypt", "decrypt"];
  const [cipher, salt] = await Promise.all([
    subtle.deriveKey(forKey, base, { name: "AES-GCM", length: 128 }, false, use),
    subtle.deriveBits(expansion("SFrame 1.0 Secret salt ", kid), base, saltSize * 8),
  ]);
  return { kid, cipher, salt: new Uint8Array(salt) };
}

/** seal gives prefix | header | ciphertext; the prefix is not part of what is sealed. */
export async function seal(
  key: Key,
  { header, counter }: { readonly header: Bytes; readonly counter: bigint },
  plain: Bytes,
  metadata: Bytes,
  prefix: Bytes = noBytes,
): Promise<Bytes> {
  const how = parameters(key, counter, header, metadata);
  const body = await crypto.subtle.encrypt(how, key.cipher, plain);
  return join(prefix, header, new Uint8Array(body));
}

/** open gives what was sealed, or rejects. headerSize is that of the header before the ciphertext. */
export async function open(
  key: Key,
  { length, counter }: { readonly length: number; readonly counter: bigint },
  sealed: Bytes,
  metadata: Bytes,
): Promise<Bytes> {
  const how = parameters(key, counter, sealed.subarray(0, length), metadata);
  return new Uint8Array(await crypto.subtle.decrypt(how, key.cipher, sealed.subarray(length)));
}

function expansion(label: string, kid: bigint): HkdfParams {
  const info = new Uint8Array(label.length + 10);
  new TextEncoder().encodeInto(label, info);
  const view = new DataView(info.buffer, label.length);
  view.setBigUint64(0, kid);
  view.setUint16(8, suite);
  return { name: "HKDF", hash: "SHA-256", salt: noBytes, info };
}

function parameters(key: Key, counter: bigint, header: Bytes, metadata: Bytes): AesGcmParams {
  const iv = key.salt.slice();
  const view = new DataView(iv.buffer);
  view.setBigUint64(4, view.getBigUint64(4) ^ counter);
  return { name: "AES-GCM", iv, additionalData: join(header, metadata) };
}
