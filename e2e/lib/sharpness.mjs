// How sharp a picture is that a page receives, against what was shared: the PSNR of
// its brightness. Each function is sent to the browser as it stands, so none may use
// anything from outside itself.

/** Gives a page pictures to compare with: PNG files in base64, by name. */
export async function keepReferences(pictures) {
  globalThis.references = {};
  for (const [name, base64] of Object.entries(pictures)) {
    const picture = await createImageBitmap(new Blob([Uint8Array.fromBase64(base64)], { type: "image/png" }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, picture.width, picture.height);
    const luma = new Float32Array(width * height);
    for (let i = 0, j = 0; j < luma.length; i += 4, j++) luma[j] = 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2];
    globalThis.references[name] = { luma, width, height };
  }
}

/**
 * Compares the largest video of the page with a reference, several times a second
 * until told to stop. Keeps when it was, and the PSNR in dB; a picture of another
 * size is enlarged, as the page does, and keeps its width.
 */
export function watchSharpness(name) {
  const { luma, width, height } = globalThis.references[name];
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  const seen = [];
  const look = () => {
    const [video] = [...document.querySelectorAll("video")].filter((v) => v.videoWidth > 0).sort((a, b) => b.videoWidth - a.videoWidth);
    if (!video) return;
    const at = Date.now();
    context.drawImage(video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    let sum = 0;
    for (let i = 0, j = 0; j < luma.length; i += 4, j++) {
      const d = 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2] - luma[j];
      sum += d * d;
    }
    seen.push({ at, dB: 10 * Math.log10((255 * 255 * luma.length) / Math.max(sum, 1)), width: video.videoWidth });
  };
  const timer = setInterval(look, 200);
  globalThis.stopWatching = () => {
    clearInterval(timer);
    return seen;
  };
}

/** What watchSharpness kept. */
export function sharpnessSeen() {
  return globalThis.stopWatching();
}

/** How many pictures of the largest video the page shows in some seconds. */
export async function pictureRate(seconds) {
  const [video] = [...document.querySelectorAll("video")].sort((a, b) => b.videoWidth - a.videoWidth);
  const count = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const before = count();
  await new Promise((next) => setTimeout(next, seconds * 1000));
  return { rate: (count() - before) / seconds, width: video.videoWidth };
}
