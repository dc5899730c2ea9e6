import { hashOf, linkProof, newSecret } from "../lib/proof";
import type { Meeting } from "../lib/rest";
import { links } from "../lib/vault";
import { fullLink } from "../model/link";

/** A link that was just made: the secret stays here, the proof goes to the server. */
interface NewLink {
  readonly secret: string;
  readonly linkProof: string;
}

export async function makeLink(): Promise<NewLink> {
  const secret = newSecret();
  const proof = await linkProof(secret);
  if (proof === null) throw new Error("a new secret has no proof");
  return { secret, linkProof: proof };
}

/** opens says whether a secret is that of the meeting's link as it is today. */
export async function opens(meeting: Linked, secret: string): Promise<boolean> {
  const proof = await linkProof(secret);
  return proof !== null && (await hashOf(proof)) === meeting.linkProofHash;
}

type Linked = Pick<Meeting, "meetingNumber" | "linkProofHash">;

/**
 * secretOf returns the secret of an owner's own meeting: the one they came with,
 * or the one this device keeps, if it is still the link's; "" when it is neither.
 */
export async function secretOf(meeting: Linked, cameWith = ""): Promise<string> {
  for (const secret of [cameWith, (await links.get(meeting.meetingNumber)) ?? ""]) {
    if (secret && (await opens(meeting, secret))) return secret;
  }
  return "";
}

/** complete gives a meeting its whole link where this device has the secret. */
export async function complete(meeting: Meeting): Promise<Meeting> {
  const secret = await secretOf(meeting);
  return secret ? { ...meeting, webLink: fullLink(meeting.webLink, secret) } : meeting;
}
