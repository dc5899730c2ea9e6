import type { Source } from "../wire.gen";

/** FrameOptions travel with a transform into the frame worker. */
export type FrameOptions =
  | { readonly id: number; readonly side: "send"; readonly source: Source }
  | { readonly id: number; readonly side: "receive"; readonly kind: "audio" | "video" };

/** Expected is whose picture a video slot may show; nobody's when null. */
export interface Expected {
  readonly leaf: number;
  readonly source: Source;
}

/** FrameCommand is what the page says to the frame worker. */
export type FrameCommand =
  /** the group's worker is at the other end of port; said once */
  | { readonly type: "keys"; readonly port: MessagePort }
  /** everybody has reached this epoch */
  | { readonly type: "settled"; readonly epoch: number }
  /** turn tells one expectation of a slot from the one before */
  | {
      readonly type: "expect";
      readonly id: number;
      readonly turn: number;
      readonly expected: Expected | null;
    }
  | { readonly type: "count"; readonly query: number };

/** Drop is why a frame that came was dropped. */
export type Drop =
  /** not of whom and what the slot is for, or of nobody who may send */
  | "unexpected"
  | "stranger"
  /** no SFrame, or of no codec we know */
  | "malformed"
  | "forged"
  | "replayed"
  /** padding */
  | "empty"
  /** of an epoch that is over */
  | "old"
  /** of an epoch whose key did not come in time, or while too much waited */
  | "expired"
  | "overflow"
  /** of no use before the next key frame */
  | "broken"
  /** a key frame from before the last one */
  | "backwards"
  /** the browser did not take it */
  | "failed";

export interface SendCounts {
  readonly sealed: number;
  readonly dropped: number;
  /** of those dropped, the ones that there was a key for */
  readonly failed: number;
}

export interface ReceiveCounts {
  readonly opened: number;
  /** waiting for a key now */
  readonly held: number;
  readonly dropped: Readonly<Partial<Record<Drop, number>>>;
}

/** FrameCounts are by the ids of the lines. */
export interface FrameCounts {
  readonly sent: readonly (readonly [id: number, counts: SendCounts])[];
  readonly received: readonly (readonly [id: number, counts: ReceiveCounts])[];
}

/** FrameMessage is what the frame worker says. */
export type FrameMessage =
  /** the transform is in place; from now on no frame goes around it */
  | { readonly type: "attached"; readonly id: number }
  /** the first frame since the slot's turn passed: from now on it shows the expected person */
  | { readonly type: "shown"; readonly id: number; readonly turn: number; readonly leaf: number }
  /** a picture cannot go on without a key frame */
  | { readonly type: "needs_key_frame"; readonly id: number }
  | { readonly type: "counted"; readonly query: number; readonly counts: FrameCounts };
