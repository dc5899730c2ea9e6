import { type Address, addressOf } from "./address";
import { Channel } from "./channel";
import type {
  CommandResult,
  ConclaveMeeting as Declared,
  MeetingCommands,
  MeetingEvents,
  MeetingOptions,
  Participant,
} from "./component";
import { type Wishes, wishesOf } from "./hello";
import { own, type Plain, type PlainRecord } from "./plain";
import { commands, events, type Getter, isEvent, version } from "./protocol";

type Listener<K extends keyof MeetingEvents> = (payload: MeetingEvents[K]) => void;

// What the frame needs from the page around it. A meeting asks for a microphone or
// a camera by itself; none of these opens one.
const allow = "camera; microphone; display-capture; autoplay; fullscreen; clipboard-write";

/** Screen readers say it when they come to the frame. */
const titles: Readonly<Record<string, string>> = { en: "Meeting", de: "Besprechung", ar: "اجتماع" };

/** ConclaveMeeting is a meeting in a frame of the embedder's page. */
export class ConclaveMeeting implements Declared {
  static readonly version = version;

  readonly iframe: HTMLIFrameElement;
  readonly #channel: Channel;
  /** whether each is called only once, by event */
  readonly #listeners = new Map<string, Map<CallableFunction, boolean>>();
  #commands: readonly string[] = commands;
  #events: readonly string[] = events;

  constructor(domain: string, options: MeetingOptions) {
    const given: Partial<MeetingOptions> = options ?? {};
    const address = addressOf(domain, given.number, given.secret);
    const wishes = wishesOf(given);
    const { parentNode, width = "100%", height = 600 } = given;
    if (!(parentNode instanceof Node))
      throw new TypeError("parentNode must be the element that the meeting is put into.");
    this.iframe = frameFor(address, wishes);
    this.iframe.style.width = length(width);
    this.iframe.style.height = length(height);
    const ears = {
      able: (can: readonly string[], says: readonly string[]) => {
        this.#commands = can;
        this.#events = says;
      },
      event: (type: string, payload: PlainRecord) => this.#tell(type, payload),
      silent: () => this.#tell("errorOccurred", notLoaded(address)),
    };
    this.#channel = new Channel(this.iframe, address.origin, wishes, ears, window);
    parentNode.appendChild(this.iframe);
  }

  async executeCommand<K extends keyof MeetingCommands>(
    name: K,
    ...[args]: MeetingCommands[K] extends undefined ? [] : [MeetingCommands[K]]
  ): Promise<CommandResult> {
    const result = await this.#channel.command(name, args);
    return own(result, "asked") === true ? { asked: true } : {};
  }

  async isAudioMuted(): Promise<boolean> {
    return (await this.#ask("isAudioMuted")) === true;
  }

  async isVideoMuted(): Promise<boolean> {
    return (await this.#ask("isVideoMuted")) === true;
  }

  async isSharingScreen(): Promise<boolean> {
    return (await this.#ask("isSharingScreen")) === true;
  }

  async getNumberOfParticipants(): Promise<number> {
    return Number(await this.#ask("getNumberOfParticipants"));
  }

  async getParticipantsInfo(): Promise<readonly Participant[]> {
    const people = await this.#ask("getParticipantsInfo");
    return Array.isArray(people) ? people.filter(isParticipant) : [];
  }

  on<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this {
    return this.#listen(event, listener, false);
  }

  once<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this {
    return this.#listen(event, listener, true);
  }

  off<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  addListener<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this {
    return this.on(event, listener);
  }

  removeListener<K extends keyof MeetingEvents>(event: K, listener: Listener<K>): this {
    return this.off(event, listener);
  }

  getSupportedCommands(): string[] {
    return [...this.#commands];
  }

  getSupportedEvents(): string[] {
    return [...this.#events];
  }

  dispose(): void {
    this.#channel.close();
    this.#listeners.clear();
    this.iframe.remove();
  }

  #ask(what: Getter): Promise<Plain | undefined> {
    return this.#channel.command(what);
  }

  #listen(event: string, listener: CallableFunction, once: boolean): this {
    if (!this.#events.includes(event) && !isEvent(event))
      throw new TypeError(`There is no event ${event}: see getSupportedEvents().`);
    if (typeof listener !== "function") throw new TypeError("A listener must be a function.");
    const heard = this.#listeners.get(event) ?? new Map<CallableFunction, boolean>();
    this.#listeners.set(event, heard.set(listener, once));
    return this;
  }

  #tell(event: string, payload: PlainRecord): void {
    const heard = this.#listeners.get(event);
    for (const [listener, once] of [...(heard ?? [])]) {
      if (once) heard?.delete(listener);
      try {
        Reflect.apply(listener, undefined, [payload]);
      } catch (thrown) {
        reportError(thrown); // the embedder's; the others are called all the same
      }
    }
  }
}

/** frameFor makes the frame. Its address tells the site which origin it is in, and nothing of its path. */
function frameFor({ href }: Address, { lang = "en" }: Wishes): HTMLIFrameElement {
  const iframe = document.createElement("iframe");
  iframe.allow = allow;
  iframe.referrerPolicy = "origin";
  iframe.title = titles[lang.slice(0, 2)] ?? "Meeting";
  iframe.style.border = "0"; // by script: a page's policy may forbid styles in the markup
  iframe.src = href;
  return iframe;
}

function length(size: number | string): string {
  return typeof size === "number" ? `${size}px` : String(size);
}

function notLoaded({ origin }: Address): PlainRecord {
  const sentence =
    `The frame of ${origin} does not answer. Its administrator must allow this page's origin, ` +
    `${location.origin}, under Policy, Embedding; or there is no such meeting, or no way to it.`;
  return { error: "frame_not_loaded", sentence };
}

function isParticipant(value: unknown): value is Participant {
  return ["id", "displayName", "role"].every((key) => typeof own(value, key) === "string");
}
