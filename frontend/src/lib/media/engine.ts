import { onLoopback } from "../platform";
import type { Bytes } from "../sframe/bytes";
import type { Source } from "../wire.gen";
import { type ChannelName, Channels } from "./channels";
import { among } from "./codecs";
import type { Content, ContentChoice } from "./content";
import { Frames } from "./frames";
import { Guard, type Unsafe } from "./guard";
import { addReceiveLines, addSendLines, type ReceiveLine, type SendLine } from "./lines";
import { type Sent, sentBy } from "./quiet";
import { flowOf, hint, sendIn, tune } from "./screen";
import { Tuning } from "./tuning";

export interface EngineOptions {
  readonly iceServers: RTCIceServer[];
  readonly cameraSlots: number;
}

/** Counters tell whether a slot's picture moves. */
export interface Counters {
  readonly packets: number;
  readonly frames: number;
}

/**
 * Engine is the media half of one stay: one connection, one offer. All lines
 * are made at the start and every frame passes the frame worker; from then on
 * only tracks and slots change. It knows no participant.
 */
export class Engine {
  /** media flows, or does not any more */
  onstate: ((state: RTCPeerConnectionState) => void) | null = null;
  /** a video slot shows from now on whom it was said to expect last */
  onshown: ((mid: string, leaf: number) => void) | null = null;
  /** a video slot cannot go on without a key frame */
  onbroken: ((mid: string) => void) | null = null;
  /** a source was stopped, because its frames are not encrypted, or may not have been */
  onunsafe: ((source: Source, why: Unsafe) => void) | null = null;
  /** the share is sent as something else from now on */
  oncontent: ((content: Content) => void) | null = null;
  /** a message arrived */
  onmessage: ((channel: ChannelName, bytes: Bytes) => void) | null = null;
  readonly #pc: RTCPeerConnection;
  readonly #frames: Frames;
  readonly #send: Record<Source, SendLine>;
  readonly #receive: readonly ReceiveLine[];
  readonly #channels: Channels;
  readonly #guard: Guard;
  readonly #tuning: Tuning;

  static async start(options: EngineOptions): Promise<Engine> {
    return new Engine(await Frames.start(), options);
  }

