// A thin or lossy link between a page and what it sends its media to: a relay for
// UDP in a thread of its own, and a script for the page that makes it call there.

import dgram from "node:dgram";
import { once } from "node:events";
import { setPriority } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/**
 * Opens a link, without limits at first. `set` changes what is given: `rate` is in
 * bits a second, towards the server, and `down` towards the page, 0 for no limit; what
 * would wait longer than `queue` ms is dropped; `loss` is the part that is lost, each way; `delay` is
 * in ms, each way. Give `addTo` a page before it is loaded.
 */
export async function openLink(conditions = {}) {
  const worker = new Worker(new URL(import.meta.url));
  worker.postMessage({ conditions });
  return {
    set: (changed) => worker.postMessage({ conditions: changed }),
    async addTo(page) {
      await page.exposeFunction("callThroughLink", async (address, port) => {
        worker.postMessage({ target: { address, port } });
        const [{ port: own }] = await once(worker, "message");
        return own;
      });
      await page.addInitScript(callThroughLink);
    },
    close: () => worker.terminate(),
  };
}

/** In a page: every description that comes from the other end names the link, and nothing else. */
function callThroughLink() {
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  const candidate = /^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host.*\r\n/im;
  RTCPeerConnection.prototype.setRemoteDescription = async function ({ type, sdp }) {
    const [line, address, port] = sdp.match(candidate) ?? [];
    if (!line) return setRemoteDescription.call(this, { type, sdp });
    const own = await globalThis.callThroughLink(address, Number(port));
    const called = line.replace(`${address} ${port}`, `127.0.0.1 ${own}`);
    const others = /^a=candidate:.*\r\n/gm;
    const rewritten = sdp.replace(others, (found) => (found === line ? called : ""));
    return setRemoteDescription.call(this, { type, sdp: rewritten });
  };
}

/** The same numbers in each run, from 0 to 1: which packets are lost is no matter of luck. */
function numbers(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** In the thread: one socket towards the page and one towards the server. */
async function relay() {
  hurry();
  const random = numbers(1);
  let is = { rate: 0, down: 0, queue: 300, loss: 0, delay: 0 };
  let target, page;
  const free = { rate: 0, down: 0 }; // when the link has sent all that waits for it
  const near = dgram.createSocket("udp4");
  const far = dgram.createSocket("udp4");
  const after = (ms, send) => (ms > 0 ? setTimeout(send, ms) : send());
  /** Sends a packet when those before it have gone, or never. */
  const queued = (way, packet, send) => {
    const now = performance.now();
    const begins = Math.max(now, free[way]);
    if (begins - now > is.queue) return;
    if (is[way] > 0) free[way] = begins + (packet.length * 8000) / is[way];
    after(is.delay + begins - now, send);
  };

  near.on("message", (packet, from) => {
    page = from;
    if (!target || random() < is.loss) return;
    queued("rate", packet, () => far.send(packet, target.port, target.address));
  });
  far.on("message", (packet) => {
    if (!page || random() < is.loss) return;
    queued("down", packet, () => near.send(packet, page.port, page.address));
  });
  for (const socket of [near, far]) {
    socket.on("error", () => {}); // as a network would: what cannot be sent is lost
    socket.bind(0, socket === near ? "127.0.0.1" : undefined);
    await once(socket, "listening");
  }
  parentPort.on("message", (told) => {
    if (told.conditions) is = { ...is, ...told.conditions };
    if (!told.target) return;
    target = told.target;
    parentPort.postMessage({ port: near.address().port });
  });
}

/** A network does not wait until a machine has time for it. It needs the right to. */
function hurry() {
  try {
    setPriority(0, -10); // of this thread
  } catch {
    // Then a busy machine makes the link a worse one.
  }
}

if (!isMainThread) await relay();
