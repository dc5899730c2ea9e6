// A share is paused at its source: while something secret is on the shared window,
// not one new frame of it leaves the browser, and nobody who is in or comes later
// ever sees it. The control is the same without a pause. In Chromium, which shares a
// real window, and in Firefox, which shares a real screen.

import assert from "node:assert/strict";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { receivedOfScreens, sentOfScreen, takeColours, watchColours } from "../lib/colours.mjs";
import { startDisplay } from "../lib/display.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { countNegotiations, movingVideos } from "../lib/probe.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { host, joinByLink } from "../lib/steps.mjs";

const out = path.join(root, "e2e/out");
const init = scripts(countNegotiations, tapSocket);
/** How long the secret is on the screen. */
const exposure = 6_000;
const wait = (ms) => new Promise((next) => setTimeout(next, ms));
let guestBrowser, firefox;

before(async () => {
  await mkdir(out, { recursive: true });
  guestBrowser = await startChromium();
  firefox = await startFirefox();
});

after(async () => {
  for (const browser of [firefox, guestBrowser]) await browser?.close();
});

/** Windows of another program on a screen, each a page of its own. */
async function openWindow(display, file, size, position) {
  const context = await chromium.launchPersistentContext(await mkdtemp(path.join(tmpdir(), "conclave-window-")), {
    executablePath: "/usr/bin/chromium",
    headless: false,
    chromiumSandbox: false,
    viewport: null,
    args: [
      "--no-sandbox",
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
      `--window-size=${size}`,
      `--window-position=${position}`,
      `--app=${pathToFileURL(path.join(root, "e2e/pages", file))}`,
    ],
    env: { ...process.env, DISPLAY: display },
  });
  const [page] = context.pages();
  await page.waitForFunction(() => document.readyState === "complete");
  return { say: (what) => page.evaluate(`${what}()`), close: () => context.close() };
}

/** The room as the sharer finds it: two guests who watch the share. */
async function gather(server, sharer) {
  const meeting = await host(sharer, server, "Numbers");
  const grace = await chromiumPerson(guestBrowser, server.url, { init });
  const nils = await firefoxPerson(firefox, server.url, { init });
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(nils, meeting.link, "Nils");
  return { meeting, guests: [grace, nils] };
}

async function watch(guest) {
  await until(`the share at ${guest.browser}`, async () => (await guest.evaluate(movingVideos)) >= 1);
  await guest.evaluate(watchColours);
}

const now = async (guest) => {
  const { now } = await guest.evaluate(takeColours);
  return now;
};

/** Without a pause everybody sees the secret: the colours are looked at rightly. */
async function control(guests, secret) {
  await secret.say("secret");
  for (const guest of guests) await until(`the secret at ${guest.browser}`, async () => (await now(guest)).magenta > 0.2);
  await secret.say("calm");
  for (const guest of guests) {
    await until(`no secret at ${guest.browser}`, async () => (await now(guest)).magenta === 0 && (await guest.evaluate(takeColours)).most.magenta === 0);
  }
}

/** What is on its way when a share is paused arrives; then nothing more does. */
async function arrived(guest) {
  let before = -1;
  await until(`the last frame at ${guest.browser}`, async () => {
    const frames = await guest.evaluate(receivedOfScreens);
    const same = frames === before;
    before = frames;
    await wait(1_000);
    return same;
  });
  await guest.evaluate(takeColours);
  return before;
}