  private constructor(frames: Frames, { iceServers, cameraSlots }: EngineOptions) {
    this.#frames = frames;
    this.#pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers });
    this.#send = addSendLines(this.#pc, this.#frames);
    this.#receive = addReceiveLines(this.#pc, this.#frames, cameraSlots, {
      shown: (mid, leaf) => this.onshown?.(mid, leaf),
      needsKeyFrame: (mid) => this.onbroken?.(mid),
    });
    this.#tuning = tuningOf(this.#send.screen);
    this.#tuning.onchange = (content) => this.oncontent?.(content);
    this.#channels = new Channels(this.#pc);
    this.#channels.onmessage = (name, bytes) => this.onmessage?.(name, bytes);
    const lines = Object.values(this.#send);
    this.#guard = new Guard(lines, {
      counts: () => this.#frames.counts(),
      stop: (source, why) => this.#stop(source, why),
    });
    this.#frames.ondead = () => {
      for (const { source } of lines) this.#stop(source, "unguarded");
    };
    this.#pc.onconnectionstatechange = () => this.onstate?.(this.#pc.connectionState);
  }

  get state(): RTCPeerConnectionState {
    return this.#pc.connectionState;
  }

  /** offer is the one offer of the call. */
  async offer(): Promise<string> {
    return this.#describe(await this.#pc.createOffer());
  }

  /** accept takes the answer to the last offer; the media starts. */
  async accept(answer: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: "answer", sdp: answer });
    await tune(this.#send.screen.sender, this.#tuning.tune);
  }

  /** restart offers the same lines again, after the network changed. Its answer goes to accept. */
  async restart(): Promise<string> {
    if (this.#pc.signalingState !== "stable") {
      await this.#pc.setLocalDescription({ type: "rollback" });
    }
    return this.#describe(await this.#pc.createOffer({ iceRestart: true }));
  }

  /** keys is the way by which the group's worker hands the keys to the frame worker, once. */
  keys(port: MessagePort): void {
    this.#frames.keys(port);
  }

  /** settled: everybody has reached this epoch, so it is used for sending now. */
  settled(epoch: number): void {
    this.#frames.settled(epoch);
  }

  /** expect says whose picture a video slot may show from now on; nobody's when leaf is null. */
  expect(mid: string, leaf: number | null, source: Source): void {
    const line = this.#receive.find(({ transceiver }) => transceiver.mid === mid);
    if (line) this.#frames.expect(line.id, leaf === null ? null : { leaf, source });
  }

  /** send tells whether a message is on its way: the channel is open, and not too much waits. */
  send(channel: ChannelName, bytes: Bytes): boolean {
    return this.#channels.send(channel, bytes);
  }

  /**
   * put puts a track into a source's line, or takes it out. It tells false, and
   * puts nothing in, when the frame worker does not have the line in hand. One that
   * stands still is encoded only by repeat.
   */
  put(source: Source, track: MediaStreamTrack | null, still = false): Promise<boolean> {
    if (source === "screen") this.#tuning.share(track);
    return this.#send[source].put(track, still);
  }

  /** repeat sends what stands still in the screen's line once more, while it is drawn again. */
  repeat(drawn: () => Promise<void>): Promise<void> {
    return this.#send.screen.repeat(drawn);
  }

  /** sent is what has gone out of the screen so far. */
  sent(): Promise<Sent> {
    return sentBy(this.#send.screen.sender);
  }

  /** decodable are the video codecs that everybody decodes: a share is sent in one of them. */
  decodable(mimes: readonly string[]): void {
    const codec = among(mimes, "screen");
    if (codec) void sendIn(this.#send.screen.sender, codec);
  }

  /** take says which encodings of a source somebody takes, by their rids. */
  take(source: Source, rids: readonly string[]): void {
    void this.#send[source].take(rids);
  }

  /** choose says what is shared; by itself the engine looks what it may be. */
  choose(choice: ContentChoice): void {
    this.#tuning.choose(choice);
  }

  /** slots are the receive lines by name; they have one once the offer is answered. */
  slots(pool: ReceiveLine["pool"]): readonly { mid: string; stream: MediaStream }[] {
    return this.#receive
      .filter((line) => line.pool === pool)
      .map(({ transceiver, stream }) => ({ mid: transceiver.mid ?? "", stream }));
  }

  /** counters are those of the video slots, by mid. */
  async counters(): Promise<ReadonlyMap<string, Counters>> {
    const found = new Map<string, Counters>();
    for (const report of (await this.#pc.getStats()).values()) {
      if (report.type !== "inbound-rtp" || report.kind !== "video") continue;
      const { mid, packetsReceived, framesDecoded } = report as RTCInboundRtpStreamStats;
      found.set(mid ?? "", { packets: packetsReceived ?? 0, frames: framesDecoded ?? 0 });
    }
    return found;
  }

  /**
   * The server has an address that the browser calls, so it is told none of
   * ours. One on loopback has to call back: Firefox does not call there.
   */
  async #describe(offer: RTCSessionDescriptionInit): Promise<string> {
    await this.#pc.setLocalDescription(offer);
    if (!onLoopback()) return withoutCandidates(offer.sdp ?? "");
    await gathered(this.#pc);
    return this.#pc.localDescription?.sdp ?? "";
  }

  /** #stop is for good: what let frames pass once may do so again. */
  #stop(source: Source, why: Unsafe): void {
    const line = this.#send[source];
    const was = line.live;
    line.close().catch(() => {});
    if (was) this.onunsafe?.(source, why);
  }

  close(): void {
    this.onstate = null;
    this.onshown = null;
    this.onbroken = null;
    this.onunsafe = null;
    this.oncontent = null;
    this.onmessage = null;
    this.#guard.close();
    this.#tuning.close();
    this.#pc.close();
    this.#frames.close();
  }
}

/** tuningOf is what keeps the line of the screen as what is shared needs it. */
function tuningOf(line: SendLine): Tuning {
  return new Tuning({
    flow: () => flowOf(line.sender),
    tune: (now) => {
      if (line.track) hint(line.track, now.content);
      return tune(line.sender, now);
    },
    hint,
  });
}

const gatherPatience = 1_000;

function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, gatherPatience);
    const look = () => pc.iceGatheringState === "complete" && resolve();
    pc.addEventListener("icegatheringstatechange", look);
    look();
  });
}

function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:|end-of-candidates).*\r?\n/gm, "");
}
