// People who are thrown out by their own browser, the network or the server find
// the way back, with words on screen meanwhile, and see each other again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { movingVideos } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host, inRoom, joinByLink, knock, panel, securityCode } from "../lib/steps.mjs";

const slow = 120;
// Small pictures: three people encode and decode on one machine here.
const smallCamera = () => {
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = function (wish) {
    return getUserMedia.call(this, { ...wish, video: wish.video && { width: 320, height: 240, frameRate: 15 } });
  };
};
const init = scripts(tapSocket, smallCamera);
let server, chromium, firefox, ada, grace, nils, meeting;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  ada = await chromiumPerson(chromium, server.url, { init });
  meeting = await host(ada, server, "There and back");
  grace = await chromiumPerson(chromium, server.url, { init });
  nils = await firefoxPerson(firefox, server.url, { init });
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(nils, meeting.link, "Nils");
  for (const person of [ada, grace, nils]) await person.press("Start camera");
  await seeEachOther(ada, grace, nils);
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

/** All of them see everybody's picture move, their own included, and one code. */
async function seeEachOther(...people) {
  const all = async (person) => (await person.evaluate(movingVideos)) === people.length;
  await Promise.all(people.map((one) => until(`${people.length} moving pictures in ${one.browser}`, () => all(one), slow)));
  await until("one code", async () => new Set(await Promise.all(people.map(securityCode))).size === 1, slow);
  for (const person of people) {
    const text = await panel(person, "Participants");
    assert.ok(text.startsWith(`${people.length} people`), `${person.browser}: ${text}`);
    await person.press("Participants"); // closes it
  }
}

/** The group a page is in, as the server named it. */
const group = (person) => person.evaluate(() => inside.last("admitted").group);

async function more(person, item) {
  await person.press("More");
  await person.choose(item);
}

/** At the door again, in the same tab, with the camera on. */
async function again(person, name) {
  if (name) await person.fill("Your name", name);
  await person.press("Start camera");
  await person.press("Join");
}

/** The page is loaded again, and the person is in. A camera that needs a question is off. */
async function reloaded(person) {
  const since = Date.now();
  await person.reload();
  await inRoom(person);
  console.log(`${person.browser}: in ${Date.now() - since} ms after loading again`);
  assert.equal(await person.evaluate(() => sessionStorage.getItem("back")), null, "the note of the page before stays");
  if (await person.has("Start camera")) await person.press("Start camera");
}

for (const [who, of] of [
  ["guest in Chromium", () => grace],
  ["guest in Firefox", () => nils],
]) {
  test(`a ${who} loads the page again in mid-call, and is in again without a press`, async () => {
    const person = of();
    const before = await group(ada);
    await reloaded(person);
    assert.ok(await person.has("Unmute"), "the microphone is on, and was not");
    await seeEachOther(ada, grace, nils);
    assert.equal(await group(person), before, "in another group");
  });
}

test("the only host loads the page again: a guest lets them back in", async () => {
  const before = await group(grace);
  await reloaded(ada);
  await seeEachOther(ada, grace, nils);
  assert.equal(await group(ada), before, "in another group");
});

test("locked, the meeting has back who loads the page again, and nobody else", async () => {
  await more(ada, "Lock meeting");
  await grace.sees("Locked");
  const before = await group(ada);
  for (const person of [grace, ada, nils]) {
    await reloaded(person);
    await seeEachOther(ada, grace, nils);
    assert.equal(await group(person), before, "in another group");
  }
  const eve = await chromiumPerson(chromium, server.url);
  await knock(eve, meeting.link, "Eve");
  await eve.sees("The meeting is locked");
  await eve.close();
  await more(ada, "Unlock meeting");
});

for (const [who, of] of [
  ["a guest in Chromium", () => grace],
  ["a guest in Firefox", () => nils],
  ["the only host", () => ada],
]) {
  test(`the socket of ${who} breaks`, async () => {
    const person = of();
    await person.evaluate(() => {
      inside.seen = [];
      new MutationObserver(() => {
        if (document.body.innerText.includes("Connection lost")) inside.seen.push(document.body.innerText);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      inside.socket.close();
    });
    const words = await until("words about it", () => person.evaluate(() => inside.seen[0]));
    assert.match(words, /The meeting goes on. We are trying to bring you back./);
    await inRoom(person);
    await seeEachOther(ada, grace, nils);
  });
}

test("everybody goes, and the host comes back into a new group", async () => {
  const before = await group(ada);
  for (const person of [nils, grace, ada]) {
    await person.press("Leave");
    await person.sees("You left the meeting");
  }
  // Who is early waits for somebody who may let them in.
  await nils.press("Rejoin");
  await again(nils, "Nils");
  await nils.sees("The meeting is running, but nobody is in who may let you in");
  await ada.press("Rejoin");
  await again(ada);
  await inRoom(ada);
  await inRoom(nils);
  await grace.press("Rejoin");
  await again(grace, "Grace");
  await inRoom(grace);
  await seeEachOther(ada, grace, nils);
  assert.notEqual(await group(ada), before, "in the old group");
});

test("the server dies in mid-call, and starts again", async () => {
  const before = await group(ada);
  await server.crash();
  await until("another group", async () => (await group(ada)) !== before);
  for (const person of [ada, grace, nils]) await inRoom(person);
  await seeEachOther(ada, grace, nils);
});
