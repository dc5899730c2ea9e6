import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from "ts-mls/message.js";
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from "ts-mls/ratchetTree.js";
import { fromBase64url, toBase64url } from "../base64url";

/** Far more than a commit or a tree of the largest group has. */
const maxLength = 4 << 20;

export function encodeMessage(message: MLSMessage): string {
  return toBase64url(encodeMlsMessage(message));
}

/** decodeMessage reads an MLSMessage with nothing behind it. It never throws. */
export function decodeMessage(text: string): MLSMessage | null {
  return decode(text, decodeMlsMessage);
}

export function encodeTree(tree: RatchetTree): string {
  return toBase64url(encodeRatchetTree(tree));
}

export function decodeTree(text: string): RatchetTree | null {
  return decode(text, decodeRatchetTree);
}

function decode<T>(
  text: string,
  decoder: (bytes: Uint8Array, offset: number) => [T, number] | undefined,
): T | null {
  const bytes = text.length > maxLength ? null : fromBase64url(text);
  if (!bytes) return null;
  try {
    const [value, length] = decoder(bytes, 0) ?? [null, 0];
    return length === bytes.length ? value : null;
  } catch {
    return null;
  }
}
