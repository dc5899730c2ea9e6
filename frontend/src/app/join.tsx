import "../style/door.css";
import { computed, signal } from "@preact/signals";
import { Problem, problemOf } from "../lib/http";
import { fitness } from "../lib/platform";
import { linkProof } from "../lib/proof";
import { type JoinForm, preview } from "../lib/rest";
import { recall, remember } from "../lib/storage";
import type { Place } from "../model/address";
import { digitsOf } from "../model/format";
import { sentence } from "../model/problem";
import { join as words } from "../text/join";
import { type Found, Join } from "../view/door/join";
import type { Values } from "../view/form";
import { checkOf } from "./check";
import { login, whoAmI } from "./login";
import type { OpenPage, Site } from "./page";
import type { RoomPage } from "./room/page";
import type { Prepared } from "./room/stay";
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
  readonly check = computed(() => checkOf(this.sources.value, this.name.value));
  readonly place: JoinPlace;
  readonly #site: Site;
  readonly #secretKey: string;
  #closed = false;
  #prepared: Prepared | null = null;

  constructor(site: Site, place: JoinPlace, secret: string) {
    this.#site = site;
    this.place = place;
    this.#secretKey = `link ${place.number}`;
    if (secret) remember(this.#secretKey, secret);
    this.#prefill(login.value?.name ?? "");
    void this.look();
    this.#prepare();
  }

  /** look finds out what meeting this is, and what the person is called. */
  async look(): Promise<void> {
    this.found.value = { is: "unknown" };
    if (!this.place.byLink) {
      this.#prefill((await whoAmI())?.name ?? "");
      return;
    }
    try {
      const meeting = await preview(await this.#key());
      this.#prefill(meeting.displayName);
      this.found.value = meeting.state === "ended" ? { is: "ended" } : { is: "meeting", meeting };
      this.#site.title(meeting.title);
    } catch (thrown) {
      this.found.value = notFound(problemOf(thrown));
    }
  }

  async submit(values: Values): Promise<void> {
    const displayName = (values["displayName"] ?? "").trim();
    this.name.value = displayName;
    await this.task.run(
      async () => {
        const key = this.place.byLink ? await this.#key() : keyOf(values);
        await this.#enter({ ...key, displayName });
      },
      (problem) => this.#refused(problem),
    );
  }

  /** fragment: the link was opened again in this tab. */
  fragment(secret: string): boolean {
    if (!this.place.byLink) return true;
    remember(this.#secretKey, secret);
    if (!this.room.value) void this.look();
    else if (this.room.value.over()) this.back();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#prepared?.engine.close();
    this.room.value?.close();
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
    import("./room/page")
      .then(({ prepare }) => {
        if (!this.#closed) this.#prepared ??= prepare();
      })
      .catch(() => {});
  }

  async #enter(form: JoinForm): Promise<void> {
    const { enterRoom, prepare } = await import("./room/page");
    const prepared = this.#prepared ?? prepare();
    this.#prepared = null;
    const entered = await enterRoom(form, this.sources.value, prepared, () => this.back());
    if (entered instanceof Problem || typeof entered === "string") this.#prepare();
    if (typeof entered === "string") this.task.problem.value = entered;
    else if (entered instanceof Problem) throw entered;
    else if (this.#closed) entered.close();
    else this.room.value = entered;
  }

  #refused(problem: Problem): boolean {
    if (problem.code === "meeting_ended" && this.place.byLink) this.found.value = { is: "ended" };
    else if (problem.code === "join_refused" && this.place.byLink)
      this.found.value = { is: "nothing" };
    else return false;
    return true;
  }

  async #key(): Promise<{ meetingNumber: string; linkProof?: string }> {
    const meetingNumber = this.place.number;
    const secret = recall(this.#secretKey);
    const proof = secret ? await linkProof(secret) : null;
    return proof === null ? { meetingNumber } : { meetingNumber, linkProof: proof };
  }

  /** What somebody typed already is theirs. */
  #prefill(name: string): void {
    if (this.name.value === "") this.name.value = name;
  }
}

function keyOf(values: Values): { meetingNumber: string; password?: string } {
  const meetingNumber = digitsOf(values["number"] ?? "");
  const password = values["password"] ?? "";
  return password ? { meetingNumber, password } : { meetingNumber };
}

function notFound(problem: Problem): Found {
  switch (problem.code) {
    case "join_refused":
      return { is: "nothing" };
    case "meeting_ended":
      return { is: "ended" };
    default:
      return { is: "trouble", sentence: sentence(problem) };
  }
}

export function open(site: Site, place: Place, secret: string): OpenPage {
  const at: JoinPlace = place.page === "join" ? place : { page: "join", number: "", byLink: false };
  const fit = fitness();
  const page = new Page(site, at, secret);
  const Body = () =>
    page.room.value?.body ?? (
      <Join
        byLink={at.byLink}
        number={at.number}
        name={page.name.value}
        found={page.found.value}
        fitness={fit}
        check={page.check.value}
        busy={page.task.busy.value}
        problem={page.task.problem.value}
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
    close: () => page.close(),
  };
}
