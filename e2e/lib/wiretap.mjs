// What a server with a wiretap would have: the payloads that a build with the tag
// `dump` writes down as they arrive, put together again into frames.

import { open, readdir, readFile } from "node:fs/promises";
import path from "node:path";

export const codecs = { 1: "Opus", 2: "VP8", 3: "VP9", 4: "AV1" };

/** Everything in a dump folder: payloads by file name, which holds peer, source and encoding. */
export async function readDump(folder) {
  const files = new Map();
  for (const name of await readdir(folder)) {
    files.set(name, [...records(await readFile(path.join(folder, name)))]);
  }
  return files;
}

function* records(bytes) {
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return; // the server is still writing it
    yield {
      time: Number(bytes.readBigUInt64BE(at + 4)) / 1000, // ms
      seq: bytes.readUInt16BE(at + 12),
      timestamp: bytes.readUInt32BE(at + 14),
      marker: bytes[at + 18] === 1,
      codec: codecs[bytes[at + 19]],
      payload: bytes.subarray(at + 20, end),
    };
    at = end;
  }
}

/**
 * The VP8 frames among the packets of one encoding, descriptors taken off, whole
 * ones only (RFC 7741 §4.2).
 */
export function vp8Frames(packets) {
  const frames = [];
  let parts = [];
  for (const packet of packets.filter((p) => p.codec === "VP8" && p.payload.length > 0)) {
    const { start, rest } = vp8Payload(packet.payload);
    if (start) parts = [];
    else if (parts.length === 0 || ((parts.at(-1).seq + 1) & 0xffff) !== packet.seq) {
      parts = [];
      continue;
    }
    parts.push({ seq: packet.seq, rest });
    if (!packet.marker) continue;
    const data = Buffer.concat(parts.map((p) => p.rest));
    frames.push({ data, key: (data[0] & 1) === 0, timestamp: packet.timestamp, time: packet.time });
    parts = [];
  }
  return frames;
}

/** A VP8 payload without its descriptor, and whether a frame starts with it. */
export function vp8Payload(p) {
  let at = 1;
  if (p[0] & 0x80) {
    const x = p[at++];
    if (x & 0x80) at += p[at] & 0x80 ? 2 : 1;
    if (x & 0x40) at++;
    if (x & 0x30) at++;
  }
  return { start: (p[0] & 0x10) !== 0 && (p[0] & 7) === 0, rest: p.subarray(at) };
}

const width = 16;

/** Every 16 bytes that follow one another anywhere in the buffers. */
export function windows(buffers) {
  const seen = new Set();
  for (const buffer of buffers) {
    const text = Buffer.from(buffer).toString("latin1");
    for (let at = 0; at + width <= text.length; at++) seen.add(text.slice(at, at + width));
  }
  return seen;
}

/** How many windows of the payloads are among those seen. */
export function matches(seen, payloads) {
  let found = 0;
  for (const payload of payloads) {
    const text = payload.toString("latin1");
    for (let at = 0; at + width <= text.length; at++) if (seen.has(text.slice(at, at + width))) found++;
  }
  return found;
}

/**
 * Looks for needles, by name, in everything a process has in memory now. Returns
 * the names found.
 */
export async function scanMemory(pid, needles) {
  const found = new Set();
  const longest = Math.max(...Object.values(needles).map((n) => n.length));
  const search = { longest, index: indexOf(needles), found };
  const memory = await open(`/proc/${pid}/mem`);
  try {
    for (const line of (await readFile(`/proc/${pid}/maps`, "utf8")).split("\n")) {
      const [, from, to, rights] = line.match(/^([0-9a-f]+)-([0-9a-f]+) (\S+)/) ?? [];
      if (!rights?.startsWith("r") || line.includes("[vvar") || line.includes("[vsyscall")) continue;
      await scanRange(memory, Number.parseInt(from, 16), Number.parseInt(to, 16), search);
    }
  } finally {
    await memory.close();
  }
  return [...found];
}

async function scanRange(memory, from, to, { longest, index, found }) {
  const chunk = 4 << 20;
  const buffer = Buffer.alloc(chunk + longest);
  for (let at = from; at < to; at += chunk) {
    const length = Math.min(buffer.length, to - at);
    try {
      const { bytesRead } = await memory.read(buffer, 0, length, at);
      look(buffer.subarray(0, bytesRead), index, found);
    } catch {
      // reserved, and never touched
    }
  }
}

/** The needles by their first two bytes: one look at each byte is enough for all of them. */
function indexOf(needles) {
  const index = new Array(1 << 16);
  for (const [name, bytes] of Object.entries(needles)) {
    const start = bytes[0] | (bytes[1] << 8);
    index[start] ??= [];
    index[start].push([name, bytes]);
  }
  return index;
}

function look(bytes, index, found) {
  for (let at = 0; at + 1 < bytes.length; at++) {
    const candidates = index[bytes[at] | (bytes[at + 1] << 8)];
    if (!candidates) continue;
    for (const [name, needle] of candidates) {
      if (needle.equals(bytes.subarray(at, at + needle.length))) found.add(name);
    }
  }
}
