// SFrame and the keys it comes from, once more and from docs/e2ee.md alone: what
// the product says about its own frames proves nothing.

import { createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";

const marks = { Opus: 1, VP8: 2, VP9: 3, AV1: 4 };
const tagSize = 16;

/** What a frame shows without a key; null when it is not an SFrame in its wrapping. */
export function readFrame(codec, frame) {
  const clear = clearSize(codec, frame);
  const prefix = frame.subarray(0, clear);
  const header = prefix.length === clear && readHeader(frame.subarray(clear));
  if (!header || header.kid >> 24n > 4n) return null;
  const body = frame.subarray(clear + header.bytes.length);
  if (body.length < tagSize) return null;
  const kid = Number(header.kid);
  const origin = { context: kid >>> 24, leaf: (kid >>> 8) & 0xffff, epoch: kid & 0xff };
  return { ...origin, ...header, body, metadata: Buffer.from([marks[codec], ...prefix]), prefix };
}

function clearSize(codec, frame) {
  if (codec === "AV1") return 1;
  if (codec !== "VP8") return 0;
  return frame[0] & 1 ? 3 : 10;
}

/** RFC 9605 §4.3: small numbers stand in the first byte, others behind it. */
function readHeader(bytes) {
  if (bytes.length === 0) return null;
  let at = 1;
  const number = (field) => {
    if (field < 8) return BigInt(field);
    const digits = bytes.subarray(at, (at += field - 7));
    return digits.length === field - 7 ? BigInt(`0x${digits.toString("hex")}`) : null;
  };
  const kid = number(bytes[0] >> 4);
  const counter = number(bytes[0] & 15);
  if (kid === null || counter === null) return null;
  return { kid, counter, bytes: bytes.subarray(0, at) };
}

/** The frame as it was before it was encrypted under one of the base keys; null when it was not. */
export function openFrame(codec, frame, bases) {
  const read = readFrame(codec, frame);
  if (!read) return null;
  for (const base of bases) {
    const plain = open(derive(base, read.kid), read);
    if (plain) return codec === "VP8" ? Buffer.concat([read.prefix, plain]) : plain;
  }
  return null;
}

function open({ key, salt }, { counter, bytes, metadata, body }) {
  const nonce = Buffer.from(salt);
  nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ counter, 4);
  const aes = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: tagSize });
  aes.setAAD(Buffer.concat([bytes, metadata]));
  aes.setAuthTag(body.subarray(-tagSize));
  try {
    return Buffer.concat([aes.update(body.subarray(0, -tagSize)), aes.final()]);
  } catch {
    return null;
  }
}

/** RFC 9605 §4.4.2, with cipher suite 4. */
export function derive(base, kid) {
  const suffix = Buffer.alloc(10);
  suffix.writeBigUInt64BE(BigInt(kid));
  suffix.writeUInt16BE(4, 8);
  const expand = (label, length) =>
    Buffer.from(hkdfSync("sha256", base, "", Buffer.concat([Buffer.from(label), suffix]), length));
  return { key: expand("SFrame 1.0 Secret key ", 16), salt: expand("SFrame 1.0 Secret salt ", 12) };
}

/** The base key that an exporter secret gives (RFC 9420 §8.5). */
export function baseKeyOf(exporterSecret) {
  const secret = expandWithLabel(exporterSecret, "SFrame 1.0 Base Key", Buffer.alloc(0), 32);
  return expandWithLabel(secret, "exported", createHash("sha256").digest(), 16);
}

function expandWithLabel(secret, label, context, length) {
  const name = Buffer.from(`MLS 1.0 ${label}`);
  const info = [Buffer.from([0, length, name.length]), name, Buffer.from([context.length]), context];
  // One round of HKDF-Expand is as long as anything here.
  return createHmac("sha256", secret).update(Buffer.concat([...info, Buffer.from([1])])).digest().subarray(0, length);
}

/** The pre-shared key of a meeting's link. */
export function linkPsk(secret, number) {
  return Buffer.from(hkdfSync("sha256", secret, "", `conclave psk v1 link ${number}`, 32));
}
