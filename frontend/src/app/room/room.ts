import { computed, effect, signal } from "@preact/signals";
import type { Refusal } from "../../lib/group/view";
import { Problem, problemOf } from "../../lib/http";
import { meetings, type StayGranted, startMeeting } from "../../lib/rest";
import type { Code, Source } from "../../lib/wire.gen";
import {
  announce,
  chatClosed,
  nameOf,
  newRole,
  stoppedBy,
  stoppedByPolicy,
} from "../../model/announce";
import { lowered } from "../../model/hands";
import type { Picture } from "../../model/picture";
import { sentence } from "../../model/problem";
import { nobody, person, type RoomEvent, type RoomState, reduce } from "../../model/room";
import { moderation } from "../../text/moderation";
import { room as words } from "../../text/room";
import { sharing } from "../../text/sharing";
import type { Sources } from "../sources";
import { Freeze } from "./freeze";
import { Gathering } from "./gathering";
import { Moderation } from "./moderation";
import type { Away, Phase } from "./phase";
import { Plugs } from "./plugs";
import type { Published } from "./publishing";
import { refusal } from "./refusal";
import { Returning } from "./returning";
import { may, seen } from "./right";
import { type Entrance, type Prepared, prepare, Stay, type StayEnd, type StayEvents } from "./stay";
import { Talk } from "./talk";
import { Viewing } from "./viewing";

/** Entry is what came of trying to join. */
export type Entry = { readonly in: true } | { readonly in: false; readonly why: Problem | string };

const noticeTime = 12_000;
const noPictures: ReadonlyMap<string, Picture> = new Map();

/**
 * Room is the meeting as this page lives it, across the stays that a bad
 * network makes of it. Events change its state; its commands go to the stay.
 */
export class Room {
  readonly phase = signal<Phase>({ at: "entering" });
  readonly state = signal<RoomState>(nobody);
  /** what this page shows of it */
  readonly viewing = new Viewing(
    computed(() => seen(this.state.value)),
    () => this.pictures.value,
  );
  readonly self = computed(() => person(this.state.value, this.state.value.self));
  /** what the site granted last: it outlives the meeting, for the page after it */
  readonly granted = signal<StayGranted | null>(null);
  readonly host = computed(() => this.granted.value?.role === "host");
  /** said to those who listen instead of look */
  readonly announcement = signal("");
  /** said to everybody, for a while */
  readonly notice = signal("");
  readonly flowing = signal(true);
  readonly soundBlocked = signal(false);
  readonly sources: Sources;
  readonly plugs: Plugs;
  readonly freeze: Freeze;
  readonly gathering = new Gathering();
  readonly moderation = new Moderation(this.gathering, {
    stay: () => this.#stay.value,
    state: () => this.state.value,
    notice: (text) => {
      this.notice.value = text;
    },
  });
  readonly talk = new Talk({
    send: async (to, text) => (await this.#stay.value?.send(to, text)) ?? false,
    react: async (sign) => (await this.#stay.value?.react(sign)) ?? false,
    state: () => this.state.value,
    announce: (text) => {
      this.announcement.value = text || this.announcement.value;
    },
  });
  /** whether one came by the link, and not by number and password */
  readonly byLink: boolean;
  readonly #form: Entrance;
  /** for the first stay */
  #prepared: Prepared | null;
  readonly #stay = signal<Stay | null>(null);
  readonly #ready = signal(0);
  readonly #stops: (() => void)[] = [];
  #entered: ((entry: Entry) => void) | null = null;
  #beginning = false;
  readonly #returning: Returning;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly pictures = computed(() => {
    this.#ready.value;
    return this.#stay.value?.pictures?.shown.value ?? noPictures;
  });

