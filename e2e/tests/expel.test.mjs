// Who is expelled reads nothing that is sent afterwards. A server that writes down
// what it receives gives the frames; every key that the expelled browser ever had,
// and those of one that stays, are tried on them, by code that shares nothing with
// the product's. What came before the expulsion opens with both: that is the
// control.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { scripts, tapKeys, tapSocket } from "../lib/inside.mjs";
import { movingVideos } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { openFrame, readFrame } from "../lib/sframe.mjs";
import { expel, host, inRoom, joinByLink, panel } from "../lib/steps.mjs";
import { readDump, vp8Frames } from "../lib/wiretap.mjs";

const init = scripts(tapSocket, tapKeys);
let dump, server, browser, ada, grace, mallory, meeting, shown;

before(async () => {
  dump = await mkdtemp(path.join(tmpdir(), "conclave-dump-"));
  server = await startServer({ binary: "bin/conclave-dump", env: { CONCLAVE_DUMP: dump } });
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url, { init });
  meeting = await host(ada, server, "Three, then two");
  grace = await chromiumPerson(browser, server.url, { init });
  mallory = await chromiumPerson(browser, server.url, { init });
  shown = publicKeys(mallory);
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(mallory, meeting.link, "Mallory");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dump, { recursive: true, force: true });
});

/** The signature keys that a page shows when it joins. */
function publicKeys(person) {
  const keys = [];
  person.page.on("request", (request) => {
    if (request.url().endsWith("/v1/meetings/join")) keys.push(request.postDataJSON().signatureKey);
  });
  return keys;
}

/** The base keys that a page's frame worker was given, with their epochs. */
const keysOf = async (person) =>
  (await person.evaluate(() => inside.keys)).map(({ epoch, baseKey }) => ({ epoch, base: Buffer.from(baseKey) }));

/** The host's camera frames that reached the server, of each encoding in order. */
async function cameraFrames() {
  const { self } = await ada.evaluate(() => inside.last("welcome"));
  const files = [...(await readDump(dump))].filter(([name]) => new RegExp(`${self}\\.1\\.\\d$`).test(name));
  return files.map(([, packets]) => vp8Frames(packets));
}

const commitOf = (person, who) =>
  person.evaluate((id) => inside.events.find((e) => e.type === "committed" && e.data.removed?.includes(id)), who);

test("from the commit on, no key of the expelled opens a frame", async () => {
  await ada.press("Start camera");
  for (const person of [grace, mallory]) {
    await until("the picture", async () => (await person.evaluate(movingVideos)) >= 1);
  }
  const before = (await cameraFrames()).flat().length;
  await until("frames before", async () => (await cameraFrames()).flat().length > before + 20);

  const { self } = await mallory.evaluate(() => inside.last("welcome"));
  await expel(ada, "Mallory");
  await mallory.sees("You were taken out of the meeting");
  await mallory.sees("you cannot come back to this session with this browser");
  const commit = await until("the commit", () => commitOf(ada, self));
  const { epoch } = commit.data;
  const isNew = (frame) => readFrame("VP8", frame.data).epoch === epoch % 256;
  await until("frames after", async () => (await cameraFrames()).flat().filter(isNew).length > 40);

  const [hers, graces] = [await keysOf(mallory), await keysOf(grace)];
  const bases = (keys) => keys.map(({ base }) => base);
  assert.ok(hers.length > 0 && hers.every((key) => key.epoch < epoch), "she was given a key of the new epoch");
  let [old, fresh, opened] = [0, 0, 0];
  let lag = 0;
  for (const frames of await cameraFrames()) {
    const cut = frames.findIndex(isNew);
    for (const frame of cut < 0 ? frames : frames.slice(0, cut)) {
      old++;
      lag = Math.max(lag, frame.time - commit.at);
      const open = openFrame("VP8", frame.data, bases(hers));
      if (open) opened++;
      assert.equal(Boolean(openFrame("VP8", frame.data, bases(graces))), Boolean(open), "before, both have the same keys");
    }
    for (const frame of cut < 0 ? [] : frames.slice(cut)) {
      fresh++;
      assert.ok(isNew(frame), "the sender went back to the old epoch");
      assert.ok(openFrame("VP8", frame.data, bases(graces)), "who stays cannot open it");
      assert.equal(openFrame("VP8", frame.data, bases(hers)), null, "the expelled opens it");
    }
  }
  console.log(
    `expelled with ${hers.length} base keys: ${opened} of ${old} frames before the commit open with them, ` +
      `0 of ${fresh} after it; the last old one came ${Math.round(lag)} ms after the host had its commit back`,
  );
  assert.ok(opened > 20 && fresh > 40, "too little to prove anything");
});

test("the expelled does not come back by the link with the same browser", async () => {
  const had = await keysOf(mallory);
  const again = async (name) => {
    await mallory.goto(meeting.link);
    await mallory.fill("Your name", name);
    await mallory.press("Join");
    await mallory.sees("You were taken out of the meeting");
    assert.equal(await mallory.has("Participants"), false);
  };
  await again("Mallory, honestly");
  // A host who has loaded the page anew did not see her go, and would add her.
  await ada.reload();
  await inRoom(ada);
  await again("Somebody else");
  assert.deepEqual(new Set(shown), new Set([shown[0]]), "another key was shown");
  assert.equal(shown.length, 3);
  // Another guest who comes later is let in, and nobody refuses anything: it is her whom nobody adds.
  const nora = await chromiumPerson(browser, server.url, { init });
  await joinByLink(nora, meeting.link, "Nora");
  for (const person of [ada, grace]) {
    const readers = await until("Nora among the readers", async () => {
      const text = await panel(person, "Security");
      return text.includes("Nora") && text;
    });
    assert.doesNotMatch(readers, /Mallory|Somebody else|Nothing is sent/);
  }
  assert.deepEqual(await keysOf(mallory), had, "she was given another key");
});

test("nor in another tab that has forgotten the key, by either door", async () => {
  await mallory.goto("/");
  const page = await mallory.page.context().newPage();
  const keys = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/v1/meetings/join")) keys.push(request.postDataJSON().signatureKey);
  });
  for (const byNumber of [false, true]) {
    await page.goto(new URL("/", server.url).href);
    await page.evaluate(async () => {
      const gone = (request) => new Promise((done) => Object.assign(request, { onsuccess: done, onblocked: done }));
      for (const { name } of await indexedDB.databases()) await gone(indexedDB.deleteDatabase(name));
    });
    await page.goto(byNumber ? new URL("/join", server.url).href : meeting.link);
    if (byNumber) {
      await page.getByLabel("Meeting number", { exact: true }).fill(meeting.number);
      await page.getByLabel("Meeting password", { exact: true }).fill(meeting.password);
    }
    await page.getByLabel("Your name", { exact: true }).fill("Nobody in particular");
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByText("You were taken out of the meeting").waitFor();
  }
  assert.ok(keys.length === 2 && keys.every((key) => key !== shown[0]), "it was the key that gave her away");
  await page.close();
});
