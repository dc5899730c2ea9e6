import { computed, signal } from "@preact/signals";
import {
  blur,
  type Captured,
  canBlur,
  type Device,
  type DeviceList,
  deviceOf,
  listDevices,
  noDevices,
  onDevicesChanged,
  onSurfaceChanged,
  openCamera,
  openMicrophone,
  openScreen,
  type Trouble,
  troubleOf,
} from "../lib/devices";
import type { Content, ContentChoice } from "../lib/media/content";
import { onPhone } from "../lib/platform";
import type { Surface } from "../lib/wire.gen";
import {
  type Chosen,
  type Kind,
  known,
  type Local,
  type LocalScreen,
  type Misshare,
  misshare,
  noChoice,
  noScreen,
  off,
  sentOf,
  starting,
} from "../model/source";

/** Plugged is a device that may be pulled out. */
export type Plugged = "microphone" | "camera";

/**
 * Sources are this browser's own microphone, camera and screen, at the door and
 * in the room. A device is open exactly while it is shown as on.
 */
export class Sources {
  /** what was to be shown may not be */
  onmisshare: ((why: Misshare) => void) | null = null;
  readonly microphone = signal<Local>(off);
  readonly camera = signal<Local>(off);
  readonly screen = signal<LocalScreen>(noScreen);
  readonly cameraStream = computed(() => streamOf(this.camera.value.track));
  /** what the screen is */
  readonly captured = computed(() => streamOf(this.screen.value.track));
  /** what the others see of it */
  readonly screenStream = computed(() => streamOf(sentOf(this.screen.value)));
  readonly devices = signal<DeviceList>(noDevices);
  readonly chosen = signal<Chosen>(noChoice);
  /** where the sound goes: the chosen speaker, while it is there */
  readonly speaker = computed(() => known(this.devices.value.speakers, this.chosen.value.speaker));
  /** the microphone's sound as it is, for music */
  readonly plain = signal(false);
  readonly blurred = signal(false);
  readonly canBlur = computed(() => canBlur(this.camera.value.track));
  /** a device ended without having been stopped */
  onended = (kind: Plugged, _track: MediaStreamTrack, _device: Device): void =>
    this.fail(kind, "lost");
  readonly #stopListening = onDevicesChanged(() => void this.list());
  /** counts the attempts, so that a late answer does not open what was closed since */
  readonly #attempts: Record<Kind, number> = { microphone: 0, camera: 0, screen: 0 };

  #closed = false;

  constructor() {
    void this.list();
  }

