import { GroupClient, type GroupEvents, type Ticket } from "../../lib/group/client";
import type { RulesChange } from "../../lib/group/rules";
import type { Refusal, To } from "../../lib/group/view";
import { problemOf } from "../../lib/http";
import { Engine } from "../../lib/media/engine";
import { Loudspeakers } from "../../lib/media/loudspeakers";
import { onNetworkChange } from "../../lib/network";
import { onPhone } from "../../lib/platform";
import { type JoinForm, join, type MeetingList, meetings, type StayGranted } from "../../lib/rest";
import type { Bytes } from "../../lib/sframe/bytes";
import { siteAddress } from "../../lib/site";
import { connect, Socket } from "../../lib/socket";
import { type Code, type Event, protocolVersion, type Source } from "../../lib/wire.gen";
import type { Wanted } from "../../model/slots";
import { Pictures } from "./pictures";
import { Publishing, type PublishingEvents } from "./publishing";
import { Showing } from "./showing";

/** How a stay came to its end, when it was not this person who left. */
export type StayEnd =
  /** the network or the server went away; joining again may help */
  | "lost"
  /** the session or the stay is over */
  | "over"
  /** a host took this person out */
  | "expelled"
  /** the server did not let us in, and said why */
  | { readonly refused: Code }
  /** the group cannot be followed, or not even be joined */
  | { readonly refusal: Refusal };

/** Entrance is what one comes to the door with. */
export interface Entrance extends JoinForm {
  /** the secret of the invite link, if one has it; it goes to nobody */
  readonly secret: string;
}

export interface StayEvents
  extends Pick<GroupEvents, "view" | "met" | "message" | "reaction" | "notice" | "unruled"> {
  /** the site lets this person in, or has them wait; the rest may fail yet */
  granted(granted: StayGranted): void;
  event(event: Event): void;
  /** the media can be used: publish and watch now */
  ready(): void;
  flowing(flowing: boolean): void;
  soundBlocked(blocked: boolean): void;
  failed: PublishingEvents["failed"];
  /** the share is sent as something else from now on */
  sentAs: NonNullable<Engine["oncontent"]>;
  /** a participant's leaf in the group; null while they have none */
  leafOf(participant: string): number | null;
  end(end: StayEnd): void;
}

const cameraSlots = { desktop: 25, phone: 9 };
const closedOver = 4410;
const closedRefused = 4403;
const closedConfused = 4400;
const closedExpelled = 4411;
const normal = 1000;
const answerPatience = 15_000;
const interruption = 3_000;
const restartPatience = 10_000;
const mostRestarts = 3;

/** Prepared is the media and the keys of a stay, made while the person still looks into the mirror. */
export interface Prepared {
  readonly engine: Engine;
  readonly group: GroupClient;
  readonly offer: Promise<string>;
}

export async function prepare(): Promise<Prepared> {
  const slots = cameraSlots[onPhone() ? "phone" : "desktop"];
  const { port1, port2 } = new MessageChannel();
  const starting = GroupClient.start(port2);
  starting.catch(() => {}); // it is waited for below
  const engine = await Engine.start({ iceServers: [], cameraSlots: slots });
  engine.keys(port1);
  const offer = engine.offer();
  // Whoever joins with it hears of a failure; nobody else needs to.
  offer.catch(() => {});
  return { engine, group: await starting, offer };
}

/** discard gives back what nobody joined with. */
function discard({ engine, group }: Prepared): void {
  engine.close();
  group.close();
}

/** What the group's worker has to know; the rest is for the page. */
const aboutWhoIsIn: ReadonlySet<Event["type"]> = new Set([
  "admitted",
  "welcome",
  "participant_joined",
  "participant_left",
  "knock",
  "knock_over",
  "committed",
]);

/** Way is how one stay goes in: what the site granted, and what to show at the socket. */
interface Way {
  readonly granted: StayGranted;
  readonly offer: string;
  readonly ticket: Ticket | null;
}

/** Somebody else's page may have vouched for a host, who is not signed in. */
function nothing(thrown: unknown): Pick<MeetingList, "items"> {
  if (problemOf(thrown).code === "login_required") return { items: [] };
  throw thrown;
}

/** ownPassword is what an owner lets in with who comes by number. */
async function ownPassword({ role, meetingNumber }: StayGranted): Promise<string> {
  if (role !== "host") return "";
  const { items } = await meetings().catch(nothing);
  return items.find((own) => own.meetingNumber === meetingNumber)?.password ?? "";
}

/**
 * Stay is one participant's time in the room over one socket and one peer
 * connection. When either is lost it is over; a new one is made by joining again.
 */
export class Stay {
  readonly #events: StayEvents;
  readonly #engine: Engine;
  readonly #group: GroupClient;
  readonly #socket: Socket;
  readonly #publishing: Record<Source, Publishing>;
  readonly screen: Showing;
  readonly #stopNetwork: () => void;
  #pictures: Pictures | null = null;
  #loudspeakers: Loudspeakers | null = null;
  #ended = false;
  #restarts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** begin joins. It throws a Problem when the door stays shut. */
  static async begin(entrance: Entrance, prepared: Prepared, events: StayEvents): Promise<Stay> {
    try {
      const { secret, ...form } = entrance;
      const [offer, keys] = await Promise.all([prepared.offer, prepared.group.keys]);
      const granted = await join({ ...form, ...keys });
      events.granted(granted);
      const ticket = await prepared.group.identify({
        credential: granted.credential ?? "",
        siteKey: granted.siteKey,
        issuer: siteAddress(),
        number: granted.meetingNumber,
        link: secret,
        password: form.password ?? (await ownPassword(granted)),
      });
      return new Stay(prepared, { granted, offer, ticket }, events);
    } catch (thrown) {
      discard(prepared);
      throw thrown;
    }
  }

