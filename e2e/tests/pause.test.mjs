// A share is paused at its source: while something secret is on the shared window,
// not one new frame of it leaves the browser, comes to the server or to a guest, and
// in no picture that anybody has, who is in or comes later, is there a trace of its
// colour, or a word of it that Tesseract reads. The control is the same without a
// pause. In Chromium, which shares a real window, and in Firefox, which shares a real
// screen.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
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
import { readPictures } from "../lib/ocr.mjs";
import { keepPictures, takePictures } from "../lib/pictures.mjs";
import { countNegotiations, movingVideos } from "../lib/probe.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { host, joinByLink } from "../lib/steps.mjs";
import { readDump } from "../lib/wiretap.mjs";

const out = path.join(root, "e2e/out");
const init = scripts(countNegotiations, tapSocket);
/** How long the secret is on the screen. */
const exposure = 6_000;
/** What stands on the window, and what the secret says (pages/secret.html). */
const [ordinary, hidden] = [["weather", "forecast"], ["correct", "horse", "battery"]];
/** The most pictures that a page keeps, and how many are read of those after a pause, and of those without. */
const [mostPictures, mostAfter, mostControl] = [100, 15, 8];
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

/** How many frames of somebody's screen have come to the server. */
async function cameToServer(server, participant) {
  const files = [...(await readDump(server.dump))].filter(([name]) => name.startsWith(`${participant}.2.`));
  const begun = (packets) => new Set(packets.filter(({ payload }) => payload.length > 0).map(({ timestamp }) => timestamp));
  return files.reduce((sum, [, packets]) => sum + begun(packets).size, 0);
}

/** How many frames the encoder gave, and how many came to the server and to each guest. */
async function counted({ sharer, guests, server }) {
  const { self } = await sharer.evaluate(() => inside.last("welcome"));
  const { frames, bytes } = await sharer.evaluate(sentOfScreen);
  const received = await Promise.all(guests.map((guest) => guest.evaluate(receivedOfScreens)));
  return { encoder: { frames, bytes }, server: await cameToServer(server, self), received };
}

/** What each of them has kept of pictures since the last time. */
async function takeAll(everybody) {
  return new Map(await Promise.all(everybody.map(async (one) => [one, await one.evaluate(takePictures)])));
}

/** From the press of the button until the secret was long on the shared window. */
async function pause(stage) {
  const { sharer, guests, secret } = stage;
  const live = await counted(stage);
  await until("frames while nothing is paused", async () => {
    const now = await counted(stage);
    return now.server > live.server + 10 && now.encoder.frames > live.encoder.frames + 10;
  });
  for (const guest of guests) await guest.evaluate(keepPictures, mostPictures);
  await sharer.press("Pause sharing");
  await sharer.sees("FROZEN");
  const said = await sharer.evaluate(() => document.querySelector("[role=status]:has(+ .own-share)").textContent);
  assert.match(said, /^FROZEN\. Everybody sees this picture/, "a screen reader is not told");
  for (const guest of guests) {
    await guest.sees("has paused sharing");
    await arrived(guest);
  }

  const before = await counted(stage);
  await secret.say("secret");
  await wait(exposure);
  assert.deepEqual(await counted(stage), before, "something new was encoded, or came");
  for (const guest of guests) {
    const seen = await guest.evaluate(takeColours);
    assert.equal(seen.most.magenta, 0, `${guest.browser} saw the secret`);
    assert.ok(seen.now.blue > 0.1, `${guest.browser} does not see the last picture: ${JSON.stringify(seen.now)}`);
  }
  await sharer.screenshot(path.join(out, `frozen-${sharer.browser}.png`));
}

/** Somebody comes while the share is paused, and is sent the last picture again. */
async function comeLate(stage) {
  const { sharer, meeting, server } = stage;
  const before = await counted(stage);
  const carol = await chromiumPerson(guestBrowser, server.url, { init });
  await joinByLink(carol, meeting.link, "Carol");
  await until("a picture at who comes late", () => carol.evaluate(() => document.querySelector("video:not(.covered)")?.videoWidth > 0));
  await carol.evaluate(watchColours);
  await carol.evaluate(keepPictures, mostPictures);
  await carol.sees("has paused sharing");
  await until("the last picture at who comes late", async () => (await now(carol)).blue > 0.1);
  const later = await counted(stage);
  assert.ok(later.encoder.frames > before.encoder.frames && later.server > before.server, "nothing was sent to who came late");
  await carol.screenshot(path.join(out, `frozen-late-${sharer.browser}.png`));
  await until("the encoder at rest", async () => {
    const { frames } = await sharer.evaluate(sentOfScreen);
    await wait(2_000);
    return (await sharer.evaluate(sentOfScreen)).frames === frames;
  });
  return carol;
}

