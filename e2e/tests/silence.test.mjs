// Whoever says nothing with an open microphone sends next to nothing; what they then say
// is heard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts } from "../lib/inside.mjs";
import { countNegotiations, listen, negotiatedOnce } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host, joinByLink } from "../lib/steps.mjs";

let server, chromium, firefox, ada, nils;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  const init = scripts(countNegotiations, hushed);
  ada = await chromiumPerson(chromium, server.url, { init });
  const meeting = await host(ada, server, "Silence");
  nils = await firefoxPerson(firefox, server.url, { init });
  await joinByLink(nils, meeting.link, "Nils");
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

/** Put into a page before its own scripts: its microphone hears what a test lets it, and at first nothing. */
function hushed() {
  const { getUserMedia } = MediaDevices.prototype;
  const tracks = [];
  let aloud = false;
  MediaDevices.prototype.getUserMedia = async function (wish) {
    const stream = await getUserMedia.call(this, wish);
    tracks.push(...stream.getAudioTracks());
    speak(aloud);
    return stream;
  };
  globalThis.speak = (now) => {
    aloud = now;
    for (const track of tracks) track.enabled = aloud; // one that is not enabled hears silence
  };
}

/** How many packets of sound the microphone sends in so many milliseconds. */
async function packetsSent(ms) {
  const { sender } = probe.peers[0].getTransceivers()[0];
  const sent = async () => [...(await sender.getStats()).values()].find(({ type }) => type === "outbound-rtp")?.packetsSent ?? 0;
  const before = await sent();
  await new Promise((next) => setTimeout(next, ms));
  return (await sent()) - before;
}

async function speaks(speaker, listener) {
  await speaker.press("Unmute");
  await until("unmuted", () => speaker.has("Mute"));
  const counts = [];
  for (const aloud of [false, true, false, true]) {
    await speaker.evaluate((now) => speak(now), aloud);
    await new Promise((next) => setTimeout(next, 1500)); // Opus goes on for a while
    counts.push(await speaker.evaluate(packetsSent, 3000));
    const { hz, amplitude } = await listener.evaluate(listen, { seconds: 2 });
    assert.equal(amplitude > 0.01, aloud, `heard ${hz} Hz with an amplitude of ${amplitude}`);
  }
  console.log(`packets in 3 s that ${speaker.browser} sends: ${counts[0]} silent, ${counts[1]} speaking, ${counts[2]} silent again`);
  assert.ok(counts[1] > 60 && counts[3] > 60, "the control: a voice is sent");
  assert.ok(counts[0] < 20 && counts[2] < 20, "silence is sent");
  await speaker.press("Mute");
}

test("Chromium sends no silence, and Firefox hears what is said", () => speaks(ada, nils));

test("Firefox sends no silence, and Chromium hears what is said", () => speaks(nils, ada));

test("nobody negotiated for it", async () => {
  for (const person of [ada, nils]) await negotiatedOnce(person);
});