  private constructor({ engine, group }: Prepared, way: Way, events: StayEvents) {
    this.#engine = engine;
    this.#group = group;
    this.#events = events;
    engine.onstate = (state) => this.#flow(state);
    engine.onshown = (mid, leaf) => this.#pictures?.opened(mid, leaf);
    engine.onbroken = (mid) => this.#refresh(mid);
    engine.onunsafe = (source, why) => this.#publishing[source].unsafe(why);
    engine.oncontent = (content) => events.sentAs(content);
    engine.onmessage = (_, bytes) => group.open(bytes);
    this.#socket = new Socket(connect(way.granted.ticket), {
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
    this.screen = new Showing(engine, this.#publishing, {
      pause: (paused) => this.#socket.command("pause_share", { paused }),
      say: async (frozen) => this.#post(await group.notify(frozen)),
    });
    this.#stopNetwork = onNetworkChange(() => void this.#restart());
    this.#arm(answerPatience, () => this.#finish("lost"));
    group.events = this.#groupEvents();
    void this.#join(way);
  }

  #groupEvents(): GroupEvents {
    return {
      view: (view) => {
        this.#events.view(view);
        this.#pictures?.regrouped();
      },
      met: (participant, met) => this.#events.met(participant, met),
      command: (command) => this.#socket.send(command),
      message: (message) => this.#events.message(message),
      reaction: (reaction) => this.#events.reaction(reaction),
      notice: (notice) => this.#events.notice(notice),
      unruled: (code) => this.#events.unruled(code),
      refused: (refusal) => this.#finish({ refusal }),
    };
  }

  get pictures(): Pictures | null {
    return this.#pictures;
  }

  get loudspeakers(): Loudspeakers | null {
    return this.#loudspeakers;
  }

  publish(source: "microphone" | "camera", track: MediaStreamTrack | null): void {
    void this.#publishing[source].set(track);
  }

  /** silenced: the server stopped the source itself. */
  silenced(source: Source): void {
    this.#publishing[source].silenced();
  }

  want(wanted: readonly Wanted[]): void {
    this.#pictures?.want(wanted);
  }

  /** command asks the server for something, and tells what it answered. */
  command: Socket["command"] = (type, data) => this.#socket.command(type, data);

  admit(participants: readonly string[]): void {
    this.#group.admit(participants);
  }

  setRules(change: RulesChange): void {
    this.#group.setRules(change);
  }

  expelled(key: string, expelled: boolean): void {
    this.#group.expel(key, expelled);
  }

  /** send tells whether a message is on its way. */
  async send(to: To, text: string): Promise<boolean> {
    return this.#post(await this.#group.seal(to, text));
  }

  #post(bytes: Bytes | null): boolean {
    return bytes !== null && this.#engine.send("reliable", bytes);
  }

  /** react tells whether a sign to everyone is on its way. */
  async react(sign: number): Promise<boolean> {
    const bytes = await this.#group.sealReaction(sign);
    return bytes !== null && this.#engine.send("lossy", bytes);
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
    this.#group.close();
    this.#socket.close();
  }

  async #join({ offer, ticket }: Way): Promise<void> {
    if (!ticket) return this.#finish({ refusal: "wrong_key" });
    try {
      const code = await this.#socket.command("join", {
        version: protocolVersion,
        offer,
        ...ticket,
      });
      if (code !== "ok") this.#finish({ refused: code });
    } catch {
      // The socket closed: #closed has said so.
    }
  }

  #hear(event: Event): void {
    if (this.#ended) return;
    if (event.type === "waiting" || event.type === "admitted") clearTimeout(this.#timer);
    if (event.type === "welcome") void this.#enter(event.data.answer);
    if (event.type === "ice_restarted") void this.#restarted(event.data.answer);
    if (event.type === "codecs") this.#engine.decodable(event.data.video);
    if (event.type === "encodings_wanted")
      this.#engine.take(event.data.source, event.data.encodings);
    if (event.type === "no_room") this.#pictures?.stand(event.data.slots);
    if (event.type === "settled") this.#engine.settled(event.data.epoch);
    if (aboutWhoIsIn.has(event.type)) this.#group.hear(event);
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
      refresh: (mid) => this.#refresh(mid),
      leafOf: (participant) => this.#events.leafOf(participant),
    });
    const streams = this.#engine.slots("audio").map(({ stream }) => stream);
    this.#loudspeakers = new Loudspeakers(streams, this.#events.soundBlocked);
    this.#events.ready();
  }

  #refresh(mid: string): void {
    this.#socket.command("refresh", { mid }).catch(() => {});
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
    if (code === closedExpelled) return this.#finish("expelled");
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
