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
 * loudest tone: its frequency in Hz and its amplitude from 0 to 1. It records
 * the streams and looks at the recording, which needs no sound card.
 */
export async function listen({ seconds }) {
  const record = async (stream) => {
    const chunks = [];
    const recorder = new MediaRecorder(stream);
    recorder.ondataavailable = (event) => chunks.push(event.data);
    const stopped = new Promise((done) => {
      recorder.onstop = done;
    });
    recorder.start();
    await new Promise((next) => setTimeout(next, seconds * 1000));
    recorder.stop();
    await Promise.race([stopped, new Promise((next) => setTimeout(next, 2000))]);
    try {
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(await new Blob(chunks).arrayBuffer());
      return sound.getChannelData(0);
    } catch {
      return new Float32Array(); // nothing came
    }
  };
  /** Goertzel: how much of one frequency is in n samples from start. */
  const amount = (samples, start, n, hz) => {
    const c = 2 * Math.cos((2 * Math.PI * hz) / 48_000);
    let s1 = 0;
    let s2 = 0;
    for (let i = start; i < start + n; i++) {
      const s0 = samples[i] + c * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    return (2 * Math.sqrt(s1 * s1 + s2 * s2 - c * s1 * s2)) / n;
  };
  const streams = [...document.querySelectorAll("audio")].map((a) => a.srcObject).filter(Boolean);
  let best = { hz: 0, amplitude: 0 };
  for (const samples of await Promise.all(streams.map(record))) {
    const n = 4800; // 100 ms: bins of 10 Hz
    for (let start = 0; start + n <= samples.length; start += n) {
      for (let hz = 200; hz <= 3000; hz += 10) {
        const amplitude = amount(samples, start, n, hz);
        if (amplitude > best.amplitude) best = { hz, amplitude };
      }
    }
  }
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
