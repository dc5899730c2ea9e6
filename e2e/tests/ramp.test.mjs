// A browser may send more than its first guess: what the server tells it about its
// packets makes its estimate of the way grow.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { countNegotiations, movingVideos } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, joinByLink } from "../lib/steps.mjs";

const guess = 300_000; // bit/s: what Chromium begins with
let server, chromium, ada, bob;

before(async () => {
  server = await startServer();
  chromium = await startChromium({ fps: 20 });
});

after(async () => {
  await chromium?.close();
  await server?.stop();
});

/** What a page believes it may send, in bit/s, and what it knows of its packets from others. */
async function outlook() {
  const stats = await probe.peers.at(-1).getStats();
  const found = { maySend: 0, lost: 0, roundTrips: 0 };
  for (const report of stats.values()) {
    if (report.type === "candidate-pair" && report.nominated) found.maySend = report.availableOutgoingBitrate ?? 0;
    if (report.type !== "remote-inbound-rtp") continue;
    found.roundTrips += report.roundTripTimeMeasurements ?? 0;
    found.lost = Math.max(found.lost, report.fractionLost ?? 0);
  }
  return found;
}

test("the estimate grows", async () => {
  ada = await chromiumPerson(chromium, server.url, { init: countNegotiations });
  const meeting = await host(ada, server, "Room to grow");
  bob = await chromiumPerson(chromium, server.url, { init: countNegotiations });
  await joinByLink(bob, meeting.link, "Bob");
  await ada.press("Start camera");
  const since = Date.now();
  let last;
  await until("an estimate of three times the first guess", async () => {
    last = await ada.evaluate(outlook);
    return last.maySend > 3 * guess && last.roundTrips > 2;
  });
  const after = ((Date.now() - since) / 1000).toFixed(1);
  console.log(`may send ${Math.round(last.maySend / 1000)} kbit/s after ${after} s`);
  assert.ok(last.lost < 0.1, `${last.lost} lost`);
  await until("the picture at Bob", async () => (await bob.evaluate(movingVideos)) > 0);
  await endForEveryone(ada);
});
