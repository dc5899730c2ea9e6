// One slot of a viewer is pointed a hundred times at publishers of VP8, VP9 and
// AV1, in Chromium and in Firefox at once. The picture may pause for a moment,
// and must never freeze.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapFrames, tapSocket } from "../lib/inside.mjs";
import { countNegotiations, movingVideos, negotiatedOnce, quantile, sendOnly } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, enter, joinByLink, schedule, setUp } from "../lib/steps.mjs";

// LONG=10 goes on for ten minutes, in which the size changes, too, with whom it is of and
// without, and allows less.
const minutes = Number(process.env.LONG ?? 0);
const switches = 100;
const freeze = minutes ? 500 : 1000; // ms longer than in a tile left alone
const mimes = ["video/VP8", "video/VP9", "video/AV1"];
let server, chromium, viewerBrowser, firefox, ada, meeting;
const publishers = [];
const viewers = [];

before(async () => {
  server = await startServer();
  chromium = await startChromium({ fps: 20 });
  viewerBrowser = await startChromium({ fps: 20 });
  firefox = await startFirefox();
});

after(async () => {
  for (const browser of [firefox, viewerBrowser, chromium]) await browser?.close();
  await server?.stop();
});

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
  // The page's own tiles, of which one is left alone each time, tell a freeze from a busy machine.
  probe.tiles = new Map();
  for (const { mid, receiver } of probe.peers[0].getTransceivers()) {
    const tile = [...document.querySelectorAll("video")].find((v) => v !== video && v.srcObject?.getTracks().includes(receiver.track));
    if (!tile) continue;
    const times = [];
    const seen = (now) => {
      times.push(now);
      tile.requestVideoFrameCallback(seen);
    };
    tile.requestVideoFrameCallback(seen);
    probe.tiles.set(mid, times);
  }
}

/**
 * Points the last slot at a participant, over the page's own socket, and has the
 * page's own frame worker let their frames through there. The page's tile of them
 * goes without meanwhile, for a frame opens once; the tile of whom neither this nor
 * the last time was about is the control.
 */
function point({ participant, height }) {
  const own = inside.commands.findLast(({ type, id }) => type === "watch" && id < 1_000_000).data.slots;
  const others = own.filter((slot) => slot.participant !== participant);
  probe.control = others.find((slot) => slot.participant !== probe.shown && probe.tiles.has(slot.mid)).mid;
  const moved = probe.shown !== participant;
  probe.shown = participant;
  probe.pointed = performance.now();
  probe.command = (probe.command ?? 1_000_000) + 1;
  const expected = { leaf: inside.roster().get(participant), source: "camera" };
  if (moved) inside.frames.postMessage({ type: "expect", id: inside.idOf(probe.slot.receiver), turn: probe.command, expected });
  const slots = [...others, { mid: probe.slot.mid, participant, source: "camera", height }];
  probe.sockets[0].send(JSON.stringify({ type: "watch", id: probe.command, data: { slots } }));
}

/** The longest pause in the slot since it was pointed, and meanwhile in the control. */
async function look() {
  const longest = (list) => {
    const times = [probe.pointed, ...list.filter((t) => t >= probe.pointed), performance.now()];
    return times.slice(1).reduce((most, t, i) => Math.max(most, t - times[i]), 0);
  };
  const pause = longest(probe.frames);
  const calm = longest(probe.tiles.get(probe.control));
  let codec = "";
  const stats = await probe.slot.receiver.getStats();
  for (const report of stats.values()) {
    if (report.type === "inbound-rtp") codec = stats.get(report.codecId)?.mimeType ?? "";
  }
  return { pause, calm, codec };
}

/** In a page: how many frames were opened or dropped in all its slots, and how many pictures came and were made. */
async function tally() {
  const sum = { opened: 0, dropped: {}, came: 0, made: 0 };
  for (const [, { opened, dropped }] of (await inside.counts()).received) {
    sum.opened += opened;
    for (const [why, n] of Object.entries(dropped)) sum.dropped[why] = (sum.dropped[why] ?? 0) + n;
  }
  for (const report of (await probe.peers[0].getStats()).values()) {
    if (report.type !== "inbound-rtp" || report.kind !== "video") continue;
    sum.came += report.framesReceived ?? 0;
    sum.made += report.framesDecoded ?? 0;
  }
  return sum;
}

