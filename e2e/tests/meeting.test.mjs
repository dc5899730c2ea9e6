// A whole meeting: a host in Chromium shares a real X window, guests in Chromium
// and Firefox see it, all three see and hear each other, and the record is there
// at the end.

import assert from "node:assert/strict";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { startDisplay } from "../lib/display.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { countNegotiations, listen, movingVideos, negotiatedOnce, negotiateOver, quantile, readClock } from "../lib/probe.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { writeTone } from "../lib/sound.mjs";
import { endForEveryone, enter, knock, schedule, setUp } from "../lib/steps.mjs";

const out = path.join(root, "e2e/out");
const hz = 1000;
let server, screen, clock, hostBrowser, guestBrowser, firefox;
let ada, grace, nils, meeting;

before(async () => {
  await mkdir(out, { recursive: true });
  const dir = await mkdtemp(path.join(tmpdir(), "conclave-sound-"));
  const tone = path.join(dir, "tone.wav");
  await writeTone(tone, hz);
  server = await startServer();
  screen = await startDisplay();
  clock = await openClock(screen.display);
  hostBrowser = await startChromium({ display: screen.display, microphone: tone, share: "CLOCK" });
  guestBrowser = await startChromium();
  firefox = await startFirefox({ display: screen.display });
});

after(async () => {
  for (const browser of [firefox, guestBrowser, hostBrowser, clock]) await browser?.close();
  await screen?.stop();
  await server?.stop();
});

/** A window of another program, so to speak: a second browser that shows a clock. */
async function openClock(display) {
  const browser = await chromium.launchPersistentContext(await mkdtemp(path.join(tmpdir(), "conclave-clock-")), {
    executablePath: "/usr/bin/chromium",
    headless: false,
    chromiumSandbox: false,
    viewport: null,
    args: [
      "--no-sandbox",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--window-size=760,420",
      "--window-position=1100,600",
      `--app=${pathToFileURL(path.join(root, "e2e/pages/clock.html"))}`,
    ],
    env: { ...process.env, DISPLAY: display },
  });
  return browser;
}

