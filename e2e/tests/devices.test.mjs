// Somebody changes, loses and finds their devices in the middle of a meeting, and
// speaks by holding a key. Nobody negotiates for it, and a muted microphone is
// closed: nothing comes of it anywhere.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { look } from "../lib/look.mjs";
import { countNegotiations, negotiatedOnce } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, inRoom, joinByLink, panel } from "../lib/steps.mjs";

const second = "Fake Audio Input 2";
let server, chromium, ada, grace, meeting;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  ada = await chromiumPerson(chromium, server.url, { init: scripts(countNegotiations, keepOpened, pluggable) });
  meeting = await host(ada, server, "Devices");
  grace = await chromiumPerson(chromium, server.url, { init: scripts(countNegotiations, tapSocket) });
  await joinByLink(grace, meeting.link, "Grace");
  await until("media", () => grace.evaluate(() => probe.peers[0].connectionState === "connected"));
});

after(async () => {
  await chromium?.close();
  await server?.stop();
});

/** Put into a page before its own scripts: what it has opened. */
function keepOpened() {
  globalThis.opened = [];
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (wish) {
    const stream = await getUserMedia.call(this, wish);
    opened.push(...stream.getTracks());
    return stream;
  };
}

/** Put into a page before its own scripts: a device can be unplugged, and plugged in again. */
function pluggable() {
  const gone = new Set();
  const { enumerateDevices, getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.enumerateDevices = async function () {
    return (await enumerateDevices.call(this)).filter(({ label }) => !gone.has(label));
  };
  MediaDevices.prototype.getUserMedia = async function (wish) {
    const { deviceId } = wish.audio ?? wish.video;
    const all = await enumerateDevices.call(this);
    const wanted = all.find((d) => d.deviceId === deviceId?.exact);
    if (wanted && gone.has(wanted.label)) throw new OverconstrainedError("deviceId");
    return getUserMedia.call(this, wish);
  };
  const say = () => navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  globalThis.unplug = (label) => {
    gone.add(label);
    for (const track of opened) {
      if (track.label !== label || track.readyState === "ended") continue;
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    say();
  };
  globalThis.plugIn = (label) => {
    gone.delete(label);
    say();
  };
}

/** What the microphone's line sends of, and how many microphones are open. */
function microphone() {
  const { sender } = probe.peers[0].getTransceivers()[0];
  const open = opened.filter((track) => track.kind === "audio" && track.readyState === "live");
  return { sends: sender.track?.label ?? null, open: open.map((track) => track.label) };
}

const isSent = (label) =>
  until(`the sound of ${label}`, async () => {
    const { sends, open } = await ada.evaluate(microphone);
    return sends === label && open.length === (label ? 1 : 0) && (!label || open[0] === label);
  }, 30);

/** How many packets of sound have come. */
async function soundArrived() {
  let packets = 0;
  for (const report of (await probe.peers[0].getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "audio") packets += report.packetsReceived ?? 0;
  }
  return packets;
}

const later = (ms) => new Promise((next) => setTimeout(next, ms));
const heard = () => grace.evaluate(soundArrived);

async function hears() {
  const before = await heard();
  await until("sound at Grace", async () => (await heard()) > before + 10, 30);
}

async function hearsNothing() {
  await later(500); // for what is on its way
  const before = await heard();
  await later(2000);
  assert.equal((await heard()) - before, 0, "sound came");
}

/** How often somebody's microphone went on or off, as the others were told. */
const toggles = () =>
  grace.evaluate(() => inside.events.filter((e) => e.type === "source_changed" && e.data.source === "microphone").length);

test("somebody muted is heard while they hold Space, and not a moment longer", async () => {
  await ada.evaluate(() => document.activeElement?.blur());
  await hearsNothing();
  await ada.page.keyboard.down("Space");
  await until("unmuted", () => ada.has("Mute"));
  await hears();
  await ada.page.keyboard.down("Space"); // a key that is held repeats
  await ada.page.keyboard.up("Space");
  await until("muted", () => ada.has("Unmute"));
  await isSent(null);
  await hearsNothing();
});

test("what takes the key away takes the voice with it", async () => {
  await ada.page.keyboard.down("Space");
  await until("unmuted", () => ada.has("Mute"));
  await ada.evaluate(() => dispatchEvent(new Event("blur")));
  await until("muted", () => ada.has("Unmute"));
  await isSent(null);
  await ada.page.keyboard.up("Space");
});

test("Space is Space where somebody types or has a button before them", async () => {
  await panel(ada, "Chat");
  const opened = await ada.evaluate(() => globalThis.opened.length);
  await ada.fill("Message", "a");
  await ada.page.getByLabel("Message", { exact: true }).press("Space");
  assert.equal(await ada.page.getByLabel("Message", { exact: true }).inputValue(), "a ");
  await ada.page.getByRole("button", { name: "Participants", exact: true }).focus();
  await ada.page.keyboard.press("Space");
  await panel(ada, "Participants");
  assert.equal(await ada.evaluate(() => globalThis.opened.length), opened);
  await ada.press("Participants");
});

test("it stands among the shortcuts, and goes with them", async () => {
  await ada.evaluate(() => document.activeElement?.blur());
  await ada.page.keyboard.press("?");
  await ada.sees("Hold it while muted");
  await ada.page.getByLabel("Use single keys as shortcuts").click();
  await ada.press("Close");
  await ada.evaluate(() => document.activeElement?.blur());
  const opened = await ada.evaluate(() => globalThis.opened.length);
  await ada.page.keyboard.press("Space");
  assert.equal(await ada.evaluate(() => globalThis.opened.length), opened);
  await ada.press("More");
  await ada.choose("Keyboard shortcuts");
  await ada.page.getByLabel("Use single keys as shortcuts").click();
  await ada.press("Close");
});

test("a microphone is changed in mid-sentence", async () => {
  await ada.press("Unmute");
  await hears();
  const before = await toggles();
  await ada.press("More");
  await ada.choose("Devices");
  await ada.select("Microphone", second);
  await isSent(second);
  await hears();
  await ada.page.getByLabel("Remove noise and echo").click();
  const settings = () => ada.evaluate(() => probe.peers[0].getTransceivers()[0].sender.track?.getSettings());
  await until("the sound as it is", async () => (await settings())?.noiseSuppression === false, 30);
  await isSent(second);
  await hears();
  assert.equal(await toggles(), before, "the others were told of it");
});

test("the dialog is clean, on a desk and on a phone, by day and by night", async () => {
  await look(ada, "devices");
  await ada.press("Close");
});

test("a microphone that is unplugged is stood in for, and comes back", async () => {
  const before = await toggles();
  await ada.evaluate((label) => unplug(label), second);
  await ada.sees("Your microphone was unplugged");
  await until("another one", async () => (await ada.evaluate(microphone)).open.length === 1);
  const { sends } = await ada.evaluate(microphone);
  assert.ok(sends && sends !== second, `it sends ${sends}`);
  await hears();
  await ada.evaluate((label) => plugIn(label), second);
  await ada.sees("Your microphone is back");
  await isSent(second);
  await hears();
  assert.equal(await toggles(), before, "the others were told of it");
});

test("a muted microphone is closed, whatever is plugged in", async () => {
  await ada.press("Mute");
  await isSent(null);
  await ada.evaluate((label) => unplug(label), second);
  await ada.evaluate((label) => plugIn(label), second);
  await hearsNothing();
  await isSent(null);
});

test("who denied a device is told where to allow it", async () => {
  await grace.page.context().clearPermissions();
  await grace.press("Start camera");
  await grace.sees("left of the address");
  await inRoom(grace);
});

test("nobody negotiated for it", async () => {
  for (const person of [ada, grace]) await negotiatedOnce(person);
  await endForEveryone(ada);
});
