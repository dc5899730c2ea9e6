// A machine changes from one network to another in mid-share: the share goes on
// within seconds, nobody else joins again, and the record knows one stay for each.
// Run as root: it makes networks of its own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { canPlug, startNetwork } from "../lib/network.mjs";
import { shareDrawing } from "../lib/probe.mjs";
import { joinedAgain, seconds, seen, staysOf, undisturbed, watchShare } from "../lib/returning.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, inRoom, joinByLink } from "../lib/steps.mjs";

const skip = !canPlug() && "only root makes networks";
const init = scripts(tapSocket, shareDrawing, watchShare);
let network, server, moving, staying, ada, grace;

before(async () => {
  if (skip) return;
  network = await startNetwork();
  server = await startServer({ host: network.address, prefix: network.prefix });
  const browser = "/usr/bin/chromium";
  moving = await startChromium({ fps: 20, program: await network.mover(browser), trust: server.url });
  staying = await startChromium({ fps: 20, program: await network.stayer(browser), trust: server.url });
});

after(async () => {
  for (const browser of [moving, staying]) await browser?.close();
  await server?.stop();
  await network?.stop();
});

/** When the pictures came again that stopped after `since`; null while that is not sure. */
const resumed = (person, since) =>
  person.evaluate((t) => {
    const times = [t, ...inside.pictures.filter((at) => at > t)];
    const gaps = times.slice(1).map((at, i) => ({ at, gap: at - times[i] }));
    const longest = gaps.reduce((a, b) => (b.gap > a.gap ? b : a), { at: 0, gap: 0 });
    return gaps.filter(({ at }) => at > longest.at).length > 30 ? longest.at : null;
  }, since);

test("who shares changes networks", { skip }, async () => {
  ada = await chromiumPerson(moving, server.url, { init });
  const meeting = await host(ada, server, "On the way");
  grace = await chromiumPerson(staying, server.url, { init });
  await joinByLink(grace, meeting.link, "Grace");
  await ada.press("Share");
  await ada.choose("Window");
  await seen(grace, Date.now());
  const since = Date.now();
  network.move();
  await until("no pictures any more", async () => Date.now() - (await grace.evaluate(() => inside.pictures.at(-1))) > 300, 20);
  const back = await until("the share again", () => resumed(grace, since), 40);
  const way = (await joinedAgain(ada, since)) ? "in by another connection" : "by another way for the same one";
  console.log(`after a change of networks the share is seen again after ${seconds(back - since)} s, ${way}`);
  await undisturbed(since, grace);
  await inRoom(ada);
  assert.equal(await ada.evaluate(() => inside.picked), 1, "the share was picked again");
});

test("the record has one stay for each", { skip }, async () => {
  await endForEveryone(ada);
  assert.deepEqual(await staysOf(ada), [["Ada Host", "meeting_ended"], ["Grace", "meeting_ended"]]);
});
