// What a test looks at inside a page. Each function is sent to the browser as it
// stands, so none may use anything from outside itself; negotiatedOnce and
// quantile alone stay here.

import assert from "node:assert/strict";

/**
 * Reads the clock of pages/clock.html out of a video, frame by frame, for some
 * seconds, or for longer until enough different pictures were read. Returns the
 * age in milliseconds of each frame that could be read.
 */
export async function readClock({ selector, seconds, enough, most }) {
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
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  while (passed() < seconds || (ages.length <= enough && passed() < most)) {
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
  return { ages, frames, seconds: Math.round(passed()), width: video.videoWidth, height: video.videoHeight };
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
    if (!samples.some((sample) => Math.abs(sample) > 0.002)) continue; // silence
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

/**
 * How many of the videos on the page move: show three frames in a second and a half.
 * One that shows a single frame in that time gets more for two more: a busy machine
 * shows few. When all of them have shown three there is nothing left to wait for.
 */
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
  const wait = (ms) => new Promise((next) => setTimeout(next, ms));
  const all = () => counts.length > 0 && counts.every((n) => n >= 3);
  for (let turn = 0; turn < 15 && !all(); turn++) await wait(100);
  const slow = () => counts.some((n) => n > 0 && n < 3);
  for (let turn = 0; turn < 10 && slow(); turn++) await wait(500);
  return counts.filter((n) => n >= 3).length;
}

/**
 * Decodes VP8 frames, given in base64, from the first on. Returns the colours of
 * each picture, in a grid of 16 by 9, by the number of its frame, and what went
 * wrong.
 */
export async function decodeVP8(frames) {
  const context = new OffscreenCanvas(16, 9).getContext("2d", { willReadFrequently: true });
  const pictures = {};
  let problem = null;
  const decoder = new VideoDecoder({
    output(picture) {
      context.drawImage(picture, 0, 0, 16, 9);
      pictures[picture.timestamp] = [...context.getImageData(0, 0, 16, 9).data];
      picture.close();
    },
    error(error) {
      problem = String(error);
    },
  });
  decoder.configure({ codec: "vp8" });
  try {
    frames.forEach(({ key, data }, timestamp) => {
      decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp, data: Uint8Array.fromBase64(data) }));
    });
    await decoder.flush();
  } catch (error) {
    problem ??= String(error);
  }
  return { pictures, problem };
}

/**
 * Put into a page before its own scripts: counts what it negotiates, and keeps
 * its sockets at hand.
 *
 * An ICE restart finds a new way for the same lines; a page makes one when its
 * connection stalls, as it does where a machine is busy. It is counted apart, in
 * restarts, but only when it was asked for as one and its lines are those of the
 * offer before: whatever else is offered again counts as an offer.
 */