  /** start opens the microphone or the camera, unless whoever would close them has gone. */
  async start(kind: Plugged): Promise<void> {
    if (this.#closed) return;
    this[kind].value = starting;
    await this.#open(kind, this.chosen.value[kind]);
  }

  /** share asks for something to show. Call it straight from a click: Firefox insists. */
  async share(hint: Surface, allowed: readonly Surface[]): Promise<void> {
    this.screen.value = { ...noScreen, state: "starting" };
    const opening = openScreen(hint, hint === "monitor" && allowed.includes(hint));
    const captured = await this.#settled("screen", opening, discard);
    if (captured) this.#take(captured, hint, allowed);
  }

  /** swap asks for something else to show; until it is there the share goes on as it is. */
  async swap(allowed: readonly Surface[]): Promise<void> {
    const { surface } = this.screen.peek();
    const attempt = this.#attempts.screen;
    const captured = await openScreen(surface, allowed.includes("monitor")).catch(() => null);
    if (!captured) return;
    if (attempt === this.#attempts.screen) this.#take(captured, surface, allowed);
    else discard(captured);
  }

  /** #take shows what was chosen, if it may be shown. */
  #take(captured: Captured, hint: Surface, allowed: readonly Surface[]): void {
    const before = this.screen.peek();
    const wrong = misshare(captured.surface, allowed);
    if (wrong) {
      discard(captured);
      if (before.state === "starting") this.stop("screen");
      this.onmisshare?.(wrong);
      return;
    }
    const { video: track, audio, surface } = captured;
    // The browser's own bar ends a share, too: that is no trouble.
    track.onended = () => this.stop("screen");
    onSurfaceChanged(track, (now) => this.#changed(track, now, allowed));
    this.screen.value = { ...before, state: "on", track, audio, surface: surface ?? hint };
    halt(before.track);
    halt(before.audio);
  }

  /** describe says what the share shows: text, motion, or whatever it turns out to be. */
  describe(choice: ContentChoice): void {
    this.screen.value = { ...this.screen.value, choice };
  }

  /** sentAs: the share turned out to be something else. */
  sentAs(content: Content): void {
    this.screen.value = { ...this.screen.value, content };
  }

  /** #changed: the person went over to something else in the browser's own bar. */
  #changed(track: MediaStreamTrack, surface: Surface | null, allowed: readonly Surface[]): void {
    const before = this.screen.peek();
    if (track !== before.track || surface === before.surface) return;
    if (surface && !misshare(surface, allowed)) {
      this.screen.value = { ...before, surface };
      return;
    }
    this.stop("screen");
    this.onmisshare?.("changed");
  }

  stop(kind: Kind): void {
    this.#attempts[kind]++;
    this.#release(kind, null);
  }

  /** fail stops a source and says why. */
  fail(kind: Kind, trouble: Trouble): void {
    this.#attempts[kind]++;
    this.#release(kind, trouble);
  }

  stopAll(): void {
    this.stop("microphone");
    this.stop("camera");
    this.stop("screen");
  }

  /** choose takes another device; one that is on goes over to it. */
  async choose(kind: keyof Chosen, id: string): Promise<void> {
    // A browser may list a speaker only once it was chosen.
    if (kind === "speaker") await this.list();
    this.chosen.value = { ...this.chosen.value, [kind]: id };
    if (kind !== "speaker") await this.reopen(kind, id);
  }

  /** setPlain turns off, or on, what makes speech clear. Browsers decide that as they open a microphone. */
  async setPlain(plain: boolean): Promise<void> {
    this.plain.value = plain;
    await this.reopen("microphone", this.chosen.value.microphone);
  }

  async setBlurred(blurred: boolean): Promise<void> {
    this.blurred.value = blurred;
    const { track } = this.camera.value;
    if (track && !(await blur(track, blurred))) this.blurred.value = !blurred;
  }

  /**
   * reopen goes over to another device, or to the same one opened otherwise. The
   * old one is closed first, for some systems open one at a time, but it keeps its
   * place, so that the others notice a moment of silence and nothing else.
   */
  async reopen(kind: Plugged, id: string): Promise<boolean> {
    const { state, track } = this[kind].value;
    if (state === "off") return false;
    halt(track);
    this[kind].value = { ...starting, track };
    return this.#open(kind, id);
  }

  /** list looks what is plugged in. */
  async list(): Promise<void> {
    this.devices.value = await listDevices();
  }

  close(): void {
    this.#closed = true;
    this.stopAll();
    this.#stopListening();
  }

  /** #open tells whether the device is on. Another one takes the place of a chosen one that is not there. */
  async #open(kind: Plugged, id: string): Promise<boolean> {
    const opening = kind === "camera" ? this.#openCamera(id) : openMicrophone(id, this.plain.value);
    const track = await this.#settled(kind, opening, (track) => track.stop());
    if (!track) return false;
    const device = deviceOf(track);
    track.onended = () => this.onended(kind, track, device);
    this[kind].value = { state: "on", track, trouble: null };
    await this.list();
    return true;
  }

  /** #openCamera: who wants their background blurred is shown blurred or not at all. */
  async #openCamera(id: string): Promise<MediaStreamTrack> {
    const track = await openCamera(id, onPhone());
    if (!this.blurred.value || (canBlur(track) && (await blur(track, true)))) return track;
    track.stop();
    throw new Unblurred();
  }

  async #settled<T>(kind: Kind, opening: Promise<T>, discard: (opened: T) => void) {
    const attempt = ++this.#attempts[kind];
    try {
      const opened = await opening;
      if (attempt === this.#attempts[kind]) return opened;
      discard(opened);
    } catch (thrown) {
      const trouble = thrown instanceof Unblurred ? "unblurred" : troubleOf(thrown);
      if (attempt === this.#attempts[kind]) this.#release(kind, trouble);
    }
    return null;
  }

  #release(kind: Kind, trouble: Trouble | null): void {
    halt(this[kind].value.track);
    if (kind === "screen") {
      halt(this.screen.value.audio);
      this.screen.value = { ...noScreen, trouble };
    } else {
      this[kind].value = { ...off, trouble };
    }
  }
}

class Unblurred extends Error {}

function discard({ video, audio }: Captured): void {
  halt(video);
  halt(audio);
}

function halt(track: MediaStreamTrack | null): void {
  if (!track) return;
  track.onended = null;
  track.stop();
}

function streamOf(track: MediaStreamTrack | null): MediaStream | null {
  return track && new MediaStream([track]);
}
