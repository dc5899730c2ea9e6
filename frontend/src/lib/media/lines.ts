import type { Source } from "../wire.gen";
import { receiving, sending } from "./codecs";
import type { Frames } from "./frames";
import type { Guarded } from "./guard";
import { activate } from "./quiet";
import { screenEncoding } from "./screen";

type Encodings = readonly string[] | null;

const none: Encodings = [];

/** SendLine is one source's way out. */
export class SendLine implements Guarded {
  readonly id: number;
  readonly source: Source;
  readonly sender: RTCRtpSender;
  /** whether the frame worker has it in hand */
  readonly #attached: Promise<boolean>;
  /** what is to be in the line; nothing is while it is held, and once it is closed */
  #track: MediaStreamTrack | null = null;
  #held = false;
  #closed = false;
  /** whether what is in it stands still, and how many want it encoded for a while all the same */
  #still = false;
  #repeats = 0;
  /** the encodings that somebody takes, by rid; null while that is all */
  #taken: Encodings = null;
  /** those that the encoder makes */
  #made: Encodings = null;
  #filling: Promise<void> = Promise.resolve();

  constructor(source: Source, sender: RTCRtpSender, frames: Frames) {
    this.source = source;
    this.sender = sender;
    const { id, attached } = frames.guard(sender, source);
    this.id = id;
    this.#attached = attached;
  }

  get live(): boolean {
    return !this.#closed && this.#track !== null;
  }

  /** what is to be in it, even while it is held */
  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /**
   * put puts a track in, or takes it out; false when it may not be sent, and is not
   * in. Nothing of one that stands still is encoded but by repeat.
   */
  async put(track: MediaStreamTrack | null, still = false): Promise<boolean> {
    if (track && !(await this.#attached)) return false;
    if (!this.#closed) this.#track = track;
    this.#still = still;
    await this.#fill();
    return !track || !this.#closed;
  }

  /** repeat lets what stands still be encoded while it is drawn again. */
  async repeat(drawn: () => Promise<void>): Promise<void> {
    this.#repeats++;
    try {
      await this.#fill();
      await drawn();
    } finally {
      this.#repeats--;
      await this.#fill();
    }
  }

  /** take says which encodings somebody takes: the others are not made meanwhile. */
  async take(rids: Encodings): Promise<void> {
    this.#taken = rids;
    await this.#fill();
  }

  /** hold takes out what is in, and puts nothing in, until release. */
  async hold(): Promise<void> {
    this.#held = true;
    await this.#fill();
  }

  async release(): Promise<void> {
    this.#held = false;
    await this.#fill();
  }

  /** close takes the track out, and lets none in again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#fill();
  }

  /** #fill makes the line as it is to be, one step after the other. */
  #fill(): Promise<void> {
    const filled = this.#filling.then(() => this.#settle());
    this.#filling = filled.catch(() => {});
    return filled;
  }

  /** The encoder stops before a still picture goes in: not one frame goes out after it was taken. */
  async #settle(): Promise<void> {
    const stopped = this.#still && this.#repeats === 0;
    const made = stopped ? none : this.#taken;
    if (made !== this.#made && (await activate(this.sender, made))) this.#made = made;
    while (this.sender.track !== this.#due) await this.sender.replaceTrack(this.#due);
  }

  get #due(): MediaStreamTrack | null {
    return this.#held || this.#closed ? null : this.#track;
  }

  async encoded(): Promise<number> {
    let frames = 0;
    for (const report of (await this.sender.getStats()).values()) {
      if (report.type !== "outbound-rtp") continue;
      const { kind, framesEncoded, packetsSent } = report as RTCOutboundRtpStreamStats;
      frames += (kind === "video" ? framesEncoded : packetsSent) ?? 0;
    }
    return frames;
  }
}

export interface ReceiveLine {
  /** the frame worker's name for it */
  readonly id: number;
  readonly transceiver: RTCRtpTransceiver;
  readonly pool: "audio" | "screen" | "camera";
  /** one stream for the whole call: what it shows changes, the stream does not */
  readonly stream: MediaStream;
}

export interface ReceiveEvents {
  /** a video slot shows from now on whom it was said to expect last */
  shown(mid: string, leaf: number): void;
  needsKeyFrame(mid: string): void;
}

const audioSlots = 6;
const screenSlots = 2;

const camera: RTCRtpEncodingParameters[] = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
];
const screenAudio: RTCRtpEncodingParameters[] = [{ maxBitrate: 96_000 }];

/** addSendLines adds the four send lines, in the order of the protocol, without tracks. */
export function addSendLines(pc: RTCPeerConnection, frames: Frames): Record<Source, SendLine> {
  const add = (source: Source, sendEncodings: RTCRtpEncodingParameters[] = []): SendLine => {
    const kind = source === "camera" || source === "screen" ? "video" : "audio";
    const transceiver = pc.addTransceiver(kind, { direction: "sendonly", sendEncodings });
    transceiver.setCodecPreferences(sending(source));
    return new SendLine(source, transceiver.sender, frames);
  };
  return {
    microphone: add("microphone"),
    camera: add("camera", camera),
    screen: add("screen", [screenEncoding]),
    screen_audio: add("screen_audio", screenAudio),
  };
}

/** addReceiveLines adds the slots. Whoever is shown in them later, nothing is negotiated again. */
export function addReceiveLines(
  pc: RTCPeerConnection,
  frames: Frames,
  cameraSlots: number,
  events: ReceiveEvents,
): readonly ReceiveLine[] {
  // Asking a browser what it can takes milliseconds, so it is asked once.
  const codecs = { audio: receiving("audio"), video: receiving("video") };
  const add = (pool: ReceiveLine["pool"]): ReceiveLine => {
    const kind = pool === "audio" ? "audio" : "video";
    const transceiver = pc.addTransceiver(kind, { direction: "recvonly" });
    transceiver.setCodecPreferences(codecs[kind]);
    const id = frames.watch(transceiver.receiver, kind, {
      shown: (leaf) => events.shown(transceiver.mid ?? "", leaf),
      needsKeyFrame: () => events.needsKeyFrame(transceiver.mid ?? ""),
    });
    return { id, transceiver, pool, stream: new MediaStream([transceiver.receiver.track]) };
  };
  const many = (count: number, pool: ReceiveLine["pool"]) =>
    Array.from({ length: count }, () => add(pool));
  return [
    ...many(audioSlots, "audio"),
    ...many(screenSlots, "screen"),
    ...many(cameraSlots, "camera"),
  ];
}
