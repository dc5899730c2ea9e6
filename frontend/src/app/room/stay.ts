import { Engine } from "../../lib/media/engine";
import { Loudspeakers } from "../../lib/media/loudspeakers";
import { onNetworkChange } from "../../lib/network";
import { onPhone } from "../../lib/platform";
import { type JoinForm, join, type StayGranted } from "../../lib/rest";
import { connect, Socket } from "../../lib/socket";
import { type Code, type Event, protocolVersion, type Source } from "../../lib/wire.gen";
import type { Wanted } from "../../model/slots";
import type { LocalScreen } from "../../model/source";
import { Pictures } from "./pictures";
import { Publishing, type PublishingEvents } from "./publishing";

/** How a stay came to its end, when it was not this person who left. */
export type StayEnd =
  /** the network or the server went away; joining again may help */
  | "lost"
  /** the session or the stay is over */
  | "over"
  /** the server did not let us in, and said why */
  | { readonly refused: Code };

export interface StayEvents {
  event(event: Event): void;
  /** the media can be used: publish and watch now */
  ready(): void;
  flowing(flowing: boolean): void;
  soundBlocked(blocked: boolean): void;
  failed: PublishingEvents["failed"];
  end(end: StayEnd): void;
}

const cameraSlots = { desktop: 25, phone: 9 };
const closedOver = 4410;
const closedRefused = 4403;
const closedConfused = 4400;
const normal = 1000;
const answerPatience = 15_000;
const interruption = 3_000;
const restartPatience = 10_000;
const mostRestarts = 3;

/** Prepared is the media half of a stay, made while the person still looks into the mirror. */
export interface Prepared {
  readonly engine: Engine;
  readonly offer: Promise<string>;
}

export function prepare(): Prepared {
  const slots = cameraSlots[onPhone() ? "phone" : "desktop"];
  const engine = new Engine({ iceServers: [], cameraSlots: slots });
  const offer = engine.offer();
  // Whoever joins with it hears of a failure; nobody else needs to.
  offer.catch(() => {});
  return { engine, offer };
}

/**
 * Stay is one participant's time in the room over one socket and one peer
 * connection. When either is lost it is over; a new one is made by joining again.
 */
export class Stay {
  readonly #events: StayEvents;
  readonly #engine: Engine;
  readonly #socket: Socket;
  readonly #publishing: Record<Source, Publishing>;
  readonly #stopNetwork: () => void;
  readonly #host: boolean;
  #pictures: Pictures | null = null;
  #loudspeakers: Loudspeakers | null = null;
  #ended = false;
  #restarts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** begin joins. It throws a Problem when the door stays shut. */
  static async begin(form: JoinForm, prepared: Prepared, events: StayEvents): Promise<Stay> {
    const { engine } = prepared;
    try {
      const [offer, granted] = await Promise.all([prepared.offer, join(form)]);
      return new Stay(engine, granted, offer, events);
    } catch (thrown) {
      engine.close();
      throw thrown;
    }
  }

