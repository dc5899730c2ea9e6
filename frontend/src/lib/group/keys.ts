import type { Capabilities, KeyPackage, PrivateKeyPackage } from "ts-mls";
import { generateKeyPackageWithKey } from "ts-mls/keyPackage.js";
import { defaultLifetime } from "ts-mls/lifetime.js";
import { fromBase64url } from "../base64url";
import { extensionTypes } from "./extensions";
import { encodeMessage } from "./message";
import { type Suite, suiteName } from "./suite";

/** KeyPair is an Ed25519 or X25519 key pair; each half has 32 bytes. */
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

/** StayKeys is what somebody needs to be in a group once. */
export interface StayKeys {
  /** the key package as it waits at the server: MLSMessage, base64url */
  readonly keyPackage: string;
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

/** makeSignatureKeys makes the pair by which a browser is known. */
export function makeSignatureKeys(): Promise<KeyPair> {
  return makeKeys("Ed25519", ["sign", "verify"]);
}

/** makeSealingKeys makes the pair that private messages of one stay are sealed with. */
export function makeSealingKeys(): Promise<KeyPair> {
  return makeKeys("X25519", ["deriveBits"]);
}

async function makeKeys(algorithm: "Ed25519" | "X25519", uses: KeyUsage[]): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey(algorithm, true, uses)) as CryptoKeyPair;
  const { d = "", x = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  const secret = fromBase64url(d);
  const publicKey = fromBase64url(x);
  if (!secret || !publicKey) throw new Error(`make ${algorithm} keys: not a key`);
  return { secret, public: publicKey };
}

const capabilities: Capabilities = {
  versions: ["mls10"],
  ciphersuites: [suiteName],
  extensions: extensionTypes,
  proposals: [],
  credentials: ["basic"],
};

/**
 * makeStayKeys makes the key package of one stay. How long it may be used stands
 * in the credential, which the site signs; clocks of browsers go wrong.
 */
export async function makeStayKeys(
  signature: KeyPair,
  credential: string,
  suite: Suite,
): Promise<StayKeys> {
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: "basic", identity: new TextEncoder().encode(credential) },
    capabilities,
    defaultLifetime,
    [],
    { signKey: signature.secret, publicKey: signature.public },
    suite,
  );
  const keyPackage = encodeMessage({
    version: "mls10",
    wireformat: "mls_key_package",
    keyPackage: publicPackage,
  });
  return { keyPackage, publicPackage, privatePackage };
}