test("a host sets up, schedules, and early guests wait", async () => {
  ada = await chromiumPerson(hostBrowser, server.url, { init: countNegotiations });
  await setUp(ada, server);
  meeting = await schedule(ada, "Quarterly numbers");
  assert.match(meeting.number, /^\d{11}$/);
  assert.match(await ada.text(), new RegExp(`${meeting.number.slice(0, 4)} ${meeting.number.slice(4, 7)} ${meeting.number.slice(7)}`));

  grace = await chromiumPerson(guestBrowser, server.url, { init: countNegotiations });
  nils = await firefoxPerson(firefox, server.url, { init: countNegotiations });
  for (const [guest, name] of [[grace, "Grace"], [nils, "Nils"]]) {
    await knock(guest, meeting.link, name);
    await guest.sees("Waiting for the host to start the meeting");
    assert.doesNotMatch(await guest.evaluate(() => location.href), /#./, "the secret stayed in the address bar");
  }
});

test("the host starts, and the guests are let in", async () => {
  await ada.press("Start");
  await enter(ada);
  for (const person of [ada, grace, nils]) await person.sees("Leave");
  await until("three people everywhere", async () => {
    for (const person of [ada, grace, nils]) {
      await person.evaluate(() => globalThis.probe.peers[0].connectionState === "connected" || Promise.reject(new Error("not connected")));
    }
    return true;
  });
});

test("three cameras at once", async () => {
  for (const person of [ada, grace, nils]) await person.press("Start camera");
  for (const person of [ada, grace, nils]) {
    await until(`three moving pictures at ${person.browser}`, async () => (await person.evaluate(movingVideos)) === 3);
  }
});

test("the host's voice is heard", async () => {
  await ada.press("Unmute");
  for (const guest of [grace, nils]) {
    await until(`a tone of ${hz} Hz in ${guest.browser}`, async () => {
      const heard = await guest.evaluate(listen, { seconds: 3 });
      return Math.abs(heard.hz - hz) <= 20 && heard.amplitude > 0.01;
    });
  }
  for (const guest of [grace, nils]) await guest.sees("Speaking").catch(() => assert.fail(`${guest.browser} does not mark who speaks`));
  await ada.press("Mute");
});

test("a shared X window is read at every guest", async () => {
  for (const person of [ada, grace, nils]) await person.press("Stop camera");
  await ada.press("Share");
  await ada.choose("Window");
  await until("the share", () => ada.has("Stop sharing"));
  for (const guest of [grace, nils]) {
    const seen = await until(`the clock in ${guest.browser}`, async () => {
      const read = await guest.evaluate(readClock, { selector: "video", seconds: 6, enough: 20, most: 40 });
      return read.ages.length > 20 && read;
    });
    const { ages, frames, seconds, width, height } = seen;
    console.log(
      `glass to glass, X window ${width}x${height} to ${guest.browser}: p50 ${quantile(ages, 0.5)} ms, ` +
        `p95 ${quantile(ages, 0.95)} ms (${ages.length} different pictures read of ${frames} frames in ${seconds} s)`,
    );
  }
  await grace.screenshot(path.join(out, "share-at-guest.png"));
  await ada.press("Stop sharing");
});

test("nobody negotiated twice", async () => {
  for (const person of [ada, grace, nils]) await negotiatedOnce(person);
});

test("who does negotiate twice is noticed, and who restarts ICE is told apart", async () => {
  for (const [start, browser] of [[chromiumPerson, guestBrowser], [firefoxPerson, firefox]]) {
    const person = await start(browser, server.url, { init: countNegotiations });
    await person.goto("/signin"); // whose page has no connection of its own
    assert.deepEqual(
      await person.evaluate(negotiateOver),
      [
        { offers: 1, answers: 1, restarts: 0 },
        { offers: 1, answers: 1, restarts: 1 },
        { offers: 2, answers: 2, restarts: 1 }, // the same once more, not asked for as a restart
        { offers: 3, answers: 3, restarts: 1 }, // with a line more
        { offers: 4, answers: 4, restarts: 1 }, // with a line turned off
        { offers: 5, answers: 4, restarts: 1 }, // made without createOffer
      ],
      person.browser,
    );
    await assert.rejects(negotiatedOnce(person), /negotiated again/);
    await person.close();
  }
});

test("the host ends for everyone, and the record is there when the page says so", async () => {
  await endForEveryone(ada);
  for (const person of [ada, grace, nils]) await person.sees("The meeting has ended");
  const cookie = (await ada.page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  const usage = (await (await fetch(`${server.url}/v1/meetingReports/usage`, { headers: { cookie } })).json()).items;
  assert.equal(usage.length, 1);
  assert.equal(usage[0].totalParticipants, 3);
  assert.equal(usage[0].peakAttendee, 3);
  assert.equal(usage[0].endReason, "ended_by_host");
  const stays = (await (await fetch(`${server.url}/v1/meetingReports/attendees?sessionId=${usage[0].sessionId}`, { headers: { cookie } })).json()).items;
  assert.deepEqual(stays.map((s) => s.displayName).sort(), ["Ada Host", "Grace", "Nils"]);
  for (const stay of stays) {
    const seconds = (new Date(stay.leftTime) - new Date(stay.joinedTime)) / 1000;
    assert.ok(Math.abs(seconds - stay.durationSeconds) <= 0.5, `${stay.displayName}: ${seconds} s, recorded ${stay.durationSeconds}`);
  }
  await ada.goto("/reports");
  await ada.sees("Quarterly numbers");

  await grace.goto(meeting.link);
  await grace.sees("The meeting has ended");
});

test("no page complained", () => {
  for (const person of [ada, grace, nils]) {
    assert.deepEqual(person.problems.filter((p) => !p.includes("410")), [], person.browser);
  }
});
