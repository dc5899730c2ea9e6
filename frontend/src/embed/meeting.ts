import { type Address, addressOf } from "./address";
import { Channel } from "./channel";
import type {
  CommandResult,
  ConclaveMeeting as Declared,
  MeetingAnswers,
  MeetingCommands,
  MeetingEvents,
  MeetingOptions,
  Participant,
} from "./component";
import { type Wishes, wishesOf } from "./hello";
import { own, type PlainRecord } from "./plain";
import { commands, events, isEvent, version } from "./protocol";

type Listener<K extends keyof MeetingEvents> = (payload: MeetingEvents[K]) => void;

// What the frame needs from the page around it. A meeting asks for a microphone or
// a camera by itself; none of these opens one.
const allow = "camera; microphone; display-capture; autoplay; fullscreen; clipboard-write";

/** Screen readers say it when they come to the frame. */
const titles: Readonly<Record<string, string>> = { en: "Meeting", de: "Besprechung", ar: "اجتماع" };

/** What is made of the frame's answers, whatever they are. */
const answers: { readonly [K in keyof MeetingAnswers]: (result: unknown) => MeetingAnswers[K] } = {
  isAudioMuted: (result) => result === true,
  isVideoMuted: (result) => result === true,
  isSharingScreen: (result) => result === true,
  getNumberOfParticipants: Number,
  getParticipantsInfo: (result) => (Array.isArray(result) ? result.filter(isParticipant) : []),
};

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

  executeCommand<K extends keyof MeetingAnswers>(name: K): Promise<MeetingAnswers[K]>;
  executeCommand<K extends keyof MeetingCommands>(
    name: K,
    ...args: MeetingCommands[K] extends undefined ? [] : [MeetingCommands[K]]
  ): Promise<CommandResult>;
  executeCommand(name: string, args?: unknown): Promise<unknown> {
    if (isQuestion(name)) return this.#ask(name);
    return this.#channel.command(name, args, outcome);
  }

  isAudioMuted(): Promise<boolean> {
    return this.#ask("isAudioMuted");
  }

  isVideoMuted(): Promise<boolean> {
    return this.#ask("isVideoMuted");
  }

  isSharingScreen(): Promise<boolean> {
    return this.#ask("isSharingScreen");
  }

  getNumberOfParticipants(): Promise<number> {
    return this.#ask("getNumberOfParticipants");
  }

  getParticipantsInfo(): Promise<readonly Participant[]> {
    return this.#ask("getParticipantsInfo");
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

  #ask<K extends keyof MeetingAnswers>(what: K): Promise<MeetingAnswers[K]> {
    return this.#channel.command<MeetingAnswers[K]>(what, undefined, answers[what]);
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

function isQuestion(name: string): name is keyof MeetingAnswers {
  return Object.hasOwn(answers, name);
}

function outcome(result: unknown): CommandResult {
  return own(result, "asked") === true ? { asked: true } : {};
}

function isParticipant(value: unknown): value is Participant {
  return ["id", "displayName", "role"].every((key) => typeof own(value, key) === "string");
}
