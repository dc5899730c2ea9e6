// A viewer behind a thinner line sees fewer frames, behind a thin one a smaller picture, and
// hears everything; when the line is wide again, so is the picture.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { openLink } from "../lib/link.mjs";
import { countNegotiations, negotiatedOnce } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, joinByLink } from "../lib/steps.mjs";

const thin = 450_000; // bits a second: a voice and the smallest picture
let server, sender, viewer, link, ada, grace;

before(async () => {
  server = await startServer();
  sender = await startChromium({ fps: 20 });
  viewer = await startChromium({ fps: 20 });
  link = await openLink();
  ada = await chromiumPerson(sender, server.url, { init: countNegotiations });
  const { link: invitation } = await host(ada, server, "Thin");
  grace = await chromiumPerson(viewer, server.url, { init: countNegotiations });
  await link.addTo(grace.page);
  await joinByLink(grace, invitation, "Grace");
  await ada.press("Start camera");
  await ada.press("Unmute");
});

after(async () => {
  await link?.close();
  for (const browser of [viewer, sender]) await browser?.close();
  await server?.stop();
});

/** In a page: the largest picture that comes in, and how much of it and of sound. */
async function come() {
  const stats = [...(await probe.peers.at(-1).getStats()).values()].filter((r) => r.type === "inbound-rtp");
  const [picture] = stats.filter((r) => r.kind === "video" && r.frameHeight > 0).sort((a, b) => b.frameHeight - a.frameHeight);
  const sum = (what) => stats.filter((r) => r.kind === "audio").reduce((n, r) => n + r[what], 0);
  return {
    height: picture?.frameHeight ?? 0,
    frames: picture?.framesDecoded ?? 0,
    bytes: picture?.bytesReceived ?? 0,
    frozen: picture?.totalFreezesDuration ?? 0,
    at: performance.now() / 1000,
    sounds: sum("packetsReceived"),
    silent: sum("packetsLost"),
  };
}

/** Waits until a picture fits, and has so for some frames. */
function picture(what, fits) {
  let since;
  return until(what, async () => {
    const now = await grace.evaluate(come);
    if (!fits(now.height)) since = undefined;
    else since ??= now.frames;
    return since !== undefined && now.frames >= since + 30 && now;
  });
}

let large, usual;

/** What comes in four seconds: frames and bits a second of the picture, and seconds for which it stood still. */
async function pace() {
  const from = await grace.evaluate(come);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const to = await grace.evaluate(come);
  const each = (what) => (to[what] - from[what]) / (to.at - from.at);
  return { height: to.height, frames: each("frames"), bits: 8 * each("bytes"), frozen: to.frozen - from.frozen };
}

test("on a wide line the picture is large", async () => {
  large = (await picture("a large picture", (height) => height >= 360)).height;
  usual = await pace();
});

test("on a thinner one it has fewer frames, before it gets smaller", async () => {
  link.set({ down: usual.bits * 0.8 + 60_000 });
  const fewer = await until("fewer frames", async () => {
    const now = await pace();
    return now.height === large && now.frames < 0.7 * usual.frames && now;
  });
  console.log(`${usual.frames.toFixed(1)} frames a second and ${Math.round(usual.bits / 1000)} kbit/s, then ${fewer.frames.toFixed(1)} and ${Math.round(fewer.bits / 1000)}; stood still for ${fewer.frozen.toFixed(2)} s`);
  assert.ok(fewer.frames > 0.3 * usual.frames);
  assert.ok(fewer.frozen < 0.5);
  link.set({ down: 0 });
  await until("all frames again", async () => (await pace()).frames > 0.8 * usual.frames);
});

test("on a thin one it is small, and the voice is whole", async () => {
  link.set({ down: thin });
  const before = await picture("the small picture", (height) => height <= large / 2);
  const { height, sounds, silent } = await picture("more of it", (height) => height <= large / 2);
  const later = await until("more of the voice", async () => {
    const now = await grace.evaluate(come);
    return now.sounds > before.sounds + 100 && now;
  });
  console.log(`${large} lines at first, ${height} at ${thin / 1000} kbit/s; ${later.silent - before.silent} of ${later.sounds - before.sounds} sounds lost`);
  assert.ok(sounds >= before.sounds && silent >= before.silent);
  assert.ok(later.silent - before.silent <= (later.sounds - before.sounds) / 10);
});

test("on a wide line again, it is as large as before", async () => {
  link.set({ down: 0 });
  await picture("the large picture", (height) => height >= large);
});

test("all of it with one negotiation", async () => {
  for (const person of [ada, grace]) await negotiatedOnce(person);
  await endForEveryone(ada);
});
