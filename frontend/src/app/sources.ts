import { computed, signal } from "@preact/signals";
import {
  type DeviceList,
  listDevices,
  noDevices,
  onDevicesChanged,
  openCamera,
  openMicrophone,
  openScreen,
  type Trouble,
  troubleOf,
} from "../lib/devices";
import { onPhone } from "../lib/platform";
import type { Surface } from "../lib/wire.gen";
import {
  type Chosen,
  type Kind,
  type Local,
  type LocalScreen,
  noChoice,
  noScreen,
  off,
  starting,
} from "../model/source";

/**
 * Sources are this browser's own microphone, camera and screen, at the door and
 * in the room. A device is open exactly while it is shown as on.
 */
export class Sources {
  readonly microphone = signal<Local>(off);
  readonly camera = signal<Local>(off);
  readonly screen = signal<LocalScreen>(noScreen);
  readonly cameraStream = computed(() => streamOf(this.camera.value.track));
  readonly screenStream = computed(() => streamOf(this.screen.value.track));
  readonly devices = signal<DeviceList>(noDevices);
  readonly chosen = signal<Chosen>(noChoice);
  readonly #stopListening = onDevicesChanged(() => void this.#list());
  /** counts the attempts, so that a late answer does not open what was closed since */
  readonly #attempts: Record<Kind, number> = { microphone: 0, camera: 0, screen: 0 };

  constructor() {
    void this.#list();
  }

  /** start opens the microphone or the camera. */
  async start(kind: "microphone" | "camera"): Promise<void> {
    this[kind].value = starting;
    const id = this.chosen.value[kind];
    const opening = kind === "camera" ? openCamera(id, onPhone()) : openMicrophone(id);
    const track = await this.#settled(kind, opening, (track) => track.stop());
    if (!track) return;
    track.onended = () => this.fail(kind, "lost");
    this[kind].value = { state: "on", track, trouble: null };
    await this.#list();
  }

  /** share asks for something to show. Call it straight from a click: Firefox insists. */
  async share(hint: Surface): Promise<void> {
    this.screen.value = { ...noScreen, state: "starting" };
    const captured = await this.#settled("screen", openScreen(hint), ({ video, audio }) => {
      video.stop();
      audio?.stop();
    });
    if (!captured) return;
    const { video: track, audio, surface } = captured;
    // The browser's own bar ends a share, too: that is no trouble.
    track.onended = () => this.stop("screen");
    this.screen.value = { state: "on", track, audio, surface, trouble: null };
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
    this.chosen.value = { ...this.chosen.value, [kind]: id };
    if (kind === "speaker" || this[kind].value.state === "off") return;
    this.stop(kind);
    await this.start(kind);
  }

  close(): void {
    this.stopAll();
    this.#stopListening();
  }

  async #settled<T>(kind: Kind, opening: Promise<T>, discard: (opened: T) => void) {
    const attempt = ++this.#attempts[kind];
    try {
      const opened = await opening;
      if (attempt === this.#attempts[kind]) return opened;
      discard(opened);
    } catch (thrown) {
      if (attempt === this.#attempts[kind]) this.#release(kind, troubleOf(thrown));
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

  async #list(): Promise<void> {
    this.devices.value = await listDevices();
  }
}

function halt(track: MediaStreamTrack | null): void {
  if (!track) return;
  track.onended = null;
  track.stop();
}

function streamOf(track: MediaStreamTrack | null): MediaStream | null {
  return track && new MediaStream([track]);
}
