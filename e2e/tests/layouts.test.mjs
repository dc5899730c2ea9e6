// Two people share and are seen, and a third looks at it in every way there is.
// What is not looked at does not come: no packet, counted where it would arrive.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts } from "../lib/inside.mjs";
import { look } from "../lib/look.mjs";
import { countNegotiations, negotiatedOnce, sendOnly, shareDrawing } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, joinByLink } from "../lib/steps.mjs";

const patience = 4000; // ms: longer than a page waits before it takes itself for out of sight
let server, chromium, firefox, ada, grace, vera, nils;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  const init = scripts(shareDrawing, [sendOnly, "video/VP8"]);
  ada = await chromiumPerson(chromium, server.url, { init });
  const meeting = await host(ada, server, "Layouts");
  grace = await chromiumPerson(chromium, server.url, { init });
  await joinByLink(grace, meeting.link, "Grace");
  const watching = scripts(countNegotiations, hideable);
  vera = await chromiumPerson(chromium, server.url, { init: watching });
  await joinByLink(vera, meeting.link, "Vera");
  nils = await firefoxPerson(firefox, server.url, { init: watching });
  await joinByLink(nils, meeting.link, "Nils");
  await ada.press("Start camera");
  await grace.press("Start camera");
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

/** Put into a page before its own scripts: a test says whether it is in sight. */
function hideable() {
  let state = "visible";
  Object.defineProperty(Document.prototype, "visibilityState", { configurable: true, get: () => state });
  globalThis.setSight = (visible) => {
    state = visible ? "visible" : "hidden";
    document.dispatchEvent(new Event("visibilitychange"));
  };
}

/** How many packets of pictures have come, and of sound. */
async function arrived() {
  const count = { video: 0, audio: 0 };
  for (const report of (await probe.peers[0].getStats()).values()) {
    if (report.type === "inbound-rtp") count[report.kind] += report.packetsReceived ?? 0;
  }
  return count;
}

/** What stands where: the names that heroes and tiles go by, and whether their pictures are open. */
function seen() {
  const name = (video) => video.getAttribute("aria-label") ?? video.parentElement.querySelector(".name").textContent;
  const open = (selector) =>
    [...document.querySelectorAll(`${selector} video:not(.covered)`)].filter((v) => v.videoWidth > 0).map(name).sort();
  const box = (element) => element.getBoundingClientRect();
  return {
    heroes: open(".hero-picture"),
    tiles: open(".tile"),
    boxes: [...document.querySelectorAll(".hero-picture")].map(box).map(({ left, top, width }) => ({ left, top, width })),
  };
}

/** The buttons below the stage that stand outside the window. */
function outOfReach() {
  const outside = ({ left, right, bottom }) => left < 0 || right > innerWidth || bottom > innerHeight;
  return [...document.querySelectorAll(".control")]
    .filter((control) => outside(control.getBoundingClientRect()))
    .map((control) => control.textContent);
}

async function shows(person, heroes, tiles) {
  const want = JSON.stringify({ heroes, tiles });
  let last;
  await until(`${want} at ${person.browser}`, async () => {
    last = await person.evaluate(seen);
    return JSON.stringify({ heroes: last.heroes, tiles: last.tiles }) === want;
  }, 40).catch((error) => {
    throw new Error(`${error.message}; last seen: ${JSON.stringify(last)}`);
  });
  return last.boxes;
}

async function layout(person, name) {
  await person.press("Layout");
  await person.page.getByRole("menuitemradio", { name, exact: true }).click();
}

const later = (ms) => new Promise((next) => setTimeout(next, ms));

/** The packets of pictures that come in some time, once those on their way have come. */
async function packetsIn(person, ms) {
  await later(1000);
  const before = await person.evaluate(arrived);
  await later(ms);
  const after = await person.evaluate(arrived);
  return { video: after.video - before.video, audio: after.audio - before.audio };
}

/** Out of sight for a while, and back: nothing but the sound comes meanwhile. */
async function outOfSight(person) {
  await shows(person, [], ["Ada Host", "Grace"]);
  assert.ok((await packetsIn(person, 1000)).video > 0, "nothing came before either");
  await person.evaluate(() => setSight(false));
  await later(patience);
  const hidden = await packetsIn(person, 3000);
  console.log(`packets in 3 s at ${person.browser} out of sight: ${hidden.video} of pictures, ${hidden.audio} of sound`);
  assert.equal(hidden.video, 0);
  assert.ok(hidden.audio > 0, "the sound stopped, too");
  await person.evaluate(() => setSight(true));
  await shows(person, [], ["Ada Host", "Grace"]);
  assert.ok((await packetsIn(person, 1000)).video > 0);
}

test("nothing comes to a page that is out of sight, but the sound; all of it when it is back", async () => {
  await ada.press("Unmute");
  await Promise.all([vera, nils].map(outOfSight));
  await ada.press("Mute");
});

