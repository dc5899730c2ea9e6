// Who is expelled reads nothing that is sent afterwards. A server that writes down
// what it receives gives the frames; every key that the expelled browser ever had,
// and those of one that stays, are tried on them, by code that shares nothing with
// the product's. What came before the expulsion opens with both: that is the
// control. And for half a minute from then on nothing at all goes to or from the
// expelled, whose browser holds on to its connection, and tries every door meanwhile.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { received, scripts, tapFrames, tapKeys, tapSocket } from "../lib/inside.mjs";
import { countNegotiations, movingVideos } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { openFrame, readFrame } from "../lib/sframe.mjs";
import { expel, host, inRoom, joinByLink, panel } from "../lib/steps.mjs";
import { readDump, vp8Frames } from "../lib/wiretap.mjs";

const init = scripts(countNegotiations, tapSocket, tapKeys, tapFrames);
/** How long nothing may come or go, in milliseconds. */
const watched = 30_000;
let dump, server, browser, ada, grace, mallory, meeting, shown, granted;
/** The traffic of the expelled when it had come to rest, and since when that is, in Unix milliseconds. */
let rest;

before(async () => {
  dump = await mkdtemp(path.join(tmpdir(), "conclave-dump-"));
  server = await startServer({ binary: "bin/conclave-dump", env: { CONCLAVE_DUMP: dump } });
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url, { init });
  meeting = await host(ada, server, "Three, then two");
  grace = await chromiumPerson(browser, server.url, { init });
  mallory = await chromiumPerson(browser, server.url, { init: scripts(holdOn, countNegotiations, tapSocket, tapKeys, tapFrames) });
  shown = publicKeys(mallory);
  granted = [];
  mallory.page.on("response", async (response) => {
    if (response.url().endsWith("/v1/meetings/join") && response.ok()) granted.push(await response.json());
  });
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(mallory, meeting.link, "Mallory");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dump, { recursive: true, force: true });
});

/** The signature keys that a page shows when it joins. */
function publicKeys({ page }) {
  const keys = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/v1/meetings/join")) keys.push(request.postDataJSON().signatureKey);
  });
  return keys;
}

/** Put into a page: it neither ends its connections nor stops what it sends. */
function holdOn() {
  RTCPeerConnection.prototype.close = () => {};
  MediaStreamTrack.prototype.stop = () => {};
  const { replaceTrack } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.replaceTrack = async function (track) {
    if (track) await replaceTrack.call(this, track);
  };
}

/** In a page: how many packets its connection has sent and got, whatever is in them, and how many frames it decoded. */
async function connection() {
  const total = { sent: 0, got: 0, frames: 0 };
  for (const report of (await probe.peers[0].getStats()).values()) {
    if (report.type === "inbound-rtp") total.frames += report.framesDecoded ?? 0;
    if (report.type !== "transport") continue;
    total.sent += report.packetsSent;
    total.got += report.packetsReceived;
  }
  return total;
}

/** What has gone to and from the expelled: at her browser, and at the server from her. */
async function traffic() {
  const { self } = await mallory.evaluate(() => inside.last("welcome"));
  const ofHers = [...(await readDump(dump))].filter(([name]) => name.startsWith(`${self}.`));
  const server = ofHers.reduce((sum, [, packets]) => sum + packets.length, 0);
  return { ...(await mallory.evaluate(connection)), server };
}

/** How many frames of cameras another has opened so far: hers, and all. */
async function openedFrames() {
  const { self } = await mallory.evaluate(() => inside.last("welcome"));
  const lines = (await grace.evaluate(received)).filter(({ kind }) => kind === "video");
  const sum = (some) => some.reduce((all, line) => all + line.opened, 0);
  return { hers: sum(lines.filter(({ of }) => of === `${self}/camera`)), all: sum(lines) };
}

