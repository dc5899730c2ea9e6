import { effect, signal } from "@preact/signals";
import { type Device, deviceOf } from "../../lib/devices";
import { type Moved, sameDevice } from "../../model/source";
import type { Plugged, Sources } from "../sources";

/**
 * Plugs have another device stand in for one that is unplugged, and give it its
 * place back when it is there again. What is off stays off.
 */
export class Plugs {
  /** what went over by itself, until somebody has read it */
  readonly moved = signal<Moved | null>(null);
  readonly #sources: Sources;
  /** whose place another device holds */
  readonly #away: Record<Plugged, Device | null> = { microphone: null, camera: null };
  #speaker = { chosen: "", used: "" };
  readonly #stops: readonly (() => void)[];

  constructor(sources: Sources) {
    this.#sources = sources;
    const { onended } = sources;
    sources.onended = (kind, track, device) => void this.#ended(kind, track, device);
    this.#stops = [
      () => {
        sources.onended = onended;
      },
      effect(() => this.#look("microphone")),
      effect(() => this.#look("camera")),
      effect(() => this.#listen()),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** #ended: if it was not unplugged, somebody wanted it closed. */
  async #ended(kind: Plugged, track: MediaStreamTrack, device: Device): Promise<void> {
    const sources = this.#sources;
    await sources.list();
    if (sources[kind].value.track !== track) return;
    const plugged = sources.devices.value[`${kind}s`];
    if (plugged.some((one) => sameDevice(one, device))) return sources.fail(kind, "stopped");
    // To open one all the same would only bring up a question about a permission.
    if (plugged.length === 0) return sources.fail(kind, "lost");
    if (await sources.reopen(kind, "")) this.#standsIn(kind, device);
  }

  /** #look runs whenever a source, or what is plugged in, has changed. */
  #look(kind: Plugged): void {
    const { state, track } = this.#sources[kind].value;
    const plugged = this.#sources.devices.value[`${kind}s`];
    const away = this.#away[kind];
    const back = away && plugged.find((one) => sameDevice(one, away));
    if (state === "on" && track) {
      if (back) void this.#comesBack(kind, back);
      else if (!away) this.#compare(kind, deviceOf(track));
      return;
    }
    this.#away[kind] = null;
    if (state === "off" && this.moved.peek()?.kind === kind) this.moved.value = null;
  }

  /** #compare: the chosen one may not have been there when the source was turned on. */
  #compare(kind: Plugged, { id }: Device): void {
    const chosen = this.#sources.chosen.peek()[kind];
    if (chosen && id && id !== chosen) this.#standsIn(kind, { id: chosen, group: "", label: "" });
  }

  #standsIn(kind: Plugged, away: Device): void {
    this.#away[kind] = away;
    this.#tell(kind, false);
  }

  async #comesBack(kind: Plugged, { id }: Device): Promise<void> {
    if (await this.#sources.reopen(kind, id)) this.#tell(kind, true);
  }

  /** #listen: the speaker in use changed, without having been chosen. */
  #listen(): void {
    const chosen = this.#sources.chosen.value.speaker;
    const used = this.#sources.speaker.value;
    const before = this.#speaker;
    this.#speaker = { chosen, used };
    if (chosen !== before.chosen || used === before.used) return;
    const { speakers } = this.#sources.devices.peek();
    const label = speakers.find(({ id }) => id === used)?.label ?? "";
    this.moved.value = { kind: "speaker", back: used !== "", label };
  }

  #tell(kind: Plugged, back: boolean): void {
    const label = this.#sources[kind].peek().track?.label ?? "";
    this.moved.value = { kind, back, label };
  }
}