/** The other picture that a paused share may have, and the last one again. */
async function blank(sharer, everybody) {
  await sharer.press("Show a blank picture");
  for (const guest of everybody) await until(`a blank picture at ${guest.browser}`, async () => (await now(guest)).grey > 0.6);
  await sharer.press("Show the last picture");
  for (const guest of everybody) await until(`the last picture at ${guest.browser}`, async () => (await now(guest)).blue > 0.1);
}

/**
 * The sharer sees first what will be seen, puts the secret away, and goes on. What
 * everybody has kept of pictures until then, and the first of those that came after.
 */
async function resume({ sharer, secret }, everybody) {
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
  const paused = await takeAll(everybody);
  for (const [guest, { lost }] of paused) assert.equal(lost, 0, `${guest.browser} had more pictures than it can keep`);
  await sharer.evaluate(() => {
    [...document.querySelectorAll("dialog button")].find((b) => b.textContent === "Resume sharing").click();
  });
  for (const guest of everybody) await until(`what is shared now at ${guest.browser}`, async () => (await now(guest)).green > 0.1);
  for (const guest of everybody) {
    await until(`no pause at ${guest.browser}`, async () => !(await guest.text()).includes("has paused sharing"));
    assert.equal((await guest.evaluate(takeColours)).most.magenta, 0, `${guest.browser} saw the secret`);
  }
  for (const [guest, { files, frames }] of await takeAll(everybody)) {
    const held = paused.get(guest);
    paused.set(guest, { files: [...held.files, ...files.slice(0, mostAfter)], frames: held.frames + frames });
  }
  return paused;
}

/** The secret on the window with no pause: what can be read then at each of them, until all of it can. */
async function expose(secret, everybody) {
  await secret.say("secret");
  for (const guest of everybody) await until(`the secret at ${guest.browser}`, async () => (await now(guest)).magenta > 0.2);
  const exposed = new Map();
  for (const guest of everybody) {
    const texts = [];
    await until(`the words at ${guest.browser}`, async () => {
      // What is read is as sharp as it gets while the others are looked at.
      const { files } = await guest.evaluate(takePictures);
      texts.push(...(await read(files.slice(-mostControl))));
      return hidden.every((word) => texts.some((text) => text.includes(word)));
    });
    exposed.set(guest, texts);
  }
  await secret.say("after");
  for (const guest of everybody) {
    await until(`no secret at ${guest.browser}`, async () => (await now(guest)).magenta === 0 && (await guest.evaluate(takeColours)).most.magenta === 0);
  }
  return exposed;
}

const read = async (pictures) => (await readPictures(pictures)).map((text) => text.toLowerCase());

/** Reads every picture: no word of the secret while it was paused, and the words there were. */
async function readAll(everybody, paused, exposed) {
  const texts = await read(everybody.flatMap((one) => paused.get(one).files));
  const holding = (words, list) => list.filter((text) => words.some((word) => text.includes(word))).length;
  for (const [i, one] of everybody.entries()) {
    const held = texts.splice(0, paused.get(one).files.length);
    const control = exposed.get(one);
    console.log(
      `${one.browser} ${i + 1}, paused: ${paused.get(one).frames} frames, ${held.length} different pictures, ` +
        `the ordinary words in ${holding(ordinary, held)}, the secret in ${holding(hidden, held)}; ` +
        `not paused: the secret in ${holding(hidden, control)} of ${control.length}`,
    );
    assert.equal(holding(hidden, held), 0, `the secret can be read at ${one.browser}`);
    assert.ok(holding(ordinary, held) > 0, `nothing can be read at ${one.browser}`);
  }
}

/** The whole of a pause, from before the press of the button until after the press of the other. */
async function pauseAndResume(stage) {
  const { sharer, guests, secret } = stage;
  await pause(stage);
  const carol = await comeLate(stage);
  const everybody = [...guests, carol];
  await blank(sharer, everybody);
  const paused = await resume(stage, everybody);
  const exposed = await expose(secret, everybody);
  await readAll(everybody, paused, exposed);
  await carol.close();
}

/** A server, and a screen with the window that has the secret. */
async function stage(size, position) {
  const dump = await mkdtemp(path.join(tmpdir(), "conclave-dump-"));
  const server = await startServer({ binary: "bin/conclave-dump", env: { CONCLAVE_DUMP: dump } });
  const screen = await startDisplay(1280, 720);
  const secret = await openWindow(screen.display, "secret.html", size, position);
  return {
    ...{ server: { ...server, dump }, screen, secret },
    async close() {
      await secret.close();
      await screen.stop();
      await server.stop();
      await rm(dump, { recursive: true });
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
    await pauseAndResume({ sharer: ada, guests, meeting, secret, server });
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
    await pauseAndResume({ sharer: bea, guests, meeting, secret, server });
    assert.deepEqual(bea.problems, []);
  } finally {
    await browser.close();
    await close();
  }
});
