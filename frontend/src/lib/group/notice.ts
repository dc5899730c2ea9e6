import type { Bytes } from "../sframe/bytes";

/** Frozen is what the others see of a share: the thing itself, the picture it was when it was paused, or a blank one. */
export type Frozen = "no" | "picture" | "blank";

/** Notice is what somebody says of their own share, verified like a message. */
export interface Notice {
  readonly from: string;
  readonly frozen: Frozen;
}

const aboutShare = 1;
const codes: readonly Frozen[] = ["no", "picture", "blank"];

/** noticeBytes is a notice as it is signed and sealed. */
export function noticeBytes(frozen: Frozen): Bytes {
  return Uint8Array.of(aboutShare, codes.indexOf(frozen));
}

/** frozenIn reads one; null for what this version does not know. */
export function frozenIn(bytes: Bytes): Frozen | null {
  const [about, code = -1] = bytes;
  return about === aboutShare && bytes.length === 2 ? (codes[code] ?? null) : null;
}
