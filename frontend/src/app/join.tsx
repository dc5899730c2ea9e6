import "../style/door.css";
import { computed, signal } from "@preact/signals";
import { Problem, problemOf } from "../lib/http";
import { takeNote } from "../lib/note";
import { fitness } from "../lib/platform";
import { linkProof } from "../lib/proof";
import { type JoinForm, type Preview, preview, type SiteInfo, siteInfo } from "../lib/rest";
import { recall, remember } from "../lib/storage";
import { byNumberPath, joinPath, type Place } from "../model/address";
import { type Asked, askedOf, filled } from "../model/entrance";
import { digitsOf } from "../model/format";
import { sentence } from "../model/problem";
import { join as words } from "../text/join";
import { type Found, Join } from "../view/door/join";
import type { Values } from "../view/form";
import type { Around } from "./around";
import { checkOf } from "./check";
import { secretOf } from "./links";
import { askWho, login, returnTo, whoAmI } from "./login";
import type { OpenPage, Site } from "./page";
import type { RoomPage } from "./room/page";
import type { Entrance, Prepared } from "./room/stay";
import { Sources } from "./sources";
import { Task } from "./task";

type JoinPlace = Extract<Place, { page: "join" }>;

/** The door of a meeting. Behind it, the same page becomes the room. */
class Page {
  readonly found = signal<Found>({ is: "unknown" });
  readonly name = signal("");
  readonly task = new Task();
  readonly sources = signal(new Sources());
  readonly room = signal<RoomPage | null>(null);
  readonly info = signal<SiteInfo | null>(null);
  /** whether the meeting asked for an address when somebody wanted to join */
  readonly email = signal(false);
  readonly asked = computed<Asked | null>(() => {
    const meeting = this.found.value.is === "meeting" ? this.found.value.meeting : null;
    const who = {
      host: meeting?.askedNothing === true,
      signedIn: Boolean(login.value),
      email: meeting?.requireEmail || this.email.value,
    };
    return this.info.value && askedOf(this.info.value, who);
  });
  readonly check = computed(() => checkOf(this.sources.value, this.name.value));
  readonly place: JoinPlace;
  /** filled in by the page around this one, if by anybody */
  readonly password = signal("");
  readonly around: Around | null;
  readonly #site: Site;
  readonly #secretKey: string;
  #closed = false;
  /** what the page before left for this one; "" once somebody presses Join */
  #note = takeNote();
  /** the meeting, when it is the person's own */
  #own: Preview | null = null;
  #prepared: Promise<Prepared> | null = null;

  constructor(site: Site, place: JoinPlace, secret: string, around: Around | null) {
    this.#site = site;
    this.place = place;
    this.around = around;
    around?.door(this);
    this.#secretKey = `link ${place.number}`;
    if (secret) remember(this.#secretKey, secret);
    this.#prefill(login.value?.name ?? "");
    this.#prepare();
    this.#open().catch(() => {}); // it is the door then, and whoever enters hears of it
  }

  /** #open finds out what is asked for here. Who was in when the page was loaded again goes straight back. */
  async #open(): Promise<void> {
    await Promise.all([this.look(), this.#ask()]);
    const note = this.#note;
    if (!note || this.found.value.is !== "meeting" || fitness() !== "fit") return;
    await this.#run(async () => {
      const { wayBack } = await import("./room/page");
      if (this.#closed) return;
      const form = await wayBack(note, this.place.number, this.sources.value);
      if (form && !this.#closed) await this.#join(form);
    });
  }

  /** look finds out what meeting this is, and what the person is called. The last look counts. */
  async look(): Promise<void> {
    const nothing: Found = { is: "unknown" };
    this.found.value = nothing;
    if (!this.place.byLink) {
      this.around?.password();
      this.#prefill((await whoAmI())?.name ?? "");
      return;
    }
    const meeting = await this.#key()
      .then((key) => preview({ ...key, ...this.around?.shown() }))
      .catch(problemOf);
    if (this.found.value !== nothing) return;
    if (meeting instanceof Problem) {
      this.around?.problem(meeting);
      this.found.value = this.#notFound(meeting);
      return;
    }
    this.#prefill(meeting.displayName);
    this.#own = meeting.role === "host" ? meeting : null;
    this.found.value = meeting.state === "ended" ? { is: "ended" } : { is: "meeting", meeting };
    this.#site.title(meeting.title);
  }

  /** #ask finds out what the site asks of people. Where it asks for a login first, this page is none. */
  async #ask(): Promise<void> {
    const info = await siteInfo().catch(() => null);
    if (!info || this.#closed) return;
    if (info.requireLoginBeforeAccess && !this.around && !(await askWho())) {
      this.#leadBack();
      return this.#site.go("/signin");
    }
    // What needs a login was not told before there was one.
    this.info.value = info;
  }

  submit(values: Values): Promise<void> {
    const displayName = (values["displayName"] ?? "").trim();
    const form = { displayName, ...filled(this.asked.value, values), ...this.#keyOf(values) };
    this.#note = "";
    return this.#run(() => this.#join(form));
  }

  /** #run goes in, one way at a time: there is one room, and it has the devices. */
  async #run(work: () => Promise<void>): Promise<void> {
    await this.task.run(work, (problem) => this.#refused(problem));
  }

  async #join(form: JoinForm): Promise<void> {
    this.name.value = form.displayName;
    await this.around?.ready();
    const key = this.place.byLink ? await this.#key() : {};
    const secret = this.place.byLink ? await this.#secret() : "";
    await this.#enter({ ...form, ...key, ...this.around?.shown(), secret });
  }

  /** fragment: the link was opened again in this tab. */
  fragment(secret: string): boolean {
    if (!this.place.byLink) return true;
    remember(this.#secretKey, secret);
    if (!this.room.value) void this.look();
    else if (this.room.value.over()) this.back();
    return true;
  }

  close(vanishing: boolean): void {
    this.#closed = true;
    this.#prepared?.then(discard).catch(() => {});
    this.room.value?.close(vanishing);
    this.sources.value.close();
  }

  /** back is the door again, after leaving. */
  back(): void {
    this.room.value?.close();
    this.room.value = null;
    this.sources.value = new Sources();
    this.#prepare();
    void this.look();
  }

  /** The room is fetched, and its offer made, while the person looks into the mirror. */
  #prepare(): void {
    if (fitness() !== "fit") return;
    const preparing = import("./room/page").then(({ prepare }) => prepare());
    this.#prepared?.then(discard).catch(() => {});
    this.#prepared = preparing;
    preparing
      .then((prepared) => this.#closed && discard(prepared))
      // Whoever enters hears of it.
      .catch(() => {});
  }

  async #enter(form: Entrance): Promise<void> {
    const { enterRoom, prepare } = await import("./room/page");
    const waiting = this.#prepared;
    this.#prepared = null;
    const prepared = (await waiting?.catch(() => null)) ?? (await prepare().catch(() => null));
    if (!prepared) {
      this.task.problem.value = words.notReady;
      return;
    }
    const { sources, around } = this;
    const entered = await enterRoom(form, sources.value, prepared, () => this.back(), around);
    if (entered instanceof Problem || typeof entered === "string") this.#prepare();
    if (entered instanceof Problem) throw entered;
    if (typeof entered === "string") {
      around?.problem(entered);
      this.task.problem.value = entered;
    } else if (this.#closed) entered.close();
    else this.room.value = entered;
  }

  #refused(problem: Problem): boolean {
    this.around?.problem(problem);
    const { code } = problem;
    const gone = code === "meeting_ended" || code === "join_refused";
    if ((gone && this.place.byLink) || code === "login_required")
      this.found.value = this.#notFound(problem);
    else {
      if (code === "disclaimer_changed") void this.#ask();
      if (code === "email_required") this.email.value = true;
      return false;
    }
    return true;
  }

  #notFound(problem: Problem): Found {
    switch (problem.code) {
      case "join_refused":
        if (!this.around) return { is: "nothing" };
        return { is: "trouble", sentence: this.around.nothing };
      case "meeting_ended":
        return { is: "ended" };
      case "login_required":
        this.#leadBack();
        return { is: "login" };
      default:
        return { is: "trouble", sentence: sentence(problem) };
    }
  }

  /** Who signs in first comes back to this door. */
  #leadBack(): void {
    const { byLink, number } = this.place;
    returnTo(byLink ? joinPath(number) : byNumberPath(number));
  }

