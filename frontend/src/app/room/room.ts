import { computed, effect, signal } from "@preact/signals";
import { Problem, problemOf } from "../../lib/http";
import { onPhone } from "../../lib/platform";
import { type JoinForm, meetings, startMeeting } from "../../lib/rest";
import type { Code, Ended, Event, Source } from "../../lib/wire.gen";
import { announce, silencedBy } from "../../model/announce";
import type { Picture } from "../../model/picture";
import { sentence } from "../../model/problem";
import { nobody, person, type RoomState, reduce } from "../../model/room";
import { arrange, type Choice, type Screen, wantedIn } from "../../model/scene";
import type { Wanted } from "../../model/slots";
import { room as words } from "../../text/room";
import type { Sources } from "../sources";
import type { Published } from "./publishing";
import { type Prepared, prepare, Stay, type StayEnd } from "./stay";

export type Phase =
  | { readonly at: "entering" }
  | { readonly at: "waiting"; readonly title: string }
  | { readonly at: "inside" }
  /** between two stays; trying is false when only the person can go on, why says more */
  | { readonly at: "lost"; readonly trying: boolean; readonly why: string }
  | { readonly at: "left" }
  | { readonly at: "ended"; readonly ended: Ended | null };

/** Entry is what came of trying to join. */
export type Entry = { readonly in: true } | { readonly in: false; readonly why: Problem | string };

const backoff = [500, 1_000, 2_000, 4_000, 8_000];
const noticeTime = 12_000;
const noPictures: ReadonlyMap<string, Picture> = new Map();

/**
 * Room is the meeting as this page lives it, across the stays that a bad
 * network makes of it. Events change its state; its commands go to the stay.
 */
