import { type Bytes, join } from "../sframe/bytes";
import type { Group } from "./group";
import type { Newcomer } from "./newcomer";
import type { Suite } from "./suite";

const info = new TextEncoder().encode("conclave message v1");
const encSize = 32;
const headSize = 2 + encSize + 2;

/**
 * sealFor closes a text for each of its readers (RFC 9180, base mode), one entry
 * after the other: leaf, encapsulated key, length, ciphertext. Whoever else is in
 * the group cannot read it, though they have the key of the SFrame around it.
 */
export async function sealFor(
  suite: Suite,
  group: Group,
  readers: readonly number[],
  plain: Bytes,
  header: Bytes,
): Promise<Bytes> {
  const entries: Bytes[] = [];
  for (const leaf of readers) {
    const raw = group.sealOf(leaf);
    if (!raw) continue;
    const key = await suite.hpke.importPublicKey(raw);
    const { enc, ct } = await suite.hpke.seal(key, plain, info, header);
    const head = new Uint8Array(headSize);
    const view = new DataView(head.buffer);
    view.setUint16(0, leaf);
    head.set(enc, 2);
    view.setUint16(2 + encSize, ct.length);
    entries.push(join(head, ct));
  }
  return join(...entries);
}

/** openFor opens the entry of one reader; null when there is none, or it does not open. */
export async function openFor(
  suite: Suite,
  self: number,
  { sealing }: Pick<Newcomer, "sealing">,
  body: Bytes,
  header: Bytes,
): Promise<Bytes | null> {
  const entry = entryOf(self, body);
  if (!entry) return null;
  try {
    const key = await suite.hpke.importPrivateKey(sealing.secret);
    return new Uint8Array(await suite.hpke.open(key, entry.enc, entry.sealed, info, header));
  } catch {
    return null;
  }
}

function entryOf(self: number, body: Bytes): { enc: Bytes; sealed: Bytes } | null {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  for (let at = 0; at + headSize <= body.length; ) {
    const end = at + headSize + view.getUint16(at + 2 + encSize);
    if (end > body.length) return null;
    if (view.getUint16(at) === self) {
      const enc = body.subarray(at + 2, at + 2 + encSize);
      return { enc, sealed: body.subarray(at + headSize, end) };
    }
    at = end;
  }
  return null;
}
