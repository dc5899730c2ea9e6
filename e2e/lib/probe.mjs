// What a test looks at inside a page. Each function is sent to the browser as it
// stands, so none may use anything from outside itself.

/**
 * Reads the clock of pages/clock.html out of a video, frame by frame, for some
 * seconds. Returns the age in milliseconds of each frame that could be read.
 */
export async function readClock({ selector, seconds }) {
  const video = [...document.querySelectorAll(selector)].find((v) => v.videoWidth > 0);
  if (!video) throw new Error(`no picture in ${selector}`);
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const magenta = (d, i) => d[i] > 180 && d[i + 1] < 90 && d[i + 2] > 180;
  const check = (n) => ((n & 255) ^ ((n >>> 8) & 255) ^ ((n >>> 16) & 255) ^ ((n >>> 24) & 255) ^ 0xa5) & 255;
  let frame = null; // of the clock: left, top, scale
  const findFrame = (d, w, h) => {
    let left = w, right = 0, top = h, bottom = 0;
    for (let y = 0; y < h; y += 2) {
      for (let x = 0; x < w; x += 2) {
        if (!magenta(d, (y * w + x) * 4)) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
    }
    return right - left > 100 ? { left, top, scale: (right - left + 2) / 640 } : null;
  };
  const decode = () => {
    const { width, height } = canvas;
    context.drawImage(video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    frame ??= findFrame(data, width, height);
    if (!frame) return null;
    let n = 0;
    let sum = 0;
    for (let i = 0; i < 40; i++) {
      const x = Math.round(frame.left + (20 + ((i % 20) + 0.5) * 30) * frame.scale);
      const y = Math.round(frame.top + (34 + (Math.floor(i / 20) + 0.5) * 30) * frame.scale);
      const bit = data[(y * width + x) * 4] > 127 ? 1 : 0;
      if (i < 32) n |= bit << i;
      else sum |= bit << (i - 32);
    }
    return check(n >>> 0) === sum ? n >>> 0 : null;
  };
  const ages = [];
  const seen = new Set();
  let frames = 0;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await new Promise((next) => {
      video.requestVideoFrameCallback(next);
      setTimeout(next, 500);
    });
    frames++;
    if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      frame = null;
    }
    const n = decode();
    if (n === null || seen.has(n)) continue;
    seen.add(n);
    ages.push((Date.now() >>> 0) - n);
  }
  return { ages, frames, width: video.videoWidth, height: video.videoHeight };
}

/**
 * Listens to everything the page plays, for some seconds, and returns the
 * frequency in Hz at which the most energy was, and its level in dB.
 */
export async function listen({ seconds }) {
  const audio = new AudioContext();
  await audio.resume();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 4096;
  analyser.smoothingTimeConstant = 0;
  for (const element of document.querySelectorAll("audio")) {
    if (element.srcObject) audio.createMediaStreamSource(element.srcObject).connect(analyser);
  }
  const bins = new Float32Array(analyser.frequencyBinCount);
  let best = { hz: 0, db: -Infinity };
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    analyser.getFloatFrequencyData(bins);
    bins.forEach((db, i) => {
      if (i > 8 && db > best.db) best = { hz: Math.round((i * audio.sampleRate) / analyser.fftSize), db };
    });
    await new Promise((next) => setTimeout(next, 50));
  }
  await audio.close();
  return best;
}

/** How many of the videos on the page move, over half a second. */
export async function movingVideos() {
  const videos = [...document.querySelectorAll("video")].filter((v) => v.offsetWidth > 0);
  const counts = videos.map(() => 0);
  videos.forEach((v, i) => {
    const count = () => {
      counts[i]++;
      v.requestVideoFrameCallback(count);
    };
    v.requestVideoFrameCallback(count);
  });
  await new Promise((next) => setTimeout(next, 1500));
  return counts.filter((n) => n >= 3).length;
}

/**
 * Put into a page before its own scripts: counts what it negotiates, and keeps
 * its sockets at hand.
 */
export function countNegotiations() {
  globalThis.probe = { offers: 0, answers: 0, peers: [], sockets: [] };
  const { setLocalDescription, setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setLocalDescription = function (...args) {
    globalThis.probe.offers++;
    if (!globalThis.probe.peers.includes(this)) globalThis.probe.peers.push(this);
    return setLocalDescription.apply(this, args);
  };
  RTCPeerConnection.prototype.setRemoteDescription = function (...args) {
    globalThis.probe.answers++;
    return setRemoteDescription.apply(this, args);
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (...args) {
    if (!globalThis.probe.sockets.includes(this)) globalThis.probe.sockets.push(this);
    return send.apply(this, args);
  };
}

/** p of the sorted numbers. */
export function quantile(numbers, p) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}