/** The whole of a pause, from the press of the button to the press of the other. */
async function pauseAndResume({ sharer, guests, meeting, secret }) {
  await sharer.press("Pause sharing");
  await sharer.sees("FROZEN");
  const said = await sharer.evaluate(() => document.querySelector(".own-share [role=status]").textContent);
  assert.match(said, /^FROZEN\. Everybody sees this picture/, "a screen reader is not told");
  const sent = await sharer.evaluate(sentOfScreen);
  const counts = new Map();
  for (const guest of guests) {
    await guest.sees("has paused sharing");
    counts.set(guest, await arrived(guest));
  }

  await secret.say("secret");
  await wait(exposure);
  const still = await sharer.evaluate(sentOfScreen);
  assert.deepEqual({ frames: still.frames, bytes: still.bytes }, { frames: sent.frames, bytes: sent.bytes }, "something new was encoded");
  for (const guest of guests) {
    assert.equal(await guest.evaluate(receivedOfScreens), counts.get(guest), `frames came to ${guest.browser}`);
    const seen = await guest.evaluate(takeColours);
    assert.equal(seen.most.magenta, 0, `${guest.browser} saw the secret`);
    assert.ok(seen.now.blue > 0.1, `${guest.browser} does not see the last picture: ${JSON.stringify(seen.now)}`);
  }
  await sharer.screenshot(path.join(out, `frozen-${sharer.browser}.png`));

  const carol = await chromiumPerson(guestBrowser, meeting.url, { init });
  await joinByLink(carol, meeting.link, "Carol");
  await until("a picture at who comes late", () => carol.evaluate(() => document.querySelector("video:not(.covered)")?.videoWidth > 0));
  await carol.evaluate(watchColours);
  await carol.sees("has paused sharing");
  await until("the last picture at who comes late", async () => (await now(carol)).blue > 0.1);
  const later = await sharer.evaluate(sentOfScreen);
  assert.ok(later.frames > still.frames, "nothing was sent to who came late");
  await carol.screenshot(path.join(out, `frozen-late-${sharer.browser}.png`));
  await until("the encoder at rest", async () => {
    const { frames } = await sharer.evaluate(sentOfScreen);
    await wait(2_000);
    return (await sharer.evaluate(sentOfScreen)).frames === frames;
  });

  const everybody = [...guests, carol];
  await sharer.press("Show a blank picture");
  for (const guest of everybody) await until(`a blank picture at ${guest.browser}`, async () => (await now(guest)).grey > 0.6);
  await sharer.press("Show the last picture");
  for (const guest of everybody) await until(`the last picture at ${guest.browser}`, async () => (await now(guest)).blue > 0.1);

  await sharer.press("Resume sharing");
  await sharer.sees("Resume sharing?");
  await until("what would be seen", () => sharer.evaluate(() => document.querySelector("dialog video")?.videoWidth > 0));
  await sharer.evaluate(watchColours, "dialog video");
  await until("the secret in what would be seen", async () => (await now(sharer)).magenta > 0.1);
  await sharer.screenshot(path.join(out, `resume-${sharer.browser}.png`));
  for (const guest of everybody) {
    assert.equal((await guest.evaluate(takeColours)).most.magenta, 0, `${guest.browser} saw the secret`);
  }
  await secret.say("after");
  await sharer.sees("Stay paused");
  await sharer.evaluate(() => {
    [...document.querySelectorAll("dialog button")].find((b) => b.textContent === "Resume sharing").click();
  });
  for (const guest of everybody) await until(`what is shared now at ${guest.browser}`, async () => (await now(guest)).green > 0.1);
  for (const guest of everybody) {
    await until(`no pause at ${guest.browser}`, async () => !(await guest.text()).includes("has paused sharing"));
    assert.equal((await guest.evaluate(takeColours)).most.magenta, 0, `${guest.browser} saw the secret`);
  }
  await carol.close();
}

/** A server, and a screen with the window that has the secret. */
async function stage(size, position) {
  const server = await startServer();
  const screen = await startDisplay(1280, 720);
  const secret = await openWindow(screen.display, "secret.html", size, position);
  return {
    ...{ server, screen, secret },
    async close() {
      await secret.close();
      await screen.stop();
      await server.stop();
    },
  };
}

test("a window that Chromium shares", async () => {
  const { server, screen, secret, close } = await stage("760,420", "400,200");
  const browser = await startChromium({ display: screen.display, share: "SECRET" });
  try {
    const ada = await chromiumPerson(browser, server.url, { init });
    const { meeting, guests } = await gather(server, ada);
    await ada.press("Share");
    await ada.choose("Window");
    for (const guest of guests) await watch(guest);
    await control(guests, secret);
    await pauseAndResume({ sharer: ada, guests, meeting: { ...meeting, url: server.url }, secret });
    assert.deepEqual(ada.problems, []);

    // Something else is shared without a stop: here the same window, chosen anew.
    const commands = await ada.evaluate(() => inside.commands.length);
    await ada.press("Share something else");
    for (const guest of guests) {
      await guest.evaluate(takeColours);
      await until(`the share goes on at ${guest.browser}`, async () => (await guest.evaluate(() => globalThis.colours.frames)) > 10);
      assert.equal((await guest.evaluate(takeColours)).most.magenta, 0);
    }
    const said = await ada.evaluate((n) => inside.commands.slice(n).map((c) => c.type), commands);
    assert.ok(!said.includes("publish"), `the share was stopped: ${said}`);

    // Another window over the shared one is not a part of it.
    const cover = await openWindow(screen.display, "cover.html", "760,420", "400,200");
    await wait(exposure / 2);
    for (const guest of guests) {
      const seen = await guest.evaluate(takeColours);
      assert.equal(seen.most.magenta, 0, `${guest.browser} saw the window that lay over the shared one`);
      assert.ok(seen.frames > 5 && seen.now.green > 0.1, `${guest.browser} does not see the shared window: ${JSON.stringify(seen)}`);
    }
    await cover.close();
  } finally {
    await browser.close();
    await close();
  }
});

test("a screen that Firefox shares", async () => {
  const { server, screen, secret, close } = await stage("1280,720", "0,0");
  const browser = await startFirefox({ display: screen.display });
  try {
    const bea = await firefoxPerson(browser, server.url, { init });
    const { meeting, guests } = await gather(server, bea);
    await bea.press("Share");
    await bea.choose("Entire screen");
    for (const guest of guests) await watch(guest);
    await control(guests, secret);
    await pauseAndResume({ sharer: bea, guests, meeting: { ...meeting, url: server.url }, secret });
    assert.deepEqual(bea.problems, []);
  } finally {
    await browser.close();
    await close();
  }
});
