// What colours a share had, at who receives it. Each function is sent to the browser
// as it stands, so none may use anything from outside itself.

/**
 * Looks from now on at every frame of the largest video that is shown, or of those of
 * a selector, and keeps how many there were and the most of each colour that any of
 * them had, from 0 to 1.
 */
export function watchColours(selector = "video") {
  const seen = { frames: 0, most: { magenta: 0, blue: 0, green: 0, grey: 0 }, now: {}, video: null };
  globalThis.colours = seen;
  const context = new OffscreenCanvas(96, 54).getContext("2d", { willReadFrequently: true });
  const look = (video) => {
    context.drawImage(video, 0, 0, 96, 54);
    const { data } = context.getImageData(0, 0, 96, 54);
    const found = { magenta: 0, blue: 0, green: 0, grey: 0 };
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = data.subarray(i, i + 3);
      if (r > 150 && g < 110 && b > 150) found.magenta++;
      else if (b > 110 && b > r + 50) found.blue++;
      else if (g > 110 && g > r + 50 && g > b + 40) found.green++;
      else if (r < 90 && Math.abs(r - b) < 40 && Math.abs(r - g) < 40) found.grey++;
    }
    for (const [name, n] of Object.entries(found)) {
      seen.now[name] = n / (96 * 54);
      seen.most[name] = Math.max(seen.most[name], seen.now[name]);
    }
  };
  const each = (video) => {
    if (seen.video !== video) return;
    seen.frames++;
    look(video);
    video.requestVideoFrameCallback(() => each(video));
  };
  const largest = () => {
    const [video] = [...document.querySelectorAll(selector)]
      .filter((v) => !v.classList.contains("covered"))
      .sort((a, b) => b.videoWidth - a.videoWidth);
    if (video?.videoWidth && video !== seen.video) {
      seen.video = video;
      video.requestVideoFrameCallback(() => each(video));
    }
    // What stands still calls nobody back.
    if (seen.video) look(seen.video);
  };
  setInterval(largest, 100);
}

/** What was seen since the last time it was asked. */
export function takeColours() {
  const { frames, most, now } = globalThis.colours;
  globalThis.colours.frames = 0;
  globalThis.colours.most = { magenta: 0, blue: 0, green: 0, grey: 0 };
  return { frames, most, now: { ...now } };
}

/** What the encoder of the screen has given so far; the page needs countNegotiations. */
export async function sentOfScreen() {
  const sender = globalThis.probe.peers.at(-1).getTransceivers()[2].sender;
  for (const report of (await sender.getStats()).values()) {
    if (report.type !== "outbound-rtp") continue;
    return { frames: report.framesEncoded, bytes: report.bytesSent, asked: report.pliCount };
  }
  return null;
}

/** How many frames of screens came in so far; the page needs countNegotiations. */
export async function receivedOfScreens() {
  let frames = 0;
  for (const report of (await globalThis.probe.peers.at(-1).getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "video") frames += report.framesReceived ?? report.framesDecoded;
  }
  return frames;
}
