// What is shared stays as sharp as it is: on a thin line a share loses pictures, and
// never its size, unless it moves and is smooth instead. Who shares says which, or
// leaves it to the browser, which finds out by itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { openCode } from "../lib/code.mjs";
import { openLink } from "../lib/link.mjs";
import { scripts } from "../lib/inside.mjs";
import { countNegotiations, negotiatedOnce } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, joinByLink } from "../lib/steps.mjs";

const thin = 500_000; // bits a second
let server, sharer, guests, link, code, ada, grace, invitation;

before(async () => {
  server = await startServer();
  sharer = await startChromium({ fps: 20, tab: "CODE" });
  guests = await startChromium({ fps: 20 });
  link = await openLink();
  code = await openCode(sharer);
  ada = await chromiumPerson(sharer, server.url, { init: countNegotiations });
  await link.addTo(ada.page);
  ({ link: invitation } = await host(ada, server, "Sharp"));
  grace = await chromiumPerson(guests, server.url, { init: countNegotiations });
  await joinByLink(grace, invitation, "Grace");
});

after(async () => {
  await link?.close();
  for (const browser of [guests, sharer]) await browser?.close();
  await server?.stop();
});

/** In a page: the share as it goes out, or comes in. */
async function shareNow(type) {
  const stats = await probe.peers.at(-1).getStats();
  const lines = [...stats.values()].filter((r) => r.type === type && r.kind === "video" && r.frameWidth > 0);
  const [line] = lines.sort((a, b) => b.frameWidth - a.frameWidth);
  if (!line) return null;
  const { frameWidth, frameHeight, targetBitrate } = line;
  const frames = line.framesEncoded ?? line.framesDecoded;
  return { codec: stats.get(line.codecId)?.mimeType, frameWidth, frameHeight, frames, targetBitrate };
}

const sent = () => ada.evaluate(shareNow, "outbound-rtp");
const seen = () => grace.evaluate(shareNow, "inbound-rtp");
const full = ({ frameWidth, frameHeight }) => frameWidth === 1920 && frameHeight === 1080;

/** Waits until more frames have gone out and come in. */
async function more(frames) {
  const [from, to] = [await sent(), await seen()];
  return until(`${frames} more frames`, async () => {
    const [out, come] = [await sent(), await seen()];
    return out.frames >= from.frames + frames && come.frames >= to.frames + frames && [out, come];
  });
}

/** Opens or closes the menu of the share. */
async function menu(open) {
  const button = ada.page.getByRole("button", { name: "Text or motion", exact: true });
  const is = async () => (await button.getAttribute("aria-expanded")) === String(open);
  if (!(await is())) await button.click();
  await until(`the menu, open: ${open}`, is);
}

async function sendAs(choice) {
  const item = ada.page.getByRole("menuitemradio", { name: choice, exact: true });
  await menu(true);
  await item.click();
  await menu(true);
  assert.equal(await item.getAttribute("aria-checked"), "true");
  await menu(false);
}

/** What the menu says that the share is sent as. */
async function sentAs(what) {
  await menu(true);
  await ada.sees(`Sent as ${what} now`);
  await menu(false);
}

test("a tab goes out as AV1, in full size", async () => {
  await ada.press("Share");
  await ada.choose("Browser tab");
  const come = await until("the share", seen);
  const out = await until("AV1 in full size", async () => {
    const now = await sent();
    return now && full(now) && now;
  });
  console.log(`sent: ${out.codec}, ${out.frameWidth}×${out.frameHeight}`);
  assert.equal(out.codec, "video/AV1");
  assert.equal(come.codec, "video/AV1");
});

test("text keeps its size when the line gets thin", async () => {
  await sendAs("Text");
  await code.film(true); // it moves as much as anything can
  link.set({ rate: thin });
  await until("the browser to notice", async () => (await sent()).targetBitrate < thin * 1.2);
  for (const line of await more(20)) assert.ok(full(line), `${line.frameWidth}×${line.frameHeight}`);
});

test("motion gives up its size there", async () => {
  await sendAs("Motion");
  const smaller = await until("a smaller picture", async () => {
    const now = await seen();
    return now.frameWidth < 1920 && now;
  });
  console.log(`motion at ${thin / 1000} kbit/s: ${smaller.frameWidth}×${smaller.frameHeight}`);
});

test("text has its size again", async () => {
  await sendAs("Text");
  await until("the full size", async () => full(await seen()));
});

test("without a word, a film is found to be one, and what stands still to be text", async () => {
  link.set({ rate: 0 });
  await sentAs("text");
  await sendAs("Automatic");
  await sentAs("motion");
  await code.film(false);
  await sentAs("text");
  await until("the full size", async () => full(await seen()));
});

/** Put into a page: its browser knows no AV1. */
function withoutAV1() {
  const { getCapabilities } = RTCRtpReceiver;
  RTCRtpReceiver.getCapabilities = (kind) => {
    const all = getCapabilities.call(RTCRtpReceiver, kind);
    return { ...all, codecs: all.codecs.filter((codec) => codec.mimeType !== "video/AV1") };
  };
}

test("who does not decode AV1 sees the share all the same, and it is AV1 again without them", async () => {
  await code.film(true);
  const olga = await chromiumPerson(guests, server.url, { init: scripts(countNegotiations, withoutAV1) });
  await joinByLink(olga, invitation, "Olga");
  const decoding = (person, mime) =>
    until(`${mime} in full size`, async () => {
      const now = await person.evaluate(shareNow, "inbound-rtp");
      return now?.codec === mime && full(now) && now.frames > 10;
    });
  await decoding(olga, "video/VP9");
  await decoding(grace, "video/VP9");
  await olga.press("Leave");
  await decoding(grace, "video/AV1");
  await code.film(false);
});

test("nothing was negotiated for it", async () => {
  for (const person of [ada, grace]) await negotiatedOnce(person);
  await endForEveryone(ada);
});
