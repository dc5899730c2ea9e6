// A third person comes into a share, and is expelled from it: the keys change
// twice, and nobody's picture stands still for it. What the machine itself does to
// the picture is measured in an equally long time in which nobody comes or goes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { movingVideos, shareDrawing } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, expel, host, joinByLink } from "../lib/steps.mjs";

const allowed = 1000; // ms more than without
const mostRounds = 4;
let server, hostBrowser, guestBrowser, thirdBrowser, firefox, ada, guests, meeting;

before(async () => {
  server = await startServer();
  hostBrowser = await startChromium({ fps: 20 });
  guestBrowser = await startChromium({ fps: 20 });
  thirdBrowser = await startChromium({ fps: 20 });
  firefox = await startFirefox();
  ada = await chromiumPerson(hostBrowser, server.url, { init: scripts(tapSocket, shareDrawing) });
  meeting = await host(ada, server, "Moving picture");
  const grace = await chromiumPerson(guestBrowser, server.url, { init: scripts(tapSocket) });
  const nils = await firefoxPerson(firefox, server.url, { init: scripts(tapSocket) });
  guests = [grace, nils];
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(nils, meeting.link, "Nils");
  await ada.press("Share");
  await ada.choose("Window");
  for (const guest of guests) await until("the share", async () => (await guest.evaluate(movingVideos)) === 1);
});

after(async () => {
  for (const browser of [firefox, thirdBrowser, guestBrowser, hostBrowser]) await browser?.close();
  await server?.stop();
});

/** Notes from now on when each frame of the share is presented. */
function watchShare() {
  const [share] = [...document.querySelectorAll("video")].sort((a, b) => b.videoWidth - a.videoWidth);
  globalThis.presented = [];
  const note = () => {
    presented.push(Date.now());
    share.requestVideoFrameCallback(note);
  };
  share.requestVideoFrameCallback(note);
}

/** The longest time in a period without a frame, and how many there were. */
function gaps({ from, to }) {
  const times = presented.filter((t) => t >= from && t <= to);
  const all = [from, ...times, to];
  return { frames: times.length, longest: Math.max(...all.slice(1).map((t, i) => t - all[i])) };
}

const wait = (ms) => new Promise((next) => setTimeout(next, ms));
const epoch = () => ada.evaluate(() => inside.last("committed").epoch);

/** The third person comes and is expelled; what the guests saw meanwhile, and in as long without. */
async function comeAndGo() {
  const first = await epoch();
  // The third person's page is loaded, and its browser warm, before the time starts.
  const carol = await chromiumPerson(thirdBrowser, server.url);
  await carol.goto(meeting.link);
  await carol.fill("Your name", "Carol");
  await carol.page.waitForLoadState("networkidle");

  const from = Date.now();
  await carol.press("Join");
  await until("the share at Carol", async () => (await carol.evaluate(movingVideos)) === 1);
  await expel(ada, "Carol");
  await carol.sees("You were taken out of the meeting");
  await until("both commits everywhere", async () => {
    for (const guest of guests) if ((await guest.evaluate(() => inside.last("committed").epoch)) < first + 2) return false;
    return true;
  });
  await wait(3000);
  const to = Date.now();
  await wait(to - from); // undisturbed, as long
  assert.equal(await epoch(), first + 2, "one commit for the join, one for the expulsion");
  await carol.close();

  const seen = [];
  for (const guest of guests) {
    const changed = await guest.evaluate(gaps, { from, to });
    const calm = await guest.evaluate(gaps, { from: to, to: to + (to - from) });
    console.log(
      `longest gap at ${guest.browser} in ${((to - from) / 1000).toFixed(1)} s with a join and an expulsion: ${changed.longest} ms ` +
        `(${changed.frames} frames), and in as long without: ${calm.longest} ms (${calm.frames} frames)`,
    );
    assert.ok(changed.frames > 20, `${guest.browser}: hardly any frames`);
    seen.push({ browser: guest.browser, frozen: changed.longest >= calm.longest + allowed, calm: calm.longest < allowed / 2 });
  }
  return seen;
}

test("nobody's picture freezes when a third person comes and is expelled", async () => {
  for (const guest of guests) await guest.evaluate(watchShare);
  for (let round = 1; ; round++) {
    const seen = await comeAndGo();
    const frozen = seen.filter((s) => s.frozen).map((s) => s.browser);
    if (frozen.length === 0) break;
    // Where pictures stand still with nobody coming or going, a pause tells nothing, and is looked at again.
    const telling = seen.every((s) => s.calm) || round === mostRounds;
    assert.ok(!telling, `the picture froze: ${frozen}`);
  }
  await endForEveryone(ada);
});
