/**
 * A share that stands still is a picture of it in its place. The picture is taken
 * before the encoder, so what goes on behind it is never encoded at all.
 */

const blankSize = { width: 1280, height: 720 };

/** Lens keeps the newest picture of a track at hand. */
export class Lens {
  readonly #video = document.createElement("video");

  constructor(track: MediaStreamTrack) {
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([track]);
    this.#video.play().catch(() => {});
  }

  /** take takes the picture there is now; a blank one while there is none. */
  take(): Still {
    return new Still(this.#video);
  }

  close(): void {
    this.#video.srcObject = null;
  }
}

/** Still is a track of one picture. */
export class Still {
  readonly track: MediaStreamTrack;
  readonly #picture: HTMLCanvasElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #empty: boolean;
  #blank = false;

  constructor(video: HTMLVideoElement) {
    const { videoWidth: width, videoHeight: height } = video;
    this.#empty = width === 0 || height === 0;
    this.#picture = canvas(this.#empty ? blankSize : { width, height });
    if (!this.#empty) drawing(this.#picture).drawImage(video, 0, 0);
    this.#canvas = canvas(this.#picture);
    this.#context = drawing(this.#canvas);
    // A browser that was given no rate sends what is drawn, when it is drawn.
    const [track] = this.#canvas.captureStream().getVideoTracks();
    if (!track) throw new DOMException("a canvas without a track", "InvalidStateError");
    track.contentHint = "detail";
    this.track = track;
    this.draw();
  }

  /** blank: it shows a blank picture, whatever was taken */
  get blank(): boolean {
    return this.#blank;
  }

  /** show says whether it is the picture that was taken, or a blank one. */
  show(blank: boolean): void {
    this.#blank = blank;
    this.draw();
  }

  /** draw draws the same once more: who sees it as a track gets it again. */
  draw(): void {
    if (this.#blank || this.#empty) drawBlank(this.#context);
    else this.#context.drawImage(this.#picture, 0, 0);
  }

  close(): void {
    this.track.stop();
  }
}

/** The blank picture says the same in every language: two bars, as on a tape recorder. */
function drawBlank(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  const unit = Math.min(width, height) / 12;
  context.fillStyle = "#2b2f36";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#8a919d";
  for (const left of [-1.5, 0.5]) {
    context.fillRect(width / 2 + left * unit, height / 2 - 2 * unit, unit, 4 * unit);
  }
}

function canvas({ width, height }: { readonly width: number; readonly height: number }) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

function drawing(of: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = of.getContext("2d", { alpha: false });
  if (!context) throw new DOMException("nothing to draw with", "InvalidStateError");
  return context;
}
