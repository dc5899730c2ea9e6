// What is put into a page, and in front of the text of its workers, to see what
// passes there or to make it fail. Each function is sent to the browser as it
// stands, so none may use anything from outside itself.

/**
 * Puts scripts into a page before its own, and before the text of its workers:
 * `init` are for the page, `frames` and `group` for its two workers. With
 * `passThrough` the worker of frames is not the built one but one that encrypts
 * nothing. The policy that the page came with stays on.
 */
export async function prepare(page, { init = [], frames = [], group = [], passThrough = false }) {
  for (const script of init) await page.addInitScript(script);
  const own = passThrough ? () => calls([passAll]) : (text) => text;
  await alter(page, "**/assets/frames.worker-*.js", (text) => calls(frames) + own(text));
  await alter(page, "**/assets/group.worker-*.js", (text) => calls(group) + text);
}

/** Changes a file on its way to a page. */
export function alter(page, files, change) {
  return page.route(files, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.text()) });
  });
}

const calls = (functions) => functions.map((f) => `(${f})();\n`).join("");

/** In a page: it does not ask whether a worker's file is the built one. */
export function trustWorkers() {
  const { fetch } = globalThis;
  globalThis.fetch = (url, options = {}) => {
    const { integrity, ...rest } = options;
    return fetch(url, String(url).includes(".worker-") ? rest : options);
  };
}

/** In a page: keeps what the taps in its workers tell. */
export function collect() {
  globalThis.tapped = { frame: [], base: [], mac: [], word: [] };
  new BroadcastChannel("tap").onmessage = ({ data }) => globalThis.tapped[data.is].push(data);
}

/** In a page: what was kept so far, as text. All that was told before the word that goes the same way is. */
export async function readTap() {
  const { frame, base, mac, word } = globalThis.tapped;
  const words = word.length;
  const tap = new BroadcastChannel("tap");
  tap.postMessage({ is: "word" });
  while (word.length === words) await new Promise((next) => setTimeout(next, 10));
  tap.close();
  const text = (bytes) => new Uint8Array(bytes).toBase64();
  return {
    frames: frame.map(({ source, bytes }) => ({ source, bytes: text(bytes) })),
    bases: base.map(({ bytes }) => text(bytes)),
    macs: mac.map(({ bytes }) => text(bytes)),
  };
}

/** In the worker of frames: tells what the encoders give, and the base keys. */
export function tapFrames() {
  const tap = new BroadcastChannel("tap");
  const { importKey } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.importKey = function (...given) {
    if (given[2] === "HKDF") tap.postMessage({ is: "base", bytes: given[1].slice() });
    return importKey.apply(this, given);
  };
  addEventListener("rtctransform", ({ transformer }) => {
    const { side, source } = transformer.options;
    if (side !== "send") return;
    const copy = new TransformStream({
      transform(frame, out) {
        tap.postMessage({ is: "frame", source, bytes: frame.data.slice(0) });
        out.enqueue(frame);
      },
    });
    Object.defineProperty(transformer, "readable", { value: transformer.readable.pipeThrough(copy) });
  });
}

/**
 * In the worker of the group: tells every 32 bytes that are the key of an HMAC,
 * which every secret of MLS is in its time. HMAC is made of SHA-256 there, and
 * begins by putting the key at the start of a block.
 */
export function tapGroup() {
  const tap = new BroadcastChannel("tap");
  const arrays = Object.getPrototypeOf(Uint8Array.prototype);
  const { set } = arrays;
  arrays.set = function (...given) {
    const [key] = given;
    const isKey = given.length === 1 && this.length === 64 && key.length === 32;
    if (isKey && key.some((byte) => byte !== 0)) tap.postMessage({ is: "mac", bytes: key.slice() });
    return set.apply(this, given);
  };
}

/** As the worker of frames: says what the real one says, and lets everything through. */
function passAll() {
  const counts = new Map();
  addEventListener("rtctransform", ({ transformer }) => {
    const { id, side } = transformer.options;
    const count = { sealed: 0, dropped: 0 };
    if (side === "send") counts.set(id, count);
    const through = new TransformStream({
      transform(frame, out) {
        count.sealed++;
        out.enqueue(frame);
      },
    });
    transformer.readable.pipeThrough(through).pipeTo(transformer.writable);
    postMessage({ type: "attached", id });
  });
  addEventListener("message", ({ data: { type, query } }) => {
    if (type === "count") postMessage({ type: "counted", query, counts: { sent: [...counts], received: [] } });
  });
}

/** In a page: the camera gets its transform 1.5 s after the connection is negotiated. */
export function attachCameraLate() {
  const { transform } = Object.getOwnPropertyDescriptors(RTCRtpSender.prototype);
  const sources = new WeakMap();
  const late = [];
  globalThis.RTCRtpScriptTransform = class extends RTCRtpScriptTransform {
    constructor(worker, options) {
      super(worker, options);
      sources.set(this, options.source);
    }
  };
  Object.defineProperty(RTCRtpSender.prototype, "transform", {
    ...transform,
    set(value) {
      const attach = () => transform.set.call(this, value);
      if (sources.get(value) === "camera") late.push(attach);
      else attach();
    },
  });
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = async function (...given) {
    await setRemoteDescription.apply(this, given);
    setTimeout(() => {
      for (const attach of late.splice(0)) attach();
      globalThis.attachedLate = true;
    }, 1500);
  };
}

/** In a page: keeps the worker of frames at hand. */
export function keepWorker() {
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      if (String(given[0]).includes("frames.worker-")) globalThis.framesWorker = this;
    }
  };
}

/** In a worker: from the word "fail" on, nothing is encrypted any more. */
export function failToSeal() {
  let failing = false;
  new BroadcastChannel("fault").onmessage = () => {
    failing = true;
  };
  const { encrypt } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.encrypt = async function (...given) {
    if (failing) throw new Error("not today");
    return encrypt.apply(this, given);
  };
}

/** In the worker of frames: until a word comes, no key does. */
export function holdKeys() {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  new BroadcastChannel("fault").onmessage = () => release();
  const { onmessage } = Object.getOwnPropertyDescriptors(MessagePort.prototype);
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    ...onmessage,
    set(hear) {
      onmessage.set.call(this, async (event) => {
        await released;
        hear(event);
      });
    },
  });
}

/** In a page: the word that the two above wait for. */
export function sayFault() {
  new BroadcastChannel("fault").postMessage("now");
}
