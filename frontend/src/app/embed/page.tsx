import { computed, effect, signal } from "@preact/signals";
import { type Missing, notPassed, type Passed } from "../../lib/around";
import { guardKeys } from "../../lib/keyguard";
import { stayed } from "../../lib/note";
import { byNumberPath, joinPath, type Place } from "../../model/address";
import type { Wish } from "../../model/embed/commands";
import { Handles, type Told, tell } from "../../model/embed/events";
import { sentence } from "../../model/problem";
import { embed as words } from "../../text/embed";
import { join } from "../../text/join";
import { Notice } from "../../view/plain";
import type { Around, Door, Entered, Hint } from "../around";
import { open as openDoor } from "../join";
import type { OpenPage, Site } from "../page";
import { type Done, Embedding } from "./embedding";
import type { Meeting } from "./meeting";

let embedding: Embedding | undefined;

/** the talk with the page around this one: one, however many doors are opened. */
function talk(): Embedding {
  if (!embedding) guardKeys();
  embedding ??= new Embedding();
  return embedding;
}

/** greet waits for the page around this one, which says how it wants this one. */
export function greet(): Promise<void> {
  return talk().greet();
}

/** Framed is the door of a meeting, and the meeting, in a frame. */
class Framed implements Around {
  readonly #talk = talk();
  readonly #missing = signal<Missing>({ names: [], sure: true });
  readonly #meeting = signal<Meeting | null>(null);
  /** whether somebody has come in: from then on they are told only of what they try in vain */
  readonly #in = signal(false);
  readonly #read = signal<ReadonlySet<string>>(new Set());
  readonly hints = computed(() => this.#hints());
  readonly nothing = words.nothing;
  readonly #number: string;
  readonly #byLink: boolean;
  readonly #handles = new Handles();
  #door: Door | null = null;
  /** at the meeting by a token that came late */
  #looking: Promise<void> = Promise.resolve();

  constructor(number: string, byLink: boolean) {
    this.#number = number;
    this.#byLink = byLink;
    this.#talk.oncommand = (wish) => this.#obey(wish);
    notPassed().then(
      (missing) => this.#lack(missing),
      () => {},
    );
  }

  /** A token that was used is good for who used it. */
  shown() {
    const { jwt } = this.#talk.wishes.value;
    const embeddedBy = this.#talk.origin.value;
    const previousParticipantId = jwt && stayed(this.#number);
    return {
      embeddedBy,
      ...(jwt ? { joinToken: jwt } : {}),
      ...(previousParticipantId ? { previousParticipantId } : {}),
    };
  }

  ready(): Promise<void> {
    return this.#looking;
  }

  door(door: Door): void {
    this.#door = door;
    let known = this.#talk.wishes.peek();
    if (known.displayName) door.name.value = known.displayName;
    // The page around this one may have been late.
    effect(() => {
      const wishes = this.#talk.wishes.value;
      if (wishes === known) return;
      if (!door.name.peek()) door.name.value = wishes.displayName;
      if (wishes.jwt !== known.jwt) this.#looking = door.look();
      known = wishes;
    });
    // What a token says counts, whatever somebody has typed.
    effect(() => {
      const name = fixedName(door);
      if (name) door.name.value = name;
    });
  }

  password(): void {
    this.#talk.tell(tell("passwordRequired", {}));
  }

  problem(problem: Parameters<Around["problem"]>[0]): void {
    const said =
      typeof problem === "string"
        ? { error: "not_ready", sentence: problem }
        : { error: problem.code, sentence: sentence(problem) };
    this.#talk.tell(tell("errorOccurred", said));
  }

  entered(entered: Entered): () => void {
    let left = false;
    this.#in.value = true;
    import("./meeting").then(
      ({ Meeting }) => {
        const tell = (told: readonly Told[]) => this.#talk.tell(...told);
        if (!left) this.#meeting.value = new Meeting(entered, this.#handles, tell);
      },
      () => {}, // it is a meeting all the same
    );
    return () => {
      left = true;
      this.#in.value = false;
      this.#meeting.value?.close();
      this.#meeting.value = null;
    };
  }

  #obey(wish: Wish): Done {
    const meeting = this.#meeting.value;
    if (meeting) return meeting.obey(wish);
    const field = wish.do === "displayName" || wish.do === "password" ? wish.do : null;
    if (!field || !this.#door || this.#in.value) return { error: "not_in_meeting" };
    if (!this.#takes(field, this.#door)) return { error: "not_allowed" };
    this.#door[field === "password" ? "password" : "name"].value = wish.text;
    return {};
  }

  /** #takes: there is a field for it, and the person could write into it. */
  #takes(field: "displayName" | "password", door: Door): boolean {
    return field === "password" ? !this.#byLink : !fixedName(door);
  }

  #lack(missing: Missing): void {
    this.#missing.value = missing;
    if (!missing.sure) return; // the person may have forbidden it, which is theirs to know
    const told = missing.names.map((attribute) => tell("permissionMissing", { attribute }));
    this.#talk.tell(...told);
  }

  #hints(): readonly Hint[] {
    const { names, sure } = this.#missing.value;
    const meeting = this.#meeting.value;
    const vain = meeting?.vain.value ?? [];
    const about = this.#in.value ? vain.filter((name) => !sure || names.includes(name)) : names;
    const text = about.length > 0 ? lacking(about, sure) : "";
    const dismiss = () => {
      this.#read.value = new Set([...this.#read.value, text]);
    };
    const lack = text && !this.#read.value.has(text) ? [{ text, dismiss }] : [];
    return [...lack, ...(meeting?.asks.value ?? [])];
  }
}

/** fixedName is the name that a token gives; "" where it gives none. */
function fixedName({ found: { value: found } }: Door): string {
  return found.is === "meeting" && found.meeting.displayNameFixed ? found.meeting.displayName : "";
}

/** lacking names what is not passed on, and what to write where. */
function lacking(names: readonly Passed[], sure: boolean): string {
  const what = names.map((name) => words.passed[name]);
  const say = sure ? words.notPassed : words.maybeNotPassed;
  return say(what, names.join("; "));
}

/** Unknown is shown where nobody says what page is around this one: the server would not know whom to let frame it. */
function Unknown({ href }: { href: string }) {
  return (
    <Notice title={words.unknownAround} text={words.unknownAroundHelp}>
      <a class="button primary" href={href} target="_blank" rel="noopener">
        {join.apart}
      </a>
    </Notice>
  );
}

export function open(site: Site, place: Place, secret: string): OpenPage {
  const number = place.page === "embed" ? place.number : "";
  const around = new Framed(number, secret !== "");
  const door = signal<OpenPage | null>(null);
  const stop = effect(() => {
    if (!talk().origin.value || door.peek()) return;
    const at = { page: "join", number, byLink: secret !== "" } as const;
    door.value = openDoor(site, at, secret, around);
  });
  const href = secret ? `${joinPath(number)}#${secret}` : byNumberPath(number);
  const Body = () => door.value?.body ?? <Unknown href={href} />;
  return {
    title: join.title,
    body: <Body />,
    fragment: (text) => door.value?.fragment?.(text) ?? false,
    close: (vanishing) => {
      stop();
      door.value?.close?.(vanishing);
    },
  };
}
