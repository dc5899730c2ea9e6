import type { Source } from "../wire.gen";
import { receiving, sending } from "./codecs";
import type { Frames } from "./frames";

/** SendLine is one source's way out. */
export interface SendLine {
  readonly sender: RTCRtpSender;
  /** whether the frame worker has it in hand */
  readonly guarded: Promise<boolean>;
}

export interface ReceiveLine {
  readonly transceiver: RTCRtpTransceiver;
  readonly pool: "audio" | "screen" | "camera";
  /** one stream for the whole call: what it shows changes, the stream does not */
  readonly stream: MediaStream;
}

const audioSlots = 6;
const screenSlots = 2;

const camera: RTCRtpEncodingParameters[] = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
];
const screen: RTCRtpEncodingParameters[] = [{ maxBitrate: 3_500_000, maxFramerate: 30 }];
const screenAudio: RTCRtpEncodingParameters[] = [{ maxBitrate: 96_000 }];

/** addSendLines adds the four send lines, in the order of the protocol, without tracks. */
export function addSendLines(pc: RTCPeerConnection, frames: Frames): Record<Source, SendLine> {
  const add = (source: Source, sendEncodings: RTCRtpEncodingParameters[] = []): SendLine => {
    const kind = source === "camera" || source === "screen" ? "video" : "audio";
    const transceiver = pc.addTransceiver(kind, { direction: "sendonly", sendEncodings });
    transceiver.setCodecPreferences(sending(source));
    return { sender: transceiver.sender, guarded: frames.guard(transceiver.sender) };
  };
  return {
    microphone: add("microphone"),
    camera: add("camera", camera),
    screen: add("screen", screen),
    screen_audio: add("screen_audio", screenAudio),
  };
}

/** addReceiveLines adds the slots. Whoever is shown in them later, nothing is negotiated again. */
export function addReceiveLines(
  pc: RTCPeerConnection,
  frames: Frames,
  cameraSlots: number,
  key: (transceiver: RTCRtpTransceiver) => void,
): readonly ReceiveLine[] {
  // Asking a browser what it can takes milliseconds, so it is asked once.
  const codecs = { audio: receiving("audio"), video: receiving("video") };
  const add = (pool: ReceiveLine["pool"]): ReceiveLine => {
    const kind = pool === "audio" ? "audio" : "video";
    const transceiver = pc.addTransceiver(kind, { direction: "recvonly" });
    transceiver.setCodecPreferences(codecs[kind]);
    frames.watch(transceiver.receiver, () => key(transceiver));
    return { transceiver, pool, stream: new MediaStream([transceiver.receiver.track]) };
  };
  const many = (count: number, pool: ReceiveLine["pool"]) =>
    Array.from({ length: count }, () => add(pool));
  return [
    ...many(audioSlots, "audio"),
    ...many(screenSlots, "screen"),
    ...many(cameraSlots, "camera"),
  ];
}
