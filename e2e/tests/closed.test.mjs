// A browser that cannot encrypt sends nothing: whatever fails, the server gets no
// frame that does not open with a key of the group. In each case something does
// arrive, before, after or beside, so that nothing is not nothing at all.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { compare, packetsOf } from "../lib/evidence.mjs";
import { attachCameraLate, failToSeal, holdKeys, keepWorker, sayFault, tapFrames } from "../lib/prelude.mjs";
import { until } from "../lib/server.mjs";
import { patience, sendAll, startTapped } from "../lib/tapped.mjs";

let tapped, host;
before(async () => {
  tapped = await startTapped("open sesame");
});
after(() => tapped?.stop());
afterEach(() => host?.close());

async function comeIn({ init = [], frames = [] }) {
  host = await tapped.host({ init, frames: [tapFrames, ...frames] });
  await sendAll(host);
}

/** How many packets of a source have come. */
const arrived = async (source) => packetsOf(await host.dump(), source).flat().length;

const come = (source, count) =>
  until(`${count} packets of the ${source}`, async () => (await arrived(source)) >= count, patience);

/** Waits until the encoders have given as many frames more. */
async function encode(count) {
  const had = (await host.tapped()).frames.length;
  await until(`${count} frames more`, async () => (await host.tapped()).frames.length >= had + count, patience);
}

/** All that arrived is what the encoder gave, encrypted. */
async function sealed(source) {
  const dump = await host.dump();
  const { packets, frames, starts, windows, ...found } = compare(dump, await host.tapped(), source);
  console.log(`${source}: ${packets} packets, ${starts} frames begun, ${frames} whole:`, JSON.stringify(found));
  assert.ok(frames > 0 && windows > 0, "something came");
  assert.equal(found.matches, 0);
  assert.equal(found.plain, 0);
  assert.equal(found.opened, frames);
  assert.equal(found.known, frames);
  assert.equal(found.repeated, 0);
}

const sources = ["camera", "microphone"];

/** Nothing more comes meanwhile. */
async function ended(meanwhile) {
  const count = () => Promise.all(sources.map(arrived));
  const had = await count();
  await meanwhile();
  assert.deepEqual(await count(), had, "more came");
}

test("where nothing fails, camera and microphone arrive, encrypted", async () => {
  await comeIn({});
  await come("camera", 40);
  await come("microphone", 100);
  for (const source of sources) await sealed(source);
});

test("a transform that is attached after the negotiation is none: the camera sends nothing", async () => {
  await comeIn({ init: [attachCameraLate] });
  await host.sees("did not get ready to send video. Nothing was sent.");
  await until("the late transform", () => host.evaluate(() => globalThis.attachedLate));
  await come("microphone", 200);
  await sealed("microphone");
  assert.equal(await arrived("camera"), 0);
  assert.ok(await host.has("Start camera"));
});

test("a worker that is killed takes everything with it, and the page says so", async () => {
  await comeIn({ init: [keepWorker] });
  await come("camera", 40);
  await come("microphone", 100);
  await host.evaluate(() => globalThis.framesWorker.terminate());
  for (const source of sources) await host.sees(`Your ${source} was turned off: the browser may have sent`);
  for (const source of sources) await sealed(source);
  await ended(() => new Promise((later) => setTimeout(later, 2000)));
  assert.ok((await host.has("Start camera")) && (await host.has("Unmute")));
});

test("when encrypting fails, nothing is sent, and the page says so", async () => {
  await comeIn({ frames: [failToSeal] });
  await come("camera", 40);
  await come("microphone", 100);
  await host.evaluate(sayFault);
  await encode(20); // what was on its way has come by now
  await ended(async () => {
    for (const source of sources) await host.sees(`Your ${source} was turned off: it could not be encrypted`);
  });
  for (const source of sources) await sealed(source);
  assert.ok((await host.has("Start camera")) && (await host.has("Unmute")));
});

test("without a key nothing is sent, and with it all of it is encrypted", async () => {
  await comeIn({ frames: [holdKeys] });
  await encode(200);
  for (const source of sources) assert.equal(await arrived(source), 0);
  await host.evaluate(sayFault);
  await come("camera", 40);
  await come("microphone", 100);
  for (const source of sources) await sealed(source);
});
