/**
 * Loudspeakers play the audio slots. Browsers may hold sound back until the
 * person clicks somewhere; then blocked is called, and allow tries again.
 */
export class Loudspeakers {
  readonly #elements: readonly HTMLAudioElement[];
  readonly #blocked: (blocked: boolean) => void;

  constructor(streams: readonly MediaStream[], blocked: (blocked: boolean) => void) {
    this.#blocked = blocked;
    this.#elements = streams.map((stream) => {
      const element = document.createElement("audio");
      element.autoplay = true;
      element.hidden = true;
      element.srcObject = stream;
      document.body.append(element);
      return element;
    });
    this.allow();
  }

  /** allow plays; from a click, a browser lets it. A slot that is still silent just waits. */
  allow(): void {
    this.#blocked(false);
    for (const element of this.#elements) {
      element.play().catch((thrown) => {
        const held = thrown instanceof DOMException && thrown.name === "NotAllowedError";
        if (held) this.#blocked(true);
      });
    }
  }

  /** use sends the sound to a device; an empty id is the system's choice. */
  use(device: string): void {
    for (const element of this.#elements) {
      if ("setSinkId" in element) element.setSinkId(device).catch(() => {});
    }
  }

  close(): void {
    for (const element of this.#elements) {
      element.srcObject = null;
      element.remove();
    }
  }
}
