import { onLoopback } from "../platform";
import type { Source } from "../wire.gen";
import { Frames } from "./frames";
import { addReceiveLines, addSendLines, type ReceiveLine, type SendLine } from "./lines";

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
  /** a key frame arrived in a video slot */
  onkey: ((mid: string) => void) | null = null;
  readonly #pc: RTCPeerConnection;
  readonly #frames = new Frames();
  readonly #send: Record<Source, SendLine>;
  readonly #receive: readonly ReceiveLine[];

  constructor({ iceServers, cameraSlots }: EngineOptions) {
    this.#pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers });
    this.#send = addSendLines(this.#pc, this.#frames);
    this.#receive = addReceiveLines(this.#pc, this.#frames, cameraSlots, ({ mid }) => {
      if (mid !== null) this.onkey?.(mid);
    });
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
    await preferResolution(this.#send.screen.sender);
  }

  /** restart offers the same lines again, after the network changed. Its answer goes to accept. */
  async restart(): Promise<string> {
    if (this.#pc.signalingState !== "stable") {
      await this.#pc.setLocalDescription({ type: "rollback" });
    }
    return this.#describe(await this.#pc.createOffer({ iceRestart: true }));
  }

  /**
   * put puts a track into a source's line, or takes it out. It tells false, and
   * puts nothing in, when the frame worker never acknowledged the line.
   */
  async put(source: Source, track: MediaStreamTrack | null): Promise<boolean> {
    const line = this.#send[source];
    if (track && !(await line.guarded)) return false;
    await line.sender.replaceTrack(track);
    return true;
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

  close(): void {
    this.onstate = null;
    this.onkey = null;
    this.#pc.close();
    this.#frames.close();
  }
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

/** Text must stay readable: when something has to give way, it is the frame rate. */
async function preferResolution(sender: RTCRtpSender): Promise<void> {
  try {
    const parameters = sender.getParameters();
    parameters.degradationPreference = "maintain-resolution";
    await sender.setParameters(parameters);
  } catch {
    // Firefox decides by the content hint alone.
  }
}
