/** Picture is what a tile draws. A picture that is not open is not shown yet. */
export interface Picture {
  readonly stream: MediaStream;
  readonly open: boolean;
  /** it stands still, as this browser's line has no room for it */
  readonly stands?: boolean;
}
