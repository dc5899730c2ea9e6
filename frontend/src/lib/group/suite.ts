import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { CiphersuiteImpl, Hash, HpkeAlgorithm, Kdf, Signature } from "ts-mls";
import { makeGenericHpke } from "ts-mls/crypto/implementation/hpke.js";
import { constantTimeEqual } from "ts-mls/util/constantTimeCompare.js";

/** Suite is the cryptography of the one cipher suite we speak. */
export type Suite = CiphersuiteImpl;

/** The cipher suite's name: number 1 of RFC 9420 §17.1. */
export const suiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";

const algorithms: HpkeAlgorithm = {
  kem: "DHKEM-X25519-HKDF-SHA256",
  kdf: "HKDF-SHA256",
  aead: "AES128GCM",
};

/**
 * makeSuite is our own provider for ts-mls: its own one drags every other suite
 * along. Hashes and key derivation are not WebCrypto's: a commit in a large group
 * needs thousands of them, and each would be a trip to another thread.
 */
export async function makeSuite(): Promise<Suite> {
  const hpke = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  });
  return {
    name: suiteName,
    hash,
    kdf,
    signature,
    hpke: await makeGenericHpke(algorithms, { encrypt: seal, decrypt: open }, hpke),
    rng: { randomBytes: (n) => crypto.getRandomValues(new Uint8Array(n)) },
  };
}

const hash: Hash = {
  digest: async (data) => sha256(data),
  mac: async (key, data) => hmac(sha256, key, data),
  verifyMac: async (key, mac, data) => constantTimeEqual(hmac(sha256, key, data), mac),
};

const kdf: Kdf = {
  size: 32,
  extract: async (salt, ikm) => extract(sha256, ikm, salt),
  expand: async (prk, info, length) => expand(sha256, prk, info, length),
};

const signature: Signature = {
  sign: async (seed, message) => {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8(seed), "Ed25519", false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("Ed25519", key, owned(message)));
  },
  verify: async (publicKey, message, signed) => {
    const key = await crypto.subtle.importKey("raw", owned(publicKey), "Ed25519", false, [
      "verify",
    ]);
    return crypto.subtle.verify("Ed25519", key, owned(signed), owned(message));
  },
  // Our keys are made by makeSignatureKeys; the library asks for none.
  keygen: () => Promise.reject(new Error("make a signature key: not here")),
};

async function seal(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plain: Uint8Array) {
  const aes = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, ["encrypt"]);
  const params = { name: "AES-GCM", iv: owned(iv), additionalData: owned(aad) };
  return new Uint8Array(await crypto.subtle.encrypt(params, aes, owned(plain)));
}

async function open(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, sealed: Uint8Array) {
  const aes = await crypto.subtle.importKey("raw", owned(key), "AES-GCM", false, ["decrypt"]);
  const params = { name: "AES-GCM", iv: owned(iv), additionalData: owned(aad) };
  return new Uint8Array(await crypto.subtle.decrypt(params, aes, owned(sealed)));
}

/** WebCrypto takes a private Ed25519 key only in this wrapping (RFC 8410 §7). */
function pkcs8(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
  return Uint8Array.from([...head, ...seed]);
}

/** WebCrypto's types want to know that the bytes are not shared between threads. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
