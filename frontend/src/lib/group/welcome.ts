import type { ClientConfig, ClientState, Extension } from "ts-mls";
import { defaultClientConfig } from "ts-mls/clientConfig.js";
import { joinGroupWithExtensions } from "ts-mls/clientState.js";
import { CryptoError } from "ts-mls/mlsError.js";
import { toBase64url } from "../base64url";
import type { Admitted, Door } from "../wire.gen";
import type { StayKeys } from "./keys";
import { decodeMessage, decodeTree } from "./message";
import type { Notary } from "./notary";
import { Keyring } from "./psk";
import { Refused } from "./refused";
import type { Suite } from "./suite";

/** clientConfig has ts-mls ask the notary about every credential it meets. */
export function clientConfig(notary: Notary): ClientConfig {
  return {
    ...defaultClientConfig,
    authService: {
      validateCredential: async (credential, key) => (await notary.read(credential, key)) !== null,
    },
  };
}

/** Ticket is how somebody comes in: the door they say to know the key of, and the key. */
export interface Ticket {
  readonly admitted: Admitted;
  readonly keys: StayKeys;
  readonly door: Door;
  readonly psk: Uint8Array;
}

/**
 * openWelcome joins a group, and gives the extensions of the GroupInfo too. A
 * Welcome that opens without the key of the door is refused: then whoever made it
 * may not have known the key either.
 */
export async function openWelcome(
  { admitted, keys, door, psk }: Ticket,
  notary: Notary,
  suite: Suite,
): Promise<[ClientState, Extension[]]> {
  const message = decodeMessage(admitted.welcome ?? "");
  const tree = decodeTree(admitted.tree ?? "");
  if (message?.wireformat !== "mls_welcome" || !tree) throw new Refused("broken", "read a welcome");
  const keyring = new Keyring({ [door]: psk });
  const opened = await joinGroupWithExtensions(
    message.welcome,
    keys.publicPackage,
    keys.privatePackage,
    keyring,
    suite,
    tree,
    undefined,
    clientConfig(notary),
  ).catch((cause: unknown) => {
    // The first thing done with the key is to decrypt what stands behind it.
    const wrongKey = keyring.asked[0] === door && cause instanceof CryptoError;
    throw new Refused(wrongKey ? "wrong_key" : "broken", "open a welcome", { cause });
  });
  if (keyring.asked.length !== 1) throw new Refused("policy", "join without one pre-shared key");
  if (!fits(opened[0], admitted)) throw new Refused("broken", "join another group than said");
  return opened;
}

function fits({ groupContext, privatePath }: ClientState, said: Admitted): boolean {
  return (
    toBase64url(groupContext.groupId) === said.group &&
    groupContext.epoch === BigInt(said.epoch) &&
    privatePath.leafIndex === said.leaf
  );
}