test("three publish, in three codecs, and two watch", async () => {
  ada = await chromiumPerson(chromium, server.url, { init: scripts([sendOnly, mimes[0]]) });
  await setUp(ada, server);
  meeting = await schedule(ada, "Codecs");
  await ada.press("Start");
  await enter(ada);
  publishers.push(ada);
  for (const mime of mimes.slice(1)) {
    const person = await chromiumPerson(chromium, server.url, { init: scripts([sendOnly, mime]) });
    await joinByLink(person, meeting.link, mime);
    publishers.push(person);
  }
  for (const person of publishers) await person.press("Start camera");
  const init = scripts(countNegotiations, tapSocket, tapFrames);
  viewers.push(await chromiumPerson(viewerBrowser, server.url, { init }));
  viewers.push(await firefoxPerson(firefox, server.url, { init }));
  for (const viewer of viewers) {
    await joinByLink(viewer, meeting.link, viewer.browser);
    await until("media", () => viewer.evaluate(() => probe.peers[0].connectionState === "connected"));
    await until("three pictures", async () => (await viewer.evaluate(movingVideos)) >= 3);
    await viewer.evaluate(watchLastSlot);
  }
});

test(`${switches} switches without a freeze`, async () => {
  const ids = await participantIds();
  const pauses = new Map(viewers.map((v) => [v, []]));
  const calms = new Map(viewers.map((v) => [v, []]));
  const codecs = new Map(viewers.map((v) => [v, new Set()]));
  const told = new Map(viewers.map((v) => [v, 0]));
  const faults = [];
  const end = Date.now() + minutes * 60_000;
  let turns = 0;
  for (let turn = 0; turn < switches || Date.now() < end; turn++) {
    turns++;
    const at = minutes ? Math.floor(turn / 2) : turn;
    const which = { participant: ids[at % ids.length], height: minutes ? [120, 720][turn % 2] : 240 };
    for (const viewer of viewers) await viewer.evaluate(point, which);
    await new Promise((next) => setTimeout(next, 1600));
    for (const viewer of viewers) {
      const { pause, calm, codec } = await viewer.evaluate(look);
      pauses.get(viewer).push(pause);
      calms.get(viewer).push(calm);
      codecs.get(viewer).add(codec);
      // For ten minutes a machine is hardly ever left alone: while it is busy, a pause tells nothing.
      if (minutes && calm > freeze / 2) continue;
      told.set(viewer, told.get(viewer) + 1);
      if (pause - calm < freeze) continue;
      faults.push(`${viewer.browser}: switch ${turn} to ${mimes[at % 3]} at ${which.height}: a pause of ${Math.round(pause)} ms, while another had ${Math.round(calm)} ms`);
    }
  }
  for (const [viewer, list] of pauses) {
    console.log(
      `${turns} switches in ${viewer.browser}: pause p50 ${Math.round(quantile(list, 0.5))} ms, ` +
        `p95 ${Math.round(quantile(list, 0.95))} ms, longest ${Math.round(Math.max(...list))} ms; in a tile left alone ` +
        `p50 ${Math.round(quantile(calms.get(viewer), 0.5))} ms, longest ${Math.round(Math.max(...calms.get(viewer)))} ms; ` +
        `${told.get(viewer)} told something; decoded ${[...codecs.get(viewer)].join(", ")}`,
    );
    assert.deepEqual([...codecs.get(viewer)].sort(), [...mimes].sort(), `${viewer.browser} has not seen every codec`);
    assert.ok(told.get(viewer) > 0, "the machine was too busy all the time");
  }
  assert.deepEqual(faults, []);
});

test("every frame was opened, and every picture made", async () => {
  for (const viewer of viewers) {
    const { opened, dropped, came, made } = await viewer.evaluate(tally);
    console.log(`${viewer.browser}: ${opened} frames opened, ${JSON.stringify(dropped)} not; of ${came} pictures ${made} made`);
    for (const why of ["forged", "malformed", "stranger", "failed"]) assert.equal(dropped[why] ?? 0, 0, why);
    assert.ok(opened > switches && made > 0);
  }
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
  for (const viewer of viewers) await negotiatedOnce(viewer);
  await endForEveryone(ada);
});
