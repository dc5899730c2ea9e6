import type { FrameMessage, FrameOptions } from "./frames.messages";

/**
 * Every media frame, sent or received, passes through here. seal and open are
 * the place where frames are encrypted and decrypted; in this version they
 * leave a frame as it is. A frame for which they throw goes no further.
 */
type Frame = RTCEncodedVideoFrame | RTCEncodedAudioFrame;

function seal(frame: Frame): Frame {
  return frame;
}

function open(frame: Frame): Frame {
  return frame;
}

addEventListener("rtctransform", (event) => {
  const { transformer } = event as RTCTransformEvent;
  const { id, side } = transformer.options as FrameOptions;
  const change = side === "send" ? sending() : receiving(id);
  // The pipe ends when the transceiver does; there is nobody left to tell.
  transformer.readable
    .pipeThrough(change)
    .pipeTo(transformer.writable)
    .catch(() => {});
  say({ type: "attached", id });
});

function sending(): TransformStream<Frame, Frame> {
  return new TransformStream({ transform: (frame, out) => out.enqueue(seal(frame)) });
}

function receiving(id: number): TransformStream<Frame, Frame> {
  return new TransformStream({
    transform(frame, out) {
      out.enqueue(open(frame));
      if ("type" in frame && frame.type === "key") say({ type: "key", id });
    },
  });
}

function say(message: FrameMessage): void {
  postMessage(message);
}
