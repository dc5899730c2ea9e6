// One slot of a viewer is pointed a hundred times at publishers of VP8, VP9 and
// AV1, in Chromium and in Firefox at once. The picture may pause for a moment,
// and must never freeze.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { countNegotiations, quantile } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, enter, joinByLink, schedule, setUp } from "../lib/steps.mjs";

const switches = 100;
const mimes = ["video/VP8", "video/VP9", "video/AV1"];
let server, chromium, viewerBrowser, firefox, ada, meeting;
const publishers = [];
const viewers = [];

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  viewerBrowser = await startChromium();
  firefox = await startFirefox();
});

after(async () => {
  for (const browser of [firefox, viewerBrowser, chromium]) await browser?.close();
  await server?.stop();
});

/**
 * Put into a publisher's page: its camera is small, has one encoding, and is sent
 * in one codec, as if its browser could do no other.
 */
function sendOnly(mime) {
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
 * Watches the last slot of the page's connection in a video of its own. The page
 * itself uses its first slots.
 */
function watchLastSlot() {
  const slot = probe.peers[0].getTransceivers().at(-1);
  const video = document.createElement("video");
  video.autoplay = true;
  video.muted = true;
  video.style.cssText = "position:fixed;left:0;top:0;width:160px;height:120px;z-index:9";
  video.srcObject = new MediaStream([slot.receiver.track]);
  document.body.append(video);
  probe.frames = [];
  const frame = (now) => {
    probe.frames.push(now);
    video.requestVideoFrameCallback(frame);
  };
  video.requestVideoFrameCallback(frame);
  probe.slot = slot;
}

/** Points the last slot at a participant, over the page's own socket. */
function point(participant) {
  probe.pointed = performance.now();
  probe.command = (probe.command ?? 1_000_000) + 1;
  const slots = [{ mid: probe.slot.mid, participant, source: "camera", height: 240 }];
  probe.sockets[0].send(JSON.stringify({ type: "watch", id: probe.command, data: { slots } }));
}

/** What came in the slot since it was pointed. */
async function look() {
  const since = probe.frames.filter((t) => t >= probe.pointed);
  const times = [probe.pointed, ...since];
  let pause = 0;
  for (let i = 1; i < times.length; i++) pause = Math.max(pause, times[i] - times[i - 1]);
  let codec = "";
  const stats = await probe.slot.receiver.getStats();
  for (const report of stats.values()) {
    if (report.type === "inbound-rtp") codec = stats.get(report.codecId)?.mimeType ?? "";
  }
  return { frames: since.length, pause, codec };
}

test("three publish, in three codecs, and two watch", async () => {
  ada = await chromiumPerson(chromium, server.url, { init: sendOnlySource(mimes[0]) });
  await setUp(ada, server);
  meeting = await schedule(ada, "Codecs");
  await ada.press("Start");
  await enter(ada);
  publishers.push(ada);
  for (const mime of mimes.slice(1)) {
    const person = await chromiumPerson(chromium, server.url, { init: sendOnlySource(mime) });
    await joinByLink(person, meeting.link, mime);
    publishers.push(person);
  }
  for (const person of publishers) await person.press("Start camera");
  viewers.push(await chromiumPerson(viewerBrowser, server.url, { init: countNegotiations }));
  viewers.push(await firefoxPerson(firefox, server.url, { init: countNegotiations }));
  for (const viewer of viewers) {
    await joinByLink(viewer, meeting.link, viewer.browser);
    await until("media", () => viewer.evaluate(() => probe.peers[0].connectionState === "connected"));
    await viewer.evaluate(watchLastSlot);
  }
});

const sendOnlySource = (mime) => `(${sendOnly})(${JSON.stringify(mime)})`;

test(`${switches} switches without a freeze`, async () => {
  const ids = await participantIds();
  const pauses = new Map(viewers.map((v) => [v, []]));
  const codecs = new Map(viewers.map((v) => [v, new Set()]));
  const faults = [];
  for (let turn = 0; turn < switches; turn++) {
    const id = ids[turn % ids.length];
    for (const viewer of viewers) await viewer.evaluate(point, id);
    await new Promise((next) => setTimeout(next, 900));
    for (const viewer of viewers) {
      const { frames, pause, codec } = await viewer.evaluate(look);
      pauses.get(viewer).push(pause);
      codecs.get(viewer).add(codec);
      if (frames < 3) faults.push(`${viewer.browser}: switch ${turn} to ${mimes[turn % 3]}: ${frames} frames in 900 ms`);
      else if (pause > 500) faults.push(`${viewer.browser}: switch ${turn} to ${mimes[turn % 3]}: a pause of ${Math.round(pause)} ms`);
    }
  }
  for (const [viewer, list] of pauses) {
    console.log(
      `${switches} switches in ${viewer.browser}: pause p50 ${Math.round(quantile(list, 0.5))} ms, ` +
        `p95 ${Math.round(quantile(list, 0.95))} ms, longest ${Math.round(Math.max(...list))} ms (pictures come every 67 ms); ` +
        `decoded ${[...codecs.get(viewer)].join(", ")}`,
    );
    assert.deepEqual([...codecs.get(viewer)].sort(), [...mimes].sort(), `${viewer.browser} has not seen every codec`);
  }
  assert.deepEqual(faults, []);
});

/** The publishers' participant ids, in the order of mimes. */
async function participantIds() {
  const cookie = (await ada.page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  const get = async (path) => (await (await fetch(`${server.url}/v1/meetingReports/${path}`, { headers: { cookie } })).json()).items;
  const [session] = await get("usage");
  const stays = await get(`attendees?sessionId=${session.sessionId}`);
  return ["Ada Host", ...mimes.slice(1)].map((name) => stays.find((s) => s.displayName === name).participantId);
}

test("nobody negotiated for it", async () => {
  for (const viewer of viewers) {
    assert.deepEqual(await viewer.evaluate(() => [probe.offers, probe.answers]), [1, 1], viewer.browser);
  }
  await endForEveryone(ada);
});
