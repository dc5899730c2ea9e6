import type { Source } from "../wire.gen";

/**
 * Faces go as VP8, which every machine encodes three times over. Text goes as
 * AV1: measured on a page of small print at 1080p, half a second after it
 * changed, AV1 reached 39 dB, VP9 31 dB and VP8 13 dB, with a third of the bytes
 * of either; and scrolling it cost 13 ms a frame where VP9 took 45.
 */
const faces = ["video/VP8", "video/VP9", "video/AV1"];
const text = ["video/AV1", "video/VP9", "video/VP8"];

/** The profiles that every browser decodes: 0 of VP9 and of AV1. */
const otherProfile = /profile-id=[1-9]|profile=[1-9]/;

/** sending is the list for a send line; its first codec is the one used. */
export function sending(source: Source): RTCRtpCodec[] {
  if (source === "microphone" || source === "screen_audio") return lean("audio", ["audio/opus"]);
  return lean("video", source === "screen" ? text : faces);
}

/** among is the first of a send line's codecs that is one of those; undefined when none is. */
export function among(mimes: readonly string[], source: Source): RTCRtpCodec | undefined {
  const known = (codec: RTCRtpCodec) =>
    mimes.some((mime) => mime.toLowerCase() === codec.mimeType.toLowerCase());
  return sending(source).find(known);
}

/** receiving is the list for a slot, which takes whatever comes. */
export function receiving(kind: "audio" | "video"): RTCRtpCodec[] {
  return lean(kind, kind === "audio" ? ["audio/opus"] : faces);
}

/**
 * Lean lists: three video codecs and Opus. Every other line would only make
 * the offer longer, and what the encryption of frames cannot carry (H.264, RED,
 * FEC) must not be negotiated at all.
 */
function lean(kind: "audio" | "video", wanted: readonly string[]): RTCRtpCodec[] {
  const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const usable = all.filter((codec) => !otherProfile.test(codec.sdpFmtpLine ?? ""));
  const named = (name: string) =>
    usable.filter((codec) => codec.mimeType.toLowerCase() === name.toLowerCase());
  return [...wanted, ...(kind === "video" ? ["video/rtx"] : [])].flatMap(named);
}
