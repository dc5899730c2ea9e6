// Everything that is sent, in every codec and from either browser, arrives through
// the real server and opens at the other: the frames worker opens it, the decoder
// takes it, and nothing fails to decrypt.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { received, scripts, tapFrames, tapSocket } from "../lib/inside.mjs";
import { countNegotiations, sendOnly, shareDrawing } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, inRoom, joinByLink } from "../lib/steps.mjs";

const taps = [countNegotiations, tapSocket, tapFrames, shareDrawing];
const slow = 90;
let server, chromium, guestBrowser, firefox, ada, nils, meeting;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  guestBrowser = await startChromium();
  firefox = await startFirefox({ prefs: { "media.autoplay.default": 0 } });
  ada = await chromiumPerson(chromium, server.url, { init: scripts(...taps) });
  meeting = await host(ada, server, "Every codec");
  nils = await firefoxPerson(firefox, server.url, { init: scripts(...taps) });
  await joinByLink(nils, meeting.link, "Nils");
});

after(async () => {
  for (const browser of [firefox, guestBrowser, chromium]) await browser?.close();
  await server?.stop();
});

const self = (person) => person.evaluate(() => inside.last("welcome").self);

/** Waits until a page decodes somebody's picture, and returns its line. */
async function sees(viewer, sender, source, mime) {
  const of = `${await self(sender)}/${source}`;
  let last;
  const line = await until(`${mime} of ${sender.browser} in ${viewer.browser}`, async () => {
    last = (await viewer.evaluate(received)).find((l) => l.of === of);
    return last?.decoded > 10 && last.codec === mime && last.opened > 10 && last;
  }, slow).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
  console.log(`${mime} ${source}, ${sender.browser} to ${viewer.browser}: ${line.opened} frames opened, ${line.decoded} decoded, ${line.height} lines high`);
}

/** Waits until a page hears more lines than it did. */
async function hears(viewer, sender, what, before) {
  const heard = await until(`${what} of ${sender.browser} in ${viewer.browser}`, async () => {
    const lines = (await viewer.evaluate(received)).filter((l) => l.kind === "audio");
    const now = sum(lines);
    return now.opened > before.opened + 20 && now.decoded > before.decoded && now;
  }, slow);
  console.log(`Opus ${what}, ${sender.browser} to ${viewer.browser}: ${heard.opened - before.opened} frames opened`);
}

const sum = (lines) =>
  lines.reduce(({ opened, decoded }, l) => ({ opened: opened + l.opened, decoded: decoded + l.decoded }), { opened: 0, decoded: 0 });

const sounds = async (viewer) => sum((await viewer.evaluate(received)).filter((l) => l.kind === "audio"));

/** What must never happen to a frame of somebody in the group. */
const failures = ["forged", "malformed", "failed", "stranger"];

async function nothingFailed(...viewers) {
  for (const viewer of viewers) {
    for (const { of, kind, dropped } of await viewer.evaluate(received)) {
      const failed = failures.filter((why) => dropped[why] > 0).map((why) => `${dropped[why]} ${why}`);
      assert.deepEqual(failed, [], `${viewer.browser}, ${of ?? kind}`);
    }
  }
}

/** The encodings that a page sends of its camera, by name, with the frames of each. */
const encodings = () =>
  Promise.all(probe.peers.at(-1).getSenders().map((s) => s.getStats())).then((all) =>
    all.flatMap((stats) => [...stats.values()])
      .filter((r) => r.type === "outbound-rtp" && r.rid && r.framesSent > 0)
      .map((r) => `${r.rid}: ${r.framesSent}`),
  );

test("three encodings of VP8, from Chromium and from Firefox", async () => {
  for (const person of [ada, nils]) await person.press("Start camera");
  await sees(nils, ada, "camera", "video/VP8");
  await sees(ada, nils, "camera", "video/VP8");
  for (const person of [ada, nils]) {
    const sent = await until(`more than one encoding from ${person.browser}`, async () => {
      const list = await person.evaluate(encodings);
      return list.length > 1 && list;
    }, slow);
    console.log(`${person.browser} sends ${sent.join(", ")} frames`);
  }
  await nothingFailed(ada, nils);
  for (const person of [ada, nils]) await person.press("Stop camera");
});

for (const mime of ["video/VP8", "video/VP9", "video/AV1"]) {
  test(`one encoding of ${mime}, both ways`, async () => {
    const init = scripts(...taps, [sendOnly, mime]);
    const grace = await chromiumPerson(guestBrowser, server.url, { init });
    const nora = await firefoxPerson(firefox, server.url, { init });
    await joinByLink(grace, meeting.link, "Grace");
    await grace.press("Start camera");
    await joinByLink(nora, meeting.link, "Nora");
    await nora.press("Start camera");
    await sees(nora, grace, "camera", mime);
    await sees(grace, nora, "camera", mime);
    await sees(ada, grace, "camera", mime);
    await nothingFailed(ada, grace, nora);
    for (const person of [nora, grace]) {
      await person.press("Leave");
      await person.sees("You left the meeting");
      await person.close();
    }
  });
}

test("voices, both ways", async () => {
  await nils.page.bringToFront();
  for (const [speaker, hearer] of [[ada, nils], [nils, ada]]) {
    const before = await sounds(hearer);
    await speaker.press("Unmute");
    await hears(hearer, speaker, "voice", before);
    await speaker.press("Mute");
  }
  await nothingFailed(ada, nils);
});

test("a share with its sound, both ways", async () => {
  for (const [sharer, viewer] of [[ada, nils], [nils, ada]]) {
    const before = await sounds(viewer);
    await sharer.press("Share");
    await sharer.choose("Window");
    await sees(viewer, sharer, "screen", "video/AV1");
    await hears(viewer, sharer, "sound of a share", before);
    await sharer.press("Stop sharing");
    await until("no share", async () => !(await sharer.has("Stop sharing")));
  }
  await nothingFailed(ada, nils);
  await inRoom(nils);
  await endForEveryone(ada);
});