  constructor(form: Entrance, sources: Sources, prepared: Prepared) {
    this.#form = form;
    this.#returning = new Returning(form.meetingNumber);
    this.byLink = form.secret !== "";
    this.#prepared = prepared;
    this.sources = sources;
    this.plugs = new Plugs(sources);
    this.freeze = new Freeze(sources, () => this.#stay.value?.screen ?? null);
    sources.onmisshare = (why) => {
      this.notice.value = sharing.refused[why];
    };
    this.#stops.push(
      () => this.freeze.close(),
      effect(() =>
        this.#inStay((stay) => stay.publish("microphone", sources.microphone.value.track)),
      ),
      effect(() => this.#inStay((stay) => stay.publish("camera", sources.camera.value.track))),
      effect(() => this.#inStay((stay) => void stay.screen.set(sources.screen.value))),
      effect(() => this.#inStay((stay) => stay.loudspeakers?.use(sources.speaker.value))),
      effect(() => this.#inStay((stay) => stay.want(this.viewing.wanted.value))),
      effect(() => this.#forgetNotice()),
      () => this.viewing.close(),
      () => this.plugs.close(),
      () => {
        sources.onmisshare = null;
      },
    );
  }

  /** enter joins; it resolves when the person is in, waits, or is refused. */
  enter(): Promise<Entry> {
    return new Promise((resolve) => {
      this.#entered = resolve;
      void this.#begin();
    });
  }

  /** rejoin tries again at once. */
  rejoin(): void {
    clearTimeout(this.#timer);
    this.#returning.afresh();
    this.phase.value = { at: "lost", trying: true, why: "" };
    void this.#begin();
  }

  /** start is for a host who came in before starting the meeting, or after the server died. */
  async start(): Promise<void> {
    const { items } = await meetings();
    const own = items.find((m) => m.meetingNumber === this.#form.meetingNumber);
    if (own) await startMeeting(own.id);
  }

  /** leave goes, and leaves nothing on. */
  async leave(): Promise<void> {
    const stay = this.#stay.value;
    this.#over({ at: "left" });
    await stay?.leave();
  }

  /** close is for a page that goes away; vanishing, it may be loaded again, and the stay goes on. */
  close(vanishing = false): void {
    if (vanishing && !this.isOver()) this.#returning.vanish(this.#form, this.sources);
    if (vanishing) this.#stay.value?.close();
    else this.#stay.value?.leave().catch(() => {});
    this.#over({ at: "left" }, vanishing);
  }

  /** isOver: the person left, or the meeting ended. */
  isOver(): boolean {
    const { at } = this.phase.value;
    return at === "left" || at === "ended" || at === "turned_away";
  }

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

  /** #begin makes a stay, one at a time. */
  async #begin(): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    this.#stay.value?.close();
    this.#ready.value = 0;
    this.gathering.begin();
    try {
      const prepared = this.#prepared ?? (await prepare());
      this.#prepared = null;
      const form = this.#returning.as(this.#form);
      this.#stay.value = await Stay.begin(form, prepared, this.#stayEvents());
      if (this.isOver()) await this.#stay.value.leave();
    } catch (thrown) {
      this.#shut(problemOf(thrown));
    } finally {
      this.#beginning = false;
    }
  }

  #stayEvents(): StayEvents {
    return {
      granted: (granted) => {
        this.granted.value = granted;
        if (!this.isOver()) this.#returning.note(granted.participantId);
      },
      event: (event) => this.#hear(event),
      view: (view) => {
        this.gathering.see(view);
        this.#returning.back(view, (people) => this.moderation.admit(people));
        this.#hear({ type: "group", data: view });
      },
      met: (participant, met) => this.gathering.recognise(participant, met),
      message: (message) => this.talk.hear(message),
      reaction: (reaction) => this.talk.reactions.hear(reaction),
      notice: (data) => this.#hear({ type: "notice", data }),
      unruled: (code) => this.moderation.answered(code),
      ready: () => this.#inside(),
      flowing: (flowing) => {
        this.flowing.value = flowing;
      },
      soundBlocked: (blocked) => {
        this.soundBlocked.value = blocked;
      },
      leafOf: (participant) => this.gathering.leafOf(participant),
      failed: (source, why) => this.#failed(source, why),
      sentAs: (content) => this.sources.sentAs(content),
      end: (end) => this.#ended(end),
    };
  }

  #hear(event: RoomEvent): void {
    const before = this.state.value;
    this.#returning.hear(event, this.gathering.view.value);
    this.state.value = reduce(before, event);
    this.notice.value = lowered(before, event) || this.notice.value;
    this.#obey(before, event);
    this.#heed(before, event);
    if (event.type === "waiting") {
      this.phase.value = { at: "waiting", ...event.data };
      this.#enteredWith({ in: true });
    }
    if (event.type === "ended") this.#over({ at: "ended", ended: event.data });
    const step = { before: seen(before), event, after: seen(this.state.value) };
    this.announcement.value = announce(step) || this.announcement.value;
  }

  /** #heed: others asked or decided something about this person, who hears of it. */
  #heed(before: RoomState, event: RoomEvent): void {
    const stopped = stoppedBy(before, event);
    if (stopped) {
      const { source, by } = stopped;
      this.#stay.value?.silenced(source);
      if (source !== "screen_audio") this.sources.stop(source);
      const hushed = !may(this.state.value, "publish_microphone"); // says more than who did it
      if (by && source === "microphone")
        this.notice.value = hushed ? moderation.mayNotSpeak : words.mutedBy(by);
      else if (by) this.notice.value = moderation.stoppedBy(by, moderation.yours[source]);
    }
    const role = newRole(before, this.state.value);
    if (role) this.notice.value = moderation.youAre[role];
    else if (before.self === this.state.value.self) this.#tellOfSpeech(before);
    if (event.type === "unmute_asked") this.moderation.asked.value = nameOf(before, event.data.by);
  }

  /** #tellOfSpeech: the person may speak since this event, or may not any more. */
  #tellOfSpeech(before: RoomState): void {
    const known = person(before, before.self) && person(this.state.value, before.self);
    const can = may(this.state.value, "publish_microphone");
    if (!known || can === may(before, "publish_microphone")) return;
    this.notice.value = can ? moderation.maySpeak : moderation.mayNotSpeak;
  }

  /** #obey: the site allows less than before, and the person hears what that means. */
  #obey(before: RoomState, event: RoomEvent): void {
    if (stoppedByPolicy(before, event)) {
      this.#stay.value?.silenced("screen");
      this.#stay.value?.silenced("screen_audio");
      this.sources.stop("screen");
      this.notice.value = words.shareForbidden;
    } else if (chatClosed(before, event)) this.notice.value = words.chatForbidden;
  }

  #inside(): void {
    const again = this.phase.value.at === "lost";
    this.#returning.afresh();
    this.flowing.value = true;
    this.phase.value = { at: "inside" };
    this.#ready.value++;
    this.#enteredWith({ in: true });
    if (again) this.announcement.value = words.back;
  }

