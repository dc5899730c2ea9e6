// What becomes of a share on its way, four times a second: what the browser thinks
// that the line bears, what it makes of the pictures, what is lost and sent again,
// and what one sees at the other end. watchFlow and flowSeen are sent to the browser.

/** Notes, in a page whose connections are counted, what goes out ("outbound-rtp") or comes in ("inbound-rtp"). */
export function watchFlow(type) {
  const seen = [];
  const bytes = (r) => r.bytesSent ?? r.bytesReceived ?? 0;
  const look = async () => {
    const reports = [...(await probe.peers.at(-1).getStats()).values()];
    const lines = reports.filter((r) => r.type === type && r.kind === "video").sort((a, b) => bytes(b) - bytes(a));
    const pair = reports.find((r) => r.type === "candidate-pair" && r.nominated && r.availableOutgoingBitrate > 0);
    const source = reports.find((r) => r.type === "media-source" && r.kind === "video");
    if (lines[0]) seen.push({ ...lines[0], at: Date.now(), bytes: bytes(lines[0]), available: pair?.availableOutgoingBitrate, given: source?.frames });
  };
  clearInterval(globalThis.flowTimer);
  globalThis.flowTimer = setInterval(look, 250);
  globalThis.flowUntilNow = () => seen.splice(0);
}

/** What watchFlow has noted since the last time. */
export function flowSeen() {
  return globalThis.flowUntilNow();
}

const heads = {
  sent: ["ms", "line", "target", "kB", "again", "given", "coded", "QP", "ms each", "key", "NACK", "PLI"],
  seen: ["kB", "shown", "key", "again", "NACK", "PLI", "dB"],
};

/**
 * Prints what went out, what came and what was seen, in rows of a quarter of a second,
 * timed from a moment on. "line" and "target" are kbit/s, "again" are bytes that were
 * sent or packets that came a second time, "given" are pictures of the screen.
 */
export function printFlow(from, sent, came, pictures) {
  const rows = [[...heads.sent, "|", ...heads.seen]];
  for (const [i, now] of sent.entries()) {
    const before = sent[i - 1];
    if (!before) continue;
    const out = (key) => now[key] - before[key];
    const newest = (at) => came.findLast((r) => r.at <= at);
    const [last, first] = [newest(now.at), newest(before.at)];
    const into = (key) => (last && first ? last[key] - first[key] : NaN);
    const coded = out("framesEncoded");
    const each = (sum) => (coded > 0 ? Math.round(sum / coded) : "");
    const seen = pictures.filter((p) => p.at > before.at && p.at <= now.at).map((p) => p.dB.toFixed(1));
    rows.push([
      now.at - from, Math.round(now.available / 1000), Math.round(now.targetBitrate / 1000), Math.round(out("bytes") / 1000),
      out("retransmittedBytesSent"), out("given"), coded, each(out("qpSum")), each(1000 * out("totalEncodeTime")),
      out("keyFramesEncoded"), out("nackCount"), out("pliCount"), "|", Math.round(into("bytes") / 1000), into("framesDecoded"),
      into("keyFramesDecoded"), into("retransmittedPacketsReceived"), into("nackCount"), into("pliCount"), seen.at(-1) ?? "",
    ]);
  }
  for (const row of rows) console.log(row.map((cell) => String(cell).padStart(7)).join(""));
}