/** Waits until what was on its way when she was taken out has come, and nothing more does. */
async function come() {
  let before = await traffic();
  return until("rest", async () => {
    const at = Date.now();
    await new Promise((next) => setTimeout(next, 1_000));
    const now = await traffic();
    const same = JSON.stringify(now) === JSON.stringify(before);
    before = now;
    return same && { ...now, at, others: (await openedFrames()).all };
  });
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
  await mallory.press("Start camera");
  for (const person of [grace, mallory]) {
    await until("the pictures", async () => (await person.evaluate(movingVideos)) >= 2);
  }
  // The control: while she is in, all of what is watched afterwards does grow.
  const [flow, frames] = [await traffic(), await openedFrames()];
  await until("packets to and from everybody", async () => {
    const now = await traffic();
    return Object.keys(now).every((what) => now[what] > flow[what] + 20) && (await openedFrames()).hers > frames.hers + 20;
  });
  const before = (await cameraFrames()).flat().length;
  await until("frames before", async () => (await cameraFrames()).flat().length > before + 20);

  const { self } = await mallory.evaluate(() => inside.last("welcome"));
  await expel(ada, "Mallory");
  await mallory.sees("You were taken out of the meeting");
  await mallory.sees("you cannot come back to this session with this browser");
  const expelled = Date.now();
  rest = await come();
  console.log(`${rest.at - expelled} ms after the expelled was told, nothing goes to or from her any more`);
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

/** Another tab of the expelled's browser, with all that her browser has kept. */
async function openTab() {
  const page = await mallory.page.context().newPage();
  const tab = { page, evaluate: (fn, arg) => page.evaluate(fn, arg) };
  return { ...tab, shown: publicKeys(tab) };
}

/** Knocks by the link, or else by number and password. */
async function tryDoor({ page }, name, byNumber = false) {
  await page.goto(byNumber ? new URL("/join", server.url).href : meeting.link);
  if (byNumber) {
    await page.getByLabel("Meeting number", { exact: true }).fill(meeting.number);
    await page.getByLabel("Meeting password", { exact: true }).fill(meeting.password);
  }
  await page.getByLabel("Your name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByText("You were taken out of the meeting").waitFor();
}

test("the expelled does not come back by the link with the same browser", async () => {
  const tab = await openTab();
  const again = async (name) => {
    await tryDoor(tab, name);
    assert.equal(await tab.page.getByRole("button", { name: "Participants", exact: true }).count(), 0);
    assert.deepEqual(await keysOf(tab), [], "she was given a key");
  };
  await again("Mallory, honestly");
  // A host who has loaded the page anew did not see her go, and would add her.
  await ada.reload();
  await inRoom(ada);
  if (await ada.has("Start camera")) await ada.press("Start camera");
  await again("Somebody else");
  assert.deepEqual(tab.shown, [shown[0], shown[0]], "another key was shown");
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
  await tab.page.close();
});

test("nor as who she was, with the cookie and the ticket of her stay", async () => {
  const tab = await openTab();
  const { self } = await mallory.evaluate(() => inside.last("welcome"));
  const asked = [];
  await tab.page.route("**/v1/meetings/join", (route) => {
    const form = { ...route.request().postDataJSON(), previousParticipantId: self };
    asked.push(route.request().headerValue("cookie"));
    return route.continue({ postData: JSON.stringify(form) });
  });
  await tryDoor(tab, "Mallory");
  assert.equal(asked.length, 1);
  assert.match((await asked[0]) ?? "", new RegExp(`stay[^;]*${self}=`), "the cookie of her stay did not come along");
  assert.deepEqual(await keysOf(tab), [], "she was given a key");
  const opened = await tab.evaluate(
    (ticket) =>
      new Promise((told) => {
        const address = `${location.origin.replace("http", "ws")}/v1/socket`;
        const socket = new WebSocket(address, ["conclave.v1", `ticket.${ticket}`]);
        socket.onopen = () => told(true);
        socket.onerror = () => told(false);
      }),
    granted[0].ticket,
  );
  assert.equal(opened, false, "the old ticket opens a socket");
  await tab.page.close();
});

test("nor in another tab that has forgotten the key, by either door", async () => {
  const tab = await openTab();
  for (const byNumber of [false, true]) {
    await tab.page.goto(new URL("/", server.url).href);
    await tab.evaluate(async () => {
      const gone = (request) => new Promise((done) => Object.assign(request, { onsuccess: done, onblocked: done }));
      for (const { name } of await indexedDB.databases()) await gone(indexedDB.deleteDatabase(name));
    });
    await tryDoor(tab, "Nobody in particular", byNumber);
    assert.deepEqual(await keysOf(tab), [], "she was given a key");
  }
  assert.ok(tab.shown.length === 2 && tab.shown.every((key) => key !== shown[0]), "it was the key that gave her away");
  await tab.page.close();
});

test("and nothing went to or from her in half a minute, while the others went on", async () => {
  const left = rest.at + watched - Date.now();
  await new Promise((next) => setTimeout(next, Math.max(0, left)));
  const { at, others, ...then } = rest;
  const [now, frames] = [await traffic(), await openedFrames()];
  console.log(`in ${((Date.now() - at) / 1000).toFixed(0)} s: ${JSON.stringify(then)}, and then ${JSON.stringify(now)}; another opened ${frames.all - others} frames`);
  assert.deepEqual(now, then);
  assert.equal(frames.hers, 0, "another receives her");
  assert.ok(frames.all > others + 20, "the others do not see each other any more");
});
