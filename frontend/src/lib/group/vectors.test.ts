import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientState } from "ts-mls";
import { joinGroup, makePskIndex } from "ts-mls/clientState.js";
import { decodeMlsMessage, type MLSMessage } from "ts-mls/message.js";
import { processPublicMessage } from "ts-mls/processMessages.js";
import { decodeRatchetTree } from "ts-mls/ratchetTree.js";
import { describe, expect, it } from "vitest";
import { makeSuite, type Suite } from "./suite";

// The passive client's vectors of https://github.com/mlswg/mls-implementations,
// those of suite 1, against the library as we patch it. They are not ours to
// ship, and lie beside the repository.
const folder = join(import.meta.dirname, "../../../../../shared/testdata");
const present = existsSync(folder);
if (!present) console.warn(`NOT RUN: the MLS test vectors are not at ${folder}`);

interface Vector {
  readonly cipher_suite: number;
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

function message(text: string): MLSMessage {
  const decoded = decodeMlsMessage(bytes(text), 0);
  if (!decoded) throw new Error("not an MLSMessage");
  return decoded[0];
}

function pskIndex(vector: Vector, state?: ClientState) {
  const known = vector.external_psks.map(({ psk_id, psk }) => [
    Buffer.from(psk_id, "hex").toString("base64"),
    bytes(psk),
  ]);
  return makePskIndex(state, Object.fromEntries(known));
}

async function begin(vector: Vector, suite: Suite): Promise<ClientState> {
  const keyPackage = message(vector.key_package);
  const welcome = message(vector.welcome);
  if (keyPackage.wireformat !== "mls_key_package") throw new Error("not a key package");
  if (welcome.wireformat !== "mls_welcome") throw new Error("not a welcome");
  const keys = {
    hpkePrivateKey: bytes(vector.encryption_priv),
    initPrivateKey: bytes(vector.init_priv),
    signaturePrivateKey: bytes(vector.signature_priv),
  };
  const tree = vector.ratchet_tree
    ? decodeRatchetTree(bytes(vector.ratchet_tree), 0)?.[0]
    : undefined;
  const psks = pskIndex(vector);
  return joinGroup(welcome.welcome, keyPackage.keyPackage, keys, psks, suite, tree);
}

async function follow(state: ClientState, text: string, vector: Vector, suite: Suite) {
  const next = message(text);
  if (next.wireformat !== "mls_public_message") throw new Error("not a public message");
  const psks = pskIndex(vector, state);
  return (await processPublicMessage(state, next.publicMessage, psks, suite)).newState;
}

async function run(vector: Vector): Promise<number> {
  const suite = await makeSuite();
  let state = await begin(vector, suite);
  expect(hex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
  for (const epoch of vector.epochs) {
    for (const text of [...epoch.proposals, epoch.commit])
      state = await follow(state, text, vector, suite);
    expect(hex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
  }
  return vector.epochs.length;
}

describe("the patched library follows the official vectors", () => {
  it.skipIf(!present).each([
    ["welcome", 8, 0],
    ["handling-commit", 13, 26],
    ["random", 1, 200],
  ])("of the passive client, %s", { timeout: 60_000 }, async (name, groups, epochs) => {
    const file = join(folder, `mls-passive-client-${name}-suite1.json`);
    const vectors: Vector[] = JSON.parse(readFileSync(file, "utf8"));
    expect(vectors.map((vector) => vector.cipher_suite)).toEqual(Array(groups).fill(1));
    let followed = 0;
    for (const vector of vectors) followed += await run(vector);
    expect(followed).toBe(epochs);
  });
});
