import type { Content } from "./content";
import type { Flow, Tune } from "./tuning";

/** The one encoding of a share. */
export const screenEncoding: RTCRtpEncodingParameters = {
  maxBitrate: 3_500_000,
  maxFramerate: 30,
};

/** What gives way when a line is thin: of text the pictures a second, of motion their size. */
const givesWay: Readonly<Record<Content, RTCDegradationPreference>> = {
  text: "maintain-resolution",
  motion: "balanced",
};

/** hint tells the browser what is in a track. One that does not know "text" ignores it. */
export function hint(track: MediaStreamTrack, content: Content): void {
  if (track.contentHint === content) return;
  if (content === "text") track.contentHint = "detail";
  track.contentHint = content;
}

/** tune says how many pictures a sender sends, and what it is to give up first. */
export async function tune(sender: RTCRtpSender, { content, pace }: Tune): Promise<void> {
  try {
    const parameters = sender.getParameters();
    parameters.degradationPreference = givesWay[content];
    for (const encoding of parameters.encodings) encoding.maxFramerate = pace;
    await sender.setParameters(parameters);
  } catch {
    // Firefox decides by the hint alone.
  }
}

/** sendIn changes the codec of a sender, without a negotiation. */
export async function sendIn(sender: RTCRtpSender, codec: RTCRtpCodec): Promise<void> {
  try {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) Object.assign(encoding, { codec });
    await sender.setParameters(parameters);
  } catch {
    // A browser that cannot change it goes on, and who does not decode it sees no share.
  }
}

/** flowOf is what has gone through a sender so far. */
export async function flowOf(sender: RTCRtpSender): Promise<Flow | null> {
  let source: { readonly frames?: number } | undefined;
  let sent: RTCOutboundRtpStreamStats | undefined;
  for (const report of (await sender.getStats()).values()) {
    if (report.type === "media-source") source = report;
    if (report.type === "outbound-rtp") sent = report as RTCOutboundRtpStreamStats;
  }
  if (!sent) return null;
  const frames = source?.frames ?? sent.framesEncoded ?? 0;
  const target = sent.targetBitrate ?? null;
  return { at: sent.timestamp, frames, bytes: sent.bytesSent ?? 0, target };
}
