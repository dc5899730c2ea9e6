// The pictures that a page receives, kept whole. Each function is sent to the browser
// as it stands, so none may use anything from outside itself.

/**
 * Keeps from now on every different picture of the largest video that is shown, as a
 * PNG file of at most 640 pixels' width, until there are `most` of them.
 */
export function keepPictures(most) {
  const kept = { files: [], frames: 0, lost: 0, video: null, last: null };
  globalThis.pictures = kept;
  const look = (video) => {
    const height = Math.round((video.videoHeight * 640) / Math.max(video.videoWidth, 640));
    const width = Math.min(video.videoWidth, 640);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, width, height);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    if (kept.last?.length === pixels.length && kept.last.every((pixel, i) => pixel === pixels[i])) return;
    kept.last = pixels;
    if (kept.files.length < most) kept.files.push(canvas.convertToBlob({ type: "image/png" }));
    else kept.lost++;
  };
  const each = (video) => {
    if (kept.video !== video) return;
    kept.frames++;
    look(video);
    video.requestVideoFrameCallback(() => each(video));
  };
  const largest = () => {
    const [video] = [...document.querySelectorAll("video:not(.covered)")].sort((a, b) => b.videoWidth - a.videoWidth);
    if (!video?.videoWidth) return;
    if (video !== kept.video) {
      kept.video = video;
      video.requestVideoFrameCallback(() => each(video));
    }
    // What stands still calls nobody back.
    look(video);
  };
  setInterval(largest, 200);
  largest();
}

/**
 * The pictures kept since the last time it was asked, in base64, how many frames were
 * looked at for them, and how many pictures were too many to be kept.
 */
export async function takePictures() {
  const { files, frames, lost } = globalThis.pictures;
  Object.assign(globalThis.pictures, { files: [], frames: 0, lost: 0, last: null });
  const bytes = (blob) => blob.arrayBuffer().then((buffer) => new Uint8Array(buffer).toBase64());
  return { files: await Promise.all(files.map(async (file) => bytes(await file))), frames, lost };
}
