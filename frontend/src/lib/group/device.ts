import { fromBase64url, toBase64url } from "../base64url";
import { database } from "../database";
import { Vault } from "../vault";
import { type KeyPair, makeSignatureKeys } from "./keys";

const lockName = "conclave device key";
const lockPatience = 400;
const name = "signature";
const size = 32;

/**
 * deviceKey is the signature key by which others know this browser again. Two
 * members of one group cannot have the same, so only one tab at a time gets it;
 * another, and a browser that remembers nothing, gets a key for this once.
 */
export async function deviceKey(): Promise<KeyPair> {
  if (!(await onlyTab())) return makeSignatureKeys();
  const vault = new Vault("keys", database);
  const kept = fromBase64url((await vault.get(name)) ?? "");
  if (kept?.length === 2 * size) return { public: kept.slice(0, size), secret: kept.slice(size) };
  const made = await makeSignatureKeys();
  await vault.keep(name, toBase64url(new Uint8Array([...made.public, ...made.secret])));
  return made;
}

/** onlyTab takes the lock, for as long as the caller's worker lives. A page that is just closing may hold it a moment longer. */
function onlyTab(): Promise<boolean> {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(false);
    const taken = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    navigator.locks
      .request(lockName, { signal: AbortSignal.timeout(lockPatience) }, taken)
      .catch(() => resolve(false));
  });
}
