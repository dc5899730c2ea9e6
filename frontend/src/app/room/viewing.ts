import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Apart, openApart } from "../../lib/apart";
import { onPhone } from "../../lib/platform";
import { onHidden } from "../../lib/visibility";
import type { Picture } from "../../model/picture";
import type { RoomState } from "../../model/room";
import {
  arrange,
  type Choice,
  plainChoice,
  type Screen,
  sharesSeen,
  wantedNow,
} from "../../model/scene";
import { keyOf, type Wanted } from "../../model/slots";

/** Who looks away for a moment finds everything as it was. */
const patience = 3_000;

/** Viewing is what this page shows of the room, and so what it asks the server for. */
export class Viewing {
  readonly screen = signal<Screen>({ width: 0, height: 0, pixelRatio: 1, phone: onPhone() });
  readonly choice = signal<Choice>(plainChoice);
  readonly scene = computed(() => arrange(this.#state.value, this.screen.value, this.choice.value));
  readonly wanted = computed(() => this.#wanted());
  /** the share that stands in a window apart, or would; null while there is nothing to show */
  readonly share = computed(() => this.#share());
  readonly #state: ReadonlySignal<RoomState>;
  readonly #pictures: () => ReadonlyMap<string, Picture>;
  readonly #hidden = signal(false);
  readonly #apart = signal<Apart | null>(null);
  readonly #apartHeight = signal(0);
  readonly #stops: (() => void)[];

  constructor(state: ReadonlySignal<RoomState>, pictures: () => ReadonlyMap<string, Picture>) {
    this.#state = state;
    this.#pictures = pictures;
    this.#stops = [
      onHidden(patience, (hidden) => {
        this.#hidden.value = hidden;
      }),
      effect(() => this.#showApart()),
      effect(() => {
        if (this.scene.value.heroes.length === 0) this.exitFullScreen();
      }),
    ];
  }

  show(choice: Partial<Choice>): void {
    this.choice.value = { ...this.choice.value, ...choice };
  }

  /** pin keeps a picture on the stage; again, and it goes back to its place. */
  pin(key: string): void {
    this.show({ pinned: this.choice.value.pinned === key ? "" : key });
  }

  /** measured: the room for tiles and shares has another size */
  readonly measured = (width: number, height: number, pixelRatio: number): void => {
    this.screen.value = { ...this.screen.value, width, height, pixelRatio };
  };

  readonly exitFullScreen = (): void => {
    if (this.choice.value.fullScreen) this.show({ fullScreen: false });
  };

  get apart(): boolean {
    return this.#apart.value !== null;
  }

  /** openApart puts the share into a window above all others. Call it straight from a click. */
  async openApart(title: string): Promise<void> {
    const picture = this.share.value?.picture;
    if (!picture || this.apart) return;
    const apart = await openApart(title, picture.stream, {
      resized: () => this.#measureApart(),
      closed: () => {
        this.#apart.value = null;
      },
    });
    if (this.#stops.length === 0) return apart.close();
    this.#apart.value = apart;
    this.#measureApart();
  }

  closeApart(): void {
    this.#apart.value?.close();
    this.#apart.value = null;
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.closeApart();
  }

  #share() {
    const [participant] = sharesSeen(this.#state.value, this.choice.value);
    const key = keyOf({ participant: participant?.id ?? "", source: "screen" });
    const picture = this.#pictures().get(key);
    return participant && picture ? { participant, picture } : null;
  }

  /** Nothing is wanted of a page that has not been laid out. */
  #wanted(): readonly Wanted[] {
    const { width, pixelRatio } = this.screen.value;
    if (width === 0) return [];
    const [shared] = sharesSeen(this.#state.value, this.choice.value);
    const height = this.#apartHeight.value;
    return wantedNow(this.scene.value, {
      self: this.#state.value.self,
      pixelRatio,
      hidden: this.#hidden.value,
      apart: this.apart && shared ? { participant: shared.id, height } : null,
    });
  }

  /** #showApart keeps the window apart like the stage: covered is covered, and over is over. */
  #showApart(): void {
    const apart = this.#apart.value;
    if (!apart) return;
    const [shared] = sharesSeen(this.#state.value, this.choice.value);
    if (!shared) return this.closeApart();
    const picture = this.share.value?.picture;
    apart.show(picture?.open ? picture.stream : null);
  }

  #measureApart(): void {
    this.#apartHeight.value = this.#apart.value?.height() ?? 0;
  }
}
