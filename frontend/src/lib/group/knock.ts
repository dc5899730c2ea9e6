import type { KeyPackage } from "ts-mls";
import { extensionsSupportedByCapabilities } from "ts-mls/extension.js";
import { verifyKeyPackage } from "ts-mls/keyPackage.js";
import { verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import type { Credential } from "./credential";
import { rulesExtension } from "./extensions";
import { decodeMessage } from "./message";
import type { Notary } from "./notary";
import { readLeaf } from "./roster";
import { type Suite, suiteName } from "./suite";

/** Knocking is a key package that was verified, and whose it is. */
export interface Knocking {
  readonly credential: Credential;
  readonly keyPackage: KeyPackage;
}

/** readKnock verifies a key package as it waits at the server. It never throws. */
export async function readKnock(
  keyPackage: string,
  notary: Notary,
  suite: Suite,
): Promise<Knocking | null> {
  const message = decodeMessage(keyPackage);
  if (message?.wireformat !== "mls_key_package") return null;
  const credential = await readLeaf(message.keyPackage.leafNode, notary);
  if (!credential || notary.expired(credential)) return null;
  const sound = await isSound(message.keyPackage, suite).catch(() => false);
  return sound ? { credential, keyPackage: message.keyPackage } : null;
}

async function isSound(keyPackage: KeyPackage, { signature }: Suite): Promise<boolean> {
  const { leafNode, version, cipherSuite } = keyPackage;
  const ours = [rulesExtension({ locked: false, lobby: false, membersAdd: false })];
  return (
    version === "mls10" &&
    cipherSuite === suiteName &&
    extensionsSupportedByCapabilities(ours, leafNode.capabilities) &&
    (await verifyLeafNodeSignatureKeyPackage(leafNode, signature)) &&
    (await verifyKeyPackage(keyPackage, signature))
  );
}