  #failed(source: Source, why: Exclude<Published, "ok">): void {
    const kind = source === "screen_audio" ? "screen" : source;
    if (why === "unready" || why === "unguarded" || why === "unsealed")
      return this.sources.fail(kind, why);
    if (source === "screen_audio") return;
    this.sources.stop(kind);
    if (source === "screen" && why === "full") this.notice.value = words.refused.screen;
    else if (why === "too_often") this.notice.value = words.refused.often;
    else this.notice.value = why === "forbidden" ? words.refused.forbidden : words.refused.failed;
  }

  #ended(end: StayEnd): void {
    this.#stay.value = null;
    if (this.isOver()) return;
    if (end === "over") return this.#over({ at: "ended", ended: null });
    if (end === "expelled") return this.#turnAway("expelled");
    if (end !== "lost")
      return "refusal" in end ? this.#refuse(end.refusal) : this.#refused(end.refused);
    if (this.phase.value.at === "entering") return this.#shut(new Problem(0, "unreachable", "", 0));
    this.#retry();
  }

  #refused(code: Code): void {
    if (code === "unavailable" && this.phase.value.at === "lost") return this.#retry();
    if (code !== "denied" && code !== "locked") return this.#shut(refusal(code));
    this.#turnAway(code);
  }

  /** #refuse: nothing is sent any more. Inside, the person sees why, and what to do. */
  #refuse(why: Refusal): void {
    if (this.phase.value.at === "inside") {
      this.gathering.refusal.value = why;
      return this.sources.stopAll();
    }
    if (why !== "wrong_key") return this.#shut(words.joinRefused.encryption);
    this.#turnAway(why);
  }

  /** #turnAway: the page behind the door says why, the first time, too. */
  #turnAway(why: Away): void {
    this.#over({ at: "turned_away", why });
    this.#enteredWith({ in: true });
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
    this.#returning.cut(this.gathering.view.value);
    const delay = this.#returning.delay();
    if (delay === null) return this.#giveUp("");
    this.phase.value = { at: "lost", trying: true, why: "" };
    this.#timer = setTimeout(() => void this.#begin(), delay);
  }

  /** #giveUp: nobody is told any more what the devices hear and see, so they are closed. */
  #giveUp(why: string): void {
    this.sources.stopAll();
    this.phase.value = { at: "lost", trying: false, why };
  }

  #over(phase: Phase, vanishing = false): void {
    clearTimeout(this.#timer);
    if (!vanishing) this.#returning.over(phase, this.#form);
    this.#stop();
    this.sources.close();
    this.gathering.begin();
    this.talk.clear();
    this.state.value = { ...nobody, title: this.state.value.title };
    this.notice.value = "";
    this.announcement.value = "";
    this.phase.value = phase;
  }

  /** #stop: nothing that happens to the devices comes here any more. */
  #stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Whom the door stays shut for keeps their devices as they are, for another try. */
  #enteredWith(entry: Entry): void {
    if (!entry.in) this.#stop();
    this.#entered?.(entry);
    this.#entered = null;
  }
}