  async #key(): Promise<{ meetingNumber: string; linkProof?: string }> {
    const meetingNumber = this.place.number;
    const secret = await this.#secret();
    const proof = secret ? await linkProof(secret) : null;
    return proof === null ? { meetingNumber } : { meetingNumber, linkProof: proof };
  }

  /**
   * The secret of the link: what was behind the # in this tab. An owner comes
   * without one from their list of meetings, and this device may have it.
   */
  async #secret(): Promise<string> {
    const opened = recall(this.#secretKey);
    if (!this.#own) return opened;
    const { linkProofHash } = this.#own;
    return secretOf({ meetingNumber: this.place.number, linkProofHash }, opened);
  }

  /** A page around this one has named the meeting: then nobody is asked for the number. */
  #keyOf(values: Values): { meetingNumber: string; password?: string } {
    const meetingNumber = this.around ? this.place.number : digitsOf(values["number"] ?? "");
    const password = values["password"] ?? "";
    return password ? { meetingNumber, password } : { meetingNumber };
  }

  /** outside is the address of this door without a frame around it, with what opens it. */
  outside(): string {
    const { byLink, number } = this.place;
    return byLink ? `${joinPath(number)}#${recall(this.#secretKey)}` : byNumberPath(number);
  }

  /** What somebody typed already is theirs. */
  #prefill(name: string): void {
    if (!this.name.value) this.name.value = name;
  }
}

/** discard gives back what nobody joined with. */
function discard({ engine, group }: Prepared): void {
  engine.close();
  group.close();
}

export function open(
  site: Site,
  place: Place,
  secret: string,
  around: Around | null = null,
): OpenPage {
  const at: JoinPlace = place.page === "join" ? place : { page: "join", number: "", byLink: false };
  const fit = fitness();
  const page = new Page(site, at, secret, around);
  const Body = () =>
    page.room.value?.body ?? (
      <Join
        byLink={at.byLink}
        number={at.number}
        name={page.name.value}
        found={page.found.value}
        fitness={fit}
        check={page.check.value}
        asked={page.asked.value}
        busy={page.task.busy.value}
        problem={page.task.problem.value}
        around={
          around && {
            outside: page.outside(),
            hints: around.hints.value,
            password: page.password.value,
          }
        }
        onName={(name) => {
          page.name.value = name;
        }}
        onSubmit={(values) => void page.submit(values)}
        onRetry={() => void page.look()}
      />
    );
  return {
    title: words.title,
    body: <Body />,
    fragment: (text) => page.fragment(text),
    close: (vanishing = false) => page.close(vanishing),
  };
}
