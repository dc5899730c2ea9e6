import { type Codec, wrap } from "../sframe/frame";
import type { Origin } from "../sframe/kid";
import { type Sealer, Sealers } from "../sframe/sealer";
import { type Epoch, take } from "./epoch";
import type { Frame } from "./sending";

/** epochOf is an epoch as the group's worker would hand it over: self is leaf 0 of leaves 0 to 3. */
export function epochOf(epoch: number, more: Partial<Omit<Epoch, "base">> = {}): Epoch {
  const baseKey = new Uint8Array(16).fill(epoch + 1);
  const group = { self: 0, leaves: [0, 1, 2, 3], removed: [], urgent: false };
  return take({ epoch, baseKey, ...group, ...more });
}

/** Remote is a member at the other end, with a sealer for each of its origins. */
export class Remote {
  readonly #sealers = new Map<string, Promise<Sealer>>();

  async frame(origin: Origin, codec: Codec = "vp9", type = "delta"): Promise<TestFrame> {
    const name = JSON.stringify(origin);
    const { base } = epochOf(origin.epoch);
    const sealer = await (this.#sealers.get(name) ?? new Sealers().make(base, origin));
    this.#sealers.set(name, Promise.resolve(sealer));
    const wrapped = wrap(codec, plainOf(type), type === "key");
    if (!wrapped) throw new Error("no frame");
    const sealed = await sealer.seal(wrapped.body, wrapped.metadata, wrapped.prefix);
    return new TestFrame(sealed, mimeTypes[codec], type);
  }
}

export const mimeTypes: Readonly<Record<Codec, string>> = {
  opus: "audio/opus",
  vp8: "video/VP8",
  vp9: "video/VP9",
  av1: "video/AV1",
};

/** plainOf is what an encoder might give: its first bit is that of VP8 for the type. */
export function plainOf(type: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(type === "key" ? 0x10 : 0x11, 1, 2, 0x9d, 1, 0x2a, 6, 7, 8, 9, 10, 11);
}

export class TestFrame implements Frame {
  data: ArrayBuffer;
  readonly type: string;
  readonly #mimeType: string;

  constructor(bytes: Uint8Array<ArrayBuffer>, mimeType: string, type = "delta") {
    this.data = bytes.slice().buffer;
    this.type = type;
    this.#mimeType = mimeType;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.data);
  }

  copy(): TestFrame {
    return new TestFrame(this.bytes, this.#mimeType, this.type);
  }

  getMetadata() {
    return { mimeType: this.#mimeType };
  }
}
