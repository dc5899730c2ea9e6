// Two people with browsers stay in a meeting while others come and go at random.
// Nobody is disturbed: the media lines are negotiated once, and the server gives
// everything back.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { countNegotiations, movingVideos, negotiatedOnce } from "../lib/probe.mjs";
import { metric, root, startServer, until } from "../lib/server.mjs";
import { endForEveryone, enter, joinByLink, schedule, setUp } from "../lib/steps.mjs";

let server, chromium, firefox, ada, nils, meeting;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  ada = await chromiumPerson(chromium, server.url, { init: countNegotiations });
  nils = await firefoxPerson(firefox, server.url, { init: countNegotiations });
  await setUp(ada, server);
  meeting = await schedule(ada, "Open house");
  await ada.press("Start");
  await enter(ada);
  await joinByLink(nils, meeting.link, "Nils");
  for (const person of [ada, nils]) await person.press("Start camera");
  for (const person of [ada, nils]) await until("two pictures", async () => (await person.evaluate(movingVideos)) === 2);
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

test("a hundred joins beside two browsers", async () => {
  const bots = async (...args) => {
    const bot = path.join(root, "bin/bot");
    const { stdout } = await promisify(execFile)(bot, ["-site", server.url, "-link", meeting.link, ...args]);
    return JSON.parse(stdout);
  };
  const quiet = () => until("the two alone", async () => (await metric(server, "conclave_peers")) === 2);
  await bots("-joins", "8"); // so that what is made once is made
  await quiet();
  const goroutines = await metric(server, "go_goroutines");
  const [churn, visits] = await Promise.all([bots("-joins", "100", "-most", "8", "-seed", "5"), comeAndGo(4)]);
  assert.deepEqual({ joins: churn.joins, exchanges: churn.mostExchanges }, { joins: 100, exchanges: 1 });
  assert.ok(churn.mostAtOnce >= 6, `only ${churn.mostAtOnce} bots were in at once`);
  await quiet();
  const after = await until("goroutines back", async () => {
    const now = await metric(server, "go_goroutines");
    return now <= goroutines + 4 && now;
  });
  // The histories of the two cameras have filled by now; what grows from here on
  // would be left behind by those who come and go.
  const heap = await liveHeap();
  await bots("-joins", "50", "-most", "8", "-seed", "6");
  await quiet();
  const grown = (await liveHeap()) - heap;
  console.log(
    `100 joins of bots and ${visits} of a browser, up to ${churn.mostAtOnce + 3} at once: goroutines ${goroutines} before, ` +
      `${after} after; heap ${kib(heap)} KiB, and ${kib(grown)} KiB more after 50 more joins`,
  );
  assert.ok(grown < 3 * 2 ** 20, `the heap grew by ${kib(grown)} KiB`);
  for (const person of [ada, nils]) {
    await negotiatedOnce(person);
    await until(`${person.browser} still sees both`, async () => (await person.evaluate(movingVideos)) === 2);
    assert.deepEqual(person.problems, [], person.browser);
  }
  await endForEveryone(ada);
});

/** A third person with a browser joins and leaves, and negotiates once each time. */
async function comeAndGo(times) {
  for (let visit = 0; visit < times; visit++) {
    const carol = await chromiumPerson(chromium, server.url, { init: countNegotiations });
    await joinByLink(carol, meeting.link, "Carol");
    await until("media", () => carol.evaluate(() => probe.peers[0].connectionState === "connected"));
    await negotiatedOnce(carol);
    await carol.press("Leave");
    await carol.sees("You left the meeting");
    await carol.close();
  }
  return times;
}

const kib = (bytes) => Math.round(bytes / 1024);

/** The server's heap after a collection, in bytes. */
async function liveHeap() {
  for (let i = 0; i < 2; i++) {
    await fetch(`${server.admin}/debug/pprof/heap?gc=1`).then((answer) => answer.arrayBuffer());
  }
  return metric(server, "go_memstats_heap_alloc_bytes");
}
