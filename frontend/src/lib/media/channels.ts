import type { Bytes } from "../sframe/bytes";

/** ChannelName is one of the two ways for messages: all of them in order, or the newest soon. */
export type ChannelName = "reliable" | "lossy";

/** What may wait to be sent; more is refused. */
const mostBuffered: Readonly<Record<ChannelName, number>> = {
  reliable: 1024 * 1024,
  lossy: 64 * 1024,
};

/**
 * Channels are the two data channels. Both ends know their ids, so nothing is
 * negotiated but their line, which is the offer's last.
 */
export class Channels {
  onmessage: ((name: ChannelName, bytes: Bytes) => void) | null = null;
  readonly #channels: Readonly<Record<ChannelName, RTCDataChannel>>;

  constructor(pc: RTCPeerConnection) {
    const open = (name: ChannelName, how: RTCDataChannelInit): RTCDataChannel => {
      const channel = pc.createDataChannel(name, { ...how, negotiated: true });
      channel.binaryType = "arraybuffer";
      channel.onmessage = ({ data }) => {
        if (data instanceof ArrayBuffer) this.onmessage?.(name, new Uint8Array(data));
      };
      return channel;
    };
    this.#channels = {
      reliable: open("reliable", { id: 0, ordered: true }),
      lossy: open("lossy", { id: 1, ordered: false, maxRetransmits: 0 }),
    };
  }

  /** send tells whether the message is on its way. */
  send(name: ChannelName, bytes: Bytes): boolean {
    const channel = this.#channels[name];
    if (channel.readyState !== "open") return false;
    if (channel.bufferedAmount + bytes.length > mostBuffered[name]) return false;
    try {
      channel.send(bytes);
      return true;
    } catch {
      // It closed in between, or the message is longer than the other side takes.
      return false;
    }
  }
}