  private constructor(engine: Engine, granted: StayGranted, offer: string, events: StayEvents) {
    this.#engine = engine;
    this.#events = events;
    this.#host = granted.role === "host";
    engine.onstate = (state) => this.#flow(state);
    engine.onkey = (mid) => this.#pictures?.key(mid);
    this.#socket = new Socket(connect(granted.ticket), {
      event: (event) => this.#hear(event),
      closed: (code) => this.#closed(code),
    });
    const publishing = (source: Source) =>
      new Publishing(engine, source, {
        publish: (name, live, surface) =>
          this.#socket.command(
            "publish",
            surface ? { source: name, live, surface } : { source: name, live },
          ),
        failed: (name, why) => this.#ended || events.failed(name, why),
      });
    this.#publishing = {
      microphone: publishing("microphone"),
      camera: publishing("camera"),
      screen: publishing("screen"),
      screen_audio: publishing("screen_audio"),
    };
    this.#stopNetwork = onNetworkChange(() => void this.#restart());
    this.#arm(answerPatience, () => this.#finish("lost"));
    void this.#join(offer);
  }

  /** host: may start the meeting and end it */
  get host(): boolean {
    return this.#host;
  }

  get pictures(): Pictures | null {
    return this.#pictures;
  }

  get loudspeakers(): Loudspeakers | null {
    return this.#loudspeakers;
  }

  publish(source: "microphone" | "camera", track: MediaStreamTrack | null): void {
    this.#publishing[source].set(track);
  }

  publishScreen({ track, audio, surface }: LocalScreen): void {
    this.#publishing.screen.set(track, surface);
    this.#publishing.screen_audio.set(audio);
  }

  /** silenced: the server stopped the source itself. */
  silenced(source: Source): void {
    this.#publishing[source].silenced();
  }

  want(wanted: readonly Wanted[]): void {
    this.#pictures?.want(wanted);
  }

  mute(participant: string): Promise<Code> {
    return this.#socket.command("mute", { participant });
  }

  endMeeting(): Promise<Code> {
    return this.#socket.command("end_meeting", {});
  }

  /** leave tells the server; its reply means that the stay is on record. */
  async leave(): Promise<void> {
    if (this.#ended) return;
    const left = this.#socket.command("leave", {}).catch(() => {});
    const enough = new Promise((resolve) => setTimeout(resolve, 2_000));
    await Promise.race([left, enough]);
    this.close();
  }

  /** close ends the stay without a word. */
  close(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#stopNetwork();
    this.#pictures?.close();
    this.#loudspeakers?.close();
    this.#engine.close();
    this.#socket.close();
  }

  async #join(offer: string): Promise<void> {
    try {
      const code = await this.#socket.command("join", { version: protocolVersion, offer });
      if (code !== "ok") this.#finish({ refused: code });
    } catch {
      // The socket closed: #closed has said so.
    }
  }

  #hear(event: Event): void {
    if (this.#ended) return;
    if (event.type === "waiting") clearTimeout(this.#timer);
    if (event.type === "welcome") void this.#enter(event.data.answer);
    if (event.type === "ice_restarted") void this.#restarted(event.data.answer);
    this.#events.event(event);
    if (event.type === "ended") this.#finish("over");
  }

  async #enter(answer: string): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#engine.accept(answer);
    } catch {
      return this.#finish({ refused: "bad_offer" });
    }
    if (this.#ended) return;
    this.#pictures = new Pictures(this.#engine, {
      watch: (slots) => this.#socket.command("watch", { slots }),
      refresh: (mid) => void this.#socket.command("refresh", { mid }).catch(() => {}),
    });
    const streams = this.#engine.slots("audio").map(({ stream }) => stream);
    this.#loudspeakers = new Loudspeakers(streams, this.#events.soundBlocked);
    this.#events.ready();
  }

  #flow(state: RTCPeerConnectionState): void {
    if (this.#ended) return;
    if (state === "connected") {
      clearTimeout(this.#timer);
      this.#restarts = 0;
      this.#events.flowing(true);
    }
    if (state === "disconnected") this.#arm(interruption, () => void this.#restart());
    if (state === "failed") void this.#restart();
  }

  /** #restart finds a new way for the media; the stay goes on. After some tries it is lost. */
  async #restart(): Promise<void> {
    if (this.#ended || !this.#pictures) return;
    this.#events.flowing(this.#engine.state === "connected");
    if (++this.#restarts > mostRestarts) return this.#finish("lost");
    this.#arm(restartPatience, () => void this.#restart());
    try {
      const offer = await this.#engine.restart();
      await this.#socket.command("restart_ice", { offer });
    } catch {
      // The timer tries again, or the socket says that it is lost.
    }
  }

  async #restarted(answer: string): Promise<void> {
    try {
      await this.#engine.accept(answer);
      // The connection may never have noticed, and then says nothing.
      this.#flow(this.#engine.state);
    } catch {
      // The timer tries again.
    }
  }

  #closed(code: number): void {
    if (this.#ended) return;
    if (code === closedRefused) return this.#finish({ refused: "forbidden" });
    if (code === closedConfused) return this.#finish({ refused: "bad_version" });
    this.#finish(code === closedOver || code === normal ? "over" : "lost");
  }

  #finish(end: StayEnd): void {
    if (this.#ended) return;
    this.close();
    this.#events.end(end);
  }

  #arm(delay: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, delay);
  }
}
