/** Sent is what has gone out through a line so far, and how often it was asked for again. */
export interface Sent {
  readonly frames: number;
  readonly bytes: number;
  readonly asked: number;
}

/**
 * activate lets a sender encode no more than the encodings with these rids, whatever track
 * is in; null is all. Without it Firefox encodes a picture that stands still once a second.
 * Of what is off the browser still counts who asks for a key frame.
 */
export async function activate(
  sender: RTCRtpSender,
  rids: readonly string[] | null,
): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.active = isIn(encoding.rid, rids);
      await sender.setParameters(parameters);
      return true;
    } catch {
      // Somebody else was setting something at the same moment.
    }
  }
  return false;
}

/** An encoding without a name is the only one there is. */
function isIn(rid: string | undefined, rids: readonly string[] | null): boolean {
  if (rids === null) return true;
  return rid ? rids.includes(rid) : rids.length > 0;
}

const mostTries = 3;

export async function sentBy(sender: RTCRtpSender): Promise<Sent> {
  let sent: Sent = { frames: 0, bytes: 0, asked: 0 };
  for (const report of (await sender.getStats()).values()) {
    if (report.type !== "outbound-rtp") continue;
    const { framesEncoded, bytesSent, pliCount, firCount } = report as RTCOutboundRtpStreamStats;
    sent = {
      frames: sent.frames + (framesEncoded ?? 0),
      bytes: sent.bytes + (bytesSent ?? 0),
      asked: sent.asked + (pliCount ?? 0) + (firCount ?? 0),
    };
  }
  return sent;
}
