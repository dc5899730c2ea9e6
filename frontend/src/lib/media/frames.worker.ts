import { Allowance } from "./allowance";
import { type KeyMessage, take } from "./epoch";
import type { FrameCommand, FrameCounts, FrameMessage, FrameOptions } from "./frames.messages";
import { KeyRing } from "./keyring";
import { Progress } from "./progress";
import { Receiving } from "./receiving";
import { Sealing } from "./sealing";
import { type Frame, Sending } from "./sending";

/**
 * Every media frame, sent or received, passes through here and is encrypted and
 * decrypted on the way. A frame for which that does not work goes no further.
 */
const mostHeld = 4 * 1024 * 1024;

const sealing = new Sealing();
const shared = {
  ring: new KeyRing(),
  allowance: new Allowance(mostHeld),
  progress: new Progress(),
};
const sending = new Map<number, Sending>();
const receiving = new Map<number, Receiving>();
let keys: MessagePort | null = null;

addEventListener("rtctransform", (event) => {
  const { transformer } = event as RTCTransformEvent;
  const options = transformer.options as FrameOptions;
  const change = options.side === "send" ? send(options) : receive(options, transformer);
  // The pipe ends when the transceiver does; there is nobody left to tell.
  transformer.readable
    .pipeThrough(change)
    .pipeTo(transformer.writable)
    .catch(() => receiving.get(options.id)?.close());
  say({ type: "attached", id: options.id });
});

addEventListener("message", ({ data }) => {
  const command = data as FrameCommand;
  switch (command.type) {
    case "keys":
      return listen(command.port);
    case "settled":
      return sealing.settled(command.epoch);
    case "expect":
      return receiving.get(command.id)?.expect(command.expected, command.turn);
    case "count":
      return say({ type: "counted", query: command.query, counts: counts() });
  }
});

function send({ id, source }: FrameOptions & { side: "send" }): TransformStream<Frame, Frame> {
  const line = new Sending(source, sealing);
  sending.set(id, line);
  return new TransformStream({
    async transform(frame, out) {
      if (await line.seal(frame)) out.enqueue(frame);
    },
  });
}

function receive(
  { id, kind }: FrameOptions & { side: "receive" },
  transformer: RTCRtpScriptTransformer,
): TransformStream<Frame, Frame> {
  return new TransformStream({
    start(out) {
      const line = new Receiving(kind, shared, {
        pass: (frame) => out.enqueue(frame),
        shown: (turn, leaf) => say({ type: "shown", id, turn, leaf }),
        needsKeyFrame: () => ask(transformer, id),
      });
      receiving.set(id, line);
    },
    transform: (frame) => receiving.get(id)?.take(frame),
  });
}

/** ask asks for a key frame in both ways there are; a browser may not have the one here. */
function ask(transformer: Partial<RTCRtpScriptTransformer>, id: number): void {
  transformer.sendKeyFrameRequest?.().catch(() => {});
  say({ type: "needs_key_frame", id });
}

/** listen takes the port to the group's worker, and no second one. */
function listen(port: MessagePort): void {
  if (keys) return;
  keys = port;
  port.onmessage = ({ data }) => learn(data as KeyMessage);
}

function learn(message: KeyMessage): void {
  if ("over" in message) {
    sealing.stop();
    shared.ring.close();
  } else {
    const epoch = take(message);
    if (!shared.ring.add(epoch)) return;
    sealing.add(epoch);
  }
  for (const line of receiving.values()) line.wake();
}

function counts(): FrameCounts {
  return {
    sent: Array.from(sending, ([id, line]) => [id, line.counts] as const),
    received: Array.from(receiving, ([id, line]) => [id, line.counts] as const),
  };
}

function say(message: FrameMessage): void {
  postMessage(message);
}
