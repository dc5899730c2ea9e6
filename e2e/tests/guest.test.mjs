// Somebody who was never here before and has a link: what they have to decide until
// they are seen and heard is counted, the browser's own question left out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { faultless } from "../lib/look.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host, inRoom } from "../lib/steps.mjs";

let server, browser, ada, meeting;

before(async () => {
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  meeting = await host(ada, server, "First time here");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const size of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`a guest is seen and heard after three decisions (${size.width} px)`, async () => {
    let decisions = 0;
    const guest = await chromiumPerson(browser, server.url, size);
    const decide = async (act) => {
      decisions++;
      await act();
    };
    await guest.goto(meeting.link);
    await guest.sees("First time here");
    await faultless(guest, "the door");
    await decide(() => guest.fill("Your name", "Grace"));
    await decide(() => guest.press("Turn on both"));
    await guest.sees("You join with your microphone and your camera on.");
    await decide(() => guest.press("Join"));
    await inRoom(guest);
    await until("Grace is seen", () =>
      ada.evaluate(() => [...document.querySelectorAll(".tile video")].some((v) => v.videoWidth > 0)),
    );
    await until("Grace is heard", () => ada.evaluate(heard));
    await faultless(guest, "the room");
    assert.ok(decisions <= 3, `${decisions} decisions`);
    assert.deepEqual(guest.problems, []);
    await guest.press("Leave");
    await guest.sees("You left the meeting");
    await faultless(guest, "the page after it");
    await guest.close();
    await until("Grace gone", () => ada.evaluate(() => document.querySelectorAll(".tile").length === 1));
  });
}

/** In a page: whether what plays is loud now. The beep of the browser's own microphone comes every second. */
function heard() {
  globalThis.ears ??= new AudioContext();
  const streams = [...document.querySelectorAll("audio")].flatMap(({ srcObject }) => srcObject ?? []);
  return streams.some((stream) => {
    if (!stream.ear) {
      stream.ear = globalThis.ears.createAnalyser();
      globalThis.ears.createMediaStreamSource(stream).connect(stream.ear);
    }
    const samples = new Float32Array(stream.ear.fftSize);
    stream.ear.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > 0.01);
  });
}