test("a face is pinned and let go by keyboard", async () => {
  await vera.page.getByRole("button", { name: "Pin Grace", exact: true }).focus();
  await vera.page.keyboard.press("Enter");
  await shows(vera, ["Grace"], ["Ada Host"]);
  await until("the focus to follow", () => vera.evaluate(() => document.activeElement?.textContent === "Unpin Grace"), 10);
  await vera.page.keyboard.press("Enter");
  await shows(vera, [], ["Ada Host", "Grace"]);
});

test("two shares stand beside each other, and every other way", async () => {
  for (const person of [ada, grace]) {
    await person.press("Share");
    await person.choose("Window");
    await until("the share", () => person.has("Stop sharing"));
  }
  // Nobody has more buttons than a host who shares while somebody else does.
  await until("all of the host's buttons", () => ada.has("Full screen"));
  assert.deepEqual(await ada.evaluate(outOfReach), []);
  const [adas, graces] = ["What Ada Host shares", "What Grace shares"];
  const faces = ["Ada Host", "Grace"];
  await shows(vera, [graces], ["Ada Host", "Grace", "Show what Ada Host shares"]);
  await layout(vera, "Side by side");
  const [left, right] = await shows(vera, [adas, graces], faces);
  assert.equal(left.top, right.top);
  assert.ok(right.left >= left.left + left.width, "they overlap");
  await look(vera, "room-pair");
  await layout(vera, "Speaker");
  const [face] = await until("a face", async () => {
    const { boxes } = await vera.evaluate(seen);
    return boxes.length === 1 && boxes;
  });
  assert.ok(face.width > 1000, `the speaker is ${face.width} px wide`);
  await look(vera, "room-speaker");
  await layout(vera, "Grid");
  await look(vera, "room-grid");
  await until("no hero", async () => (await vera.evaluate(seen)).boxes.length === 0);
  await layout(vera, "Automatic");
  await shows(vera, [graces], ["Ada Host", "Grace", "Show what Ada Host shares"]);
  await vera.press("Show what Ada Host shares");
  await shows(vera, [adas], ["Ada Host", "Grace", "Show what Grace shares"]);
});

test("a phone has the layouts under More, and nothing comes of a face on another page", async () => {
  await vera.page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await vera.page.getByRole("button", { name: "Layout", exact: true }).isVisible(), false);
  await vera.press("More");
  await later(patience); // longer than the controls are shown where nobody moves
  assert.equal(await vera.evaluate(() => document.querySelector(".room").classList.contains("quiet")), false, "an open menu is hidden");
  await look(vera, "room-more");
  await vera.page.setViewportSize({ width: 390, height: 844 });
  await vera.page.getByRole("menuitemradio", { name: "Side by side", exact: true }).click();
  const [upper, lower] = await shows(vera, ["What Ada Host shares", "What Grace shares"], ["Ada Host", "Grace"]);
  assert.equal(upper.left, lower.left);
  assert.equal(await vera.evaluate(movedPictures), 4, "two shares and two faces");
  await vera.press("More people");
  await shows(vera, ["What Ada Host shares", "What Grace shares"], []);
  await later(1000); // for what is on its way
  assert.equal(await vera.evaluate(movedPictures), 2, "faces on another page came");
  await vera.press("Back");
  await shows(vera, ["What Ada Host shares", "What Grace shares"], ["Ada Host", "Grace"]);
  await vera.page.setViewportSize({ width: 1280, height: 800 });
  await layout(vera, "Automatic");
  await vera.press("Show what Ada Host shares");
});

test("a share in a window apart goes on when the page is out of sight, and nothing else does", async () => {
  await vera.press("More");
  const opened = vera.page.context().waitForEvent("page", { timeout: 10_000 }).catch(() => null);
  await vera.choose("Picture in picture");
  await opened;
  await vera.evaluate(() => setSight(false));
  await later(patience);
  const pictures = await vera.evaluate(movedPictures);
  console.log(`pictures that still come, with a window apart: ${pictures}`);
  assert.equal(pictures, 1);
  await vera.evaluate(() => setSight(true));
  await vera.press("More");
  await vera.choose("Close picture in picture");
  await shows(vera, ["What Ada Host shares"], ["Ada Host", "Grace", "Show what Grace shares"]);
});

/** In how many video lines packets come within a second. */
async function movedPictures() {
  const look = async () => {
    const counts = new Map();
    for (const report of (await probe.peers[0].getStats()).values()) {
      if (report.type === "inbound-rtp" && report.kind === "video") counts.set(report.mid, report.packetsReceived);
    }
    return counts;
  };
  const before = await look();
  await new Promise((next) => setTimeout(next, 2000));
  return [...(await look())].filter(([mid, packets]) => packets > (before.get(mid) ?? 0)).length;
}

test("nobody negotiated for it", async () => {
  for (const person of [vera, nils]) await negotiatedOnce(person);
  await endForEveryone(ada);
});