export class Room {
  readonly phase = signal<Phase>({ at: "entering" });
  readonly state = signal<RoomState>(nobody);
  readonly screen = signal<Screen>({ width: 0, height: 0, pixelRatio: 1, phone: onPhone() });
  readonly choice = signal<Choice>({ page: 0, share: "", fullScreen: false });
  readonly scene = computed(() => arrange(this.state.value, this.screen.value, this.choice.value));
  readonly self = computed(() => person(this.state.value, this.state.value.self));
  /** whether the person is the host: it outlives the meeting, for the page after it */
  readonly host = signal(false);
  /** said to those who listen instead of look */
  readonly announcement = signal("");
  /** said to everybody, for a while */
  readonly notice = signal("");
  readonly flowing = signal(true);
  readonly soundBlocked = signal(false);
  readonly sources: Sources;
  readonly #form: JoinForm;
  /** for the first stay */
  #prepared: Prepared | null;
  readonly #stay = signal<Stay | null>(null);
  readonly #ready = signal(0);
  readonly #stops: (() => void)[] = [];
  #entered: ((entry: Entry) => void) | null = null;
  #beginning = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly pictures = computed(() => {
    this.#ready.value;
    return this.#stay.value?.pictures?.shown.value ?? noPictures;
  });

  constructor(form: JoinForm, sources: Sources, prepared: Prepared) {
    this.#form = form;
    this.#prepared = prepared;
    this.sources = sources;
    this.#stops.push(
      effect(() =>
        this.#inStay((stay) => stay.publish("microphone", sources.microphone.value.track)),
      ),
      effect(() => this.#inStay((stay) => stay.publish("camera", sources.camera.value.track))),
      effect(() => this.#inStay((stay) => stay.publishScreen(sources.screen.value))),
      effect(() => this.#inStay((stay) => stay.loudspeakers?.use(sources.chosen.value.speaker))),
      effect(() => this.#inStay((stay) => stay.want(this.#wanted()))),
      effect(() => this.#forgetNotice()),
    );
  }

  /** enter joins; it resolves when the person is in, waits, or is refused. */
  enter(): Promise<Entry> {
    const entry = new Promise<Entry>((resolve) => {
      this.#entered = resolve;
    });
    void this.#begin();
    return entry;
  }

  /** rejoin tries again at once. */
  rejoin(): void {
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.phase.value = { at: "lost", trying: true, why: "" };
    void this.#begin();
  }

  /** start is for a host who came in before starting the meeting, or after the server died. */
  async start(): Promise<void> {
    const { items } = await meetings();
    const own = items.find((m) => m.meetingNumber === this.#form.meetingNumber);
    if (own) await startMeeting(own.id);
  }

  async mute(participant: string): Promise<void> {
    await this.#told((stay) => stay.mute(participant));
  }

  async endMeeting(): Promise<void> {
    await this.#told((stay) => stay.endMeeting());
  }

  /** leave goes, and leaves nothing on. */
  async leave(): Promise<void> {
    const stay = this.#stay.value;
    this.#over({ at: "left" });
    await stay?.leave();
  }

  /** close is for a page that goes away. */
  close(): void {
    this.#stay.value?.leave().catch(() => {});
    this.#over({ at: "left" });
  }

  /** isOver: the person left, or the meeting ended. */
  isOver(): boolean {
    const { at } = this.phase.value;
    return at === "left" || at === "ended";
  }

  show(choice: Partial<Choice>): void {
    this.choice.value = { ...this.choice.value, ...choice };
  }

  /** measured: the room for tiles and shares has another size */
  readonly measured = (width: number, height: number, pixelRatio: number): void => {
    this.screen.value = { ...this.screen.value, width, height, pixelRatio };
  };

  readonly exitFullScreen = (): void => {
    if (this.choice.value.fullScreen) this.show({ fullScreen: false });
  };

  allowSound(): void {
    this.#stay.value?.loudspeakers?.allow();
  }

  /** #forgetNotice: what was said has been read, or does not matter any more. */
  #forgetNotice(): (() => void) | undefined {
    if (!this.notice.value) return;
    const timer = setTimeout(() => {
      this.notice.value = "";
    }, noticeTime);
    return () => clearTimeout(timer);
  }

  /** #inStay runs a part of an effect while there is a stay whose media is ready. */
  #inStay(part: (stay: Stay) => void): void {
    const stay = this.#stay.value;
    if (this.#ready.value > 0 && stay?.pictures) part(stay);
  }

  /** Nothing is wanted of a page that has not been laid out. */
  #wanted(): readonly Wanted[] {
    const { width, pixelRatio } = this.screen.value;
    return width === 0 ? [] : wantedIn(this.scene.value, this.state.value.self, pixelRatio);
  }

  /** #begin makes a stay, one at a time. */
  async #begin(): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    this.#stay.value?.close();
    this.#ready.value = 0;
    const prepared = this.#prepared ?? prepare();
    this.#prepared = null;
    try {
      this.#stay.value = await Stay.begin(this.#form, prepared, {
        event: (event) => this.#hear(event),
        ready: () => this.#inside(),
        flowing: (flowing) => {
          this.flowing.value = flowing;
        },
        soundBlocked: (blocked) => {
          this.soundBlocked.value = blocked;
        },
        failed: (source, why) => this.#failed(source, why),
        end: (end) => this.#ended(end),
      });
      this.host.value = this.#stay.value.host;
      if (this.isOver()) await this.#stay.value.leave();
    } catch (thrown) {
      this.#shut(problemOf(thrown));
    } finally {
      this.#beginning = false;
    }
  }

  #hear(event: Event): void {
    const before = this.state.value;
    this.state.value = reduce(before, event);
    if (!this.scene.value.hero) this.exitFullScreen();
    const silencer = silencedBy(before, event);
    if (silencer) {
      this.#stay.value?.silenced("microphone");
      this.sources.stop("microphone");
      this.notice.value = words.mutedBy(silencer);
    }
    if (event.type === "waiting") {
      this.phase.value = { at: "waiting", title: event.data.title };
      this.#enteredWith({ in: true });
    }
    if (event.type === "ended") this.#over({ at: "ended", ended: event.data });
    this.announcement.value = announce(before, event) || this.announcement.value;
  }

  #inside(): void {
    const again = this.phase.value.at === "lost";
    this.#tries = 0;
    this.flowing.value = true;
    this.phase.value = { at: "inside" };
    this.#ready.value++;
    this.#enteredWith({ in: true });
    if (again) this.announcement.value = words.back;
  }

  #failed(source: Source, why: Exclude<Published, "ok">): void {
    const kind = source === "screen_audio" ? "screen" : source;
    if (why === "unready") return this.sources.fail(kind, "unready");
    if (source === "screen_audio") return;
    this.sources.stop(kind);
    if (source === "screen" && why === "full") this.notice.value = words.refused.screen;
    else this.notice.value = why === "forbidden" ? words.refused.forbidden : words.refused.failed;
  }

  #ended(end: StayEnd): void {
    this.#stay.value = null;
    if (this.isOver()) return;
    if (end === "over") return this.#over({ at: "ended", ended: null });
    if (end !== "lost") return this.#shut(refusal(end.refused));
    if (this.phase.value.at === "entering") return this.#shut(new Problem(0, "unreachable", "", 0));
    this.#retry();
  }

  /** #shut: the door stayed shut, the first time or on the way back. */
  #shut(why: Problem | string): void {
    if (this.phase.value.at === "entering") return this.#enteredWith({ in: false, why });
    if (this.isOver()) return;
    if (typeof why !== "string" && why.code === "meeting_ended") {
      return this.#over({ at: "ended", ended: null });
    }
    const final = typeof why === "string" || (why.status >= 400 && why.status < 500);
    if (!final) return this.#retry();
    this.#giveUp(typeof why === "string" ? why : sentence(why));
  }

  #retry(): void {
    const delay = backoff[this.#tries++];
    if (delay === undefined) return this.#giveUp("");
    this.phase.value = { at: "lost", trying: true, why: "" };
    const jitter = 0.75 + Math.random() / 2;
    this.#timer = setTimeout(() => void this.#begin(), delay * jitter);
  }

  /** #giveUp: nobody is told any more what the devices hear and see, so they are closed. */
  #giveUp(why: string): void {
    this.sources.stopAll();
    this.phase.value = { at: "lost", trying: false, why };
  }

  #over(phase: Phase): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.sources.close();
    this.state.value = { ...nobody, title: this.state.value.title };
    this.notice.value = "";
    this.announcement.value = "";
    this.phase.value = phase;
  }

  #enteredWith(entry: Entry): void {
    this.#entered?.(entry);
    this.#entered = null;
  }

  async #told(command: (stay: Stay) => Promise<string>): Promise<void> {
    const stay = this.#stay.value;
    if (!stay) return;
    const code = await command(stay).catch(() => "ok");
    if (code === "forbidden") this.notice.value = words.refused.forbidden;
    else if (code !== "ok" && code !== "ended") this.notice.value = words.refused.failed;
  }
}

function refusal(code: Code): Problem | string {
  if (code === "ended") return new Problem(410, "meeting_ended", "", 0);
  const { full, bad_version, unavailable, other } = words.joinRefused;
  if (code === "full") return full;
  if (code === "bad_version") return bad_version;
  return code === "unavailable" ? unavailable : other;
}
