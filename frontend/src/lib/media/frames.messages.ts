/** FrameOptions travel with a transform into the frame worker. */
export interface FrameOptions {
  readonly id: number;
  readonly side: "send" | "receive";
}

/** FrameMessage is what the frame worker says. */
export type FrameMessage =
  /** the transform is in place; from now on no frame goes around it */
  | { readonly type: "attached"; readonly id: number }
  /** a key frame was received: whatever was shown before is over */
  | { readonly type: "key"; readonly id: number };