export function countNegotiations() {
  const probe = { offers: 0, answers: 0, restarts: 0, peers: [], sockets: [] };
  globalThis.probe = probe;
  const asked = new WeakSet(); // the offers made to restart ICE
  const offered = new WeakMap(); // by connection: the lines of its last offer, and whether that was a restart
  const { createOffer, setLocalDescription, setRemoteDescription } = RTCPeerConnection.prototype;
  const linesOf = (sdp) =>
    sdp.split(/\r?\n(?=m=)/).slice(1).map((line) => {
      const attributes = line.match(/^a=(mid:.*|sendrecv|sendonly|recvonly|inactive)$/gm) ?? [];
      return [line.split(" ")[0], ...attributes.sort()].join(" ");
    }).join("\n");
  RTCPeerConnection.prototype.createOffer = async function (...args) {
    const offer = await createOffer.apply(this, args);
    if (args[0]?.iceRestart) asked.add(offer);
    return offer;
  };
  RTCPeerConnection.prototype.setLocalDescription = async function (...args) {
    const [description] = args;
    if (!probe.peers.includes(this)) probe.peers.push(this);
    if (description?.type === "rollback") return setLocalDescription.apply(this, args);
    if (description ? description.type !== "offer" : this.signalingState === "have-remote-offer") {
      return setLocalDescription.apply(this, args);
    }
    const lines = description && linesOf(description.sdp);
    const restart = asked.has(description) && lines === offered.get(this)?.lines;
    if (restart) probe.restarts++;
    else probe.offers++;
    offered.set(this, { lines, restart });
    return setLocalDescription.apply(this, args);
  };
  RTCPeerConnection.prototype.setRemoteDescription = function (...args) {
    if (args[0]?.type === "answer" && !offered.get(this)?.restart) probe.answers++;
    return setRemoteDescription.apply(this, args);
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (...args) {
    if (!probe.sockets.includes(this)) probe.sockets.push(this);
    return send.apply(this, args);
  };
}

/** Fails when a page with countNegotiations negotiated more than once. */
export async function negotiatedOnce(person) {
  const { restarts, ...counts } = await person.evaluate(() => {
    const { offers, answers, restarts } = globalThis.probe;
    return { offers, answers, restarts };
  });
  if (restarts > 0) console.log(`ICE restarts in ${person.browser}: ${restarts}`);
  assert.deepEqual(counts, { offers: 1, answers: 1 }, `${person.browser} negotiated again`);
}

/**
 * In a page with countNegotiations: two connections of its own negotiate over and
 * over. Returns what is counted after each time.
 */
export async function negotiateOver() {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const counted = [];
  const negotiate = async (options) => {
    await a.setLocalDescription(await a.createOffer(options));
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription(await b.createAnswer());
    await a.setRemoteDescription(b.localDescription);
    const { offers, answers, restarts } = globalThis.probe;
    counted.push({ offers, answers, restarts });
  };
  const { direction } = a.addTransceiver("video", { direction: "recvonly" });
  await negotiate();
  await negotiate({ iceRestart: true });
  await negotiate();
  a.addTransceiver("audio", { direction });
  await negotiate({ iceRestart: true });
  a.getTransceivers()[0].direction = "inactive";
  await negotiate({ iceRestart: true });
  await a.setLocalDescription();
  counted.push({ offers: globalThis.probe.offers, answers: globalThis.probe.answers, restarts: globalThis.probe.restarts });
  a.close();
  b.close();
  return counted;
}

/**
 * Put into a page before its own scripts: its camera is small, has one encoding,
 * and is sent in one codec, as if its browser could do no other.
 */
export function sendOnly(mime) {
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
    const { sendEncodings, ...rest } = init ?? {};
    return addTransceiver.call(this, kind, rest);
  };
  const { setCodecPreferences } = RTCRtpTransceiver.prototype;
  RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
    const first = codecs.filter((c) => c.mimeType === mime);
    return setCodecPreferences.call(this, [...first, ...codecs.filter((c) => c.mimeType !== mime)]);
  };
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = function (wish) {
    return getUserMedia.call(this, { ...wish, video: wish.video && { width: 320, height: 240, frameRate: 15 } });
  };
}

/**
 * Put into a page before its own scripts: what it shares is a drawing that moves,
 * with a tone, for browsers without a screen.
 */
export function shareDrawing() {
  MediaDevices.prototype.getDisplayMedia = async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [960, 540];
    const context = canvas.getContext("2d");
    let turn = 0;
    setInterval(() => {
      context.fillStyle = "#246";
      context.fillRect(0, 0, 960, 540);
      context.fillStyle = "#fd8";
      context.fillRect((turn * 16) % 900, 200, 60, 140);
      context.fillText(String(turn++), 40, 40);
    }, 66);
    const stream = canvas.captureStream(15);
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const out = audio.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    stream.addTrack(out.stream.getAudioTracks()[0]);
    return stream;
  };
}

/** p of the sorted numbers. */
export function quantile(numbers, p) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}
