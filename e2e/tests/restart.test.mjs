// A page that is loaded again, a connection that breaks and a server that restarts
// in mid-share: everybody is back by themselves, in the same role and with the share
// they had, and the record knows one stay for each of them. How long it takes is
// printed: it says as much about the machine as about us.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { shareDrawing } from "../lib/probe.mjs";
import { seconds, seen, staysOf, undisturbed, watchShare, welcomed } from "../lib/returning.mjs";
import { startServer, until } from "../lib/server.mjs";
import { askFirst, endForEveryone, host, inRoom, joinByLink, panel } from "../lib/steps.mjs";

let server, chromium, firefox, ada, grace, nils, meeting;

const init = scripts(tapSocket, shareDrawing, watchShare);

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
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

const hostAgain = () => until("Ada a host", () => ada.has("End for everyone"));

test("a guest and the host load the page again", async () => {
  await askFirst(ada, true); // who was in is let in without a question
  const since = Date.now();
  await grace.reload();
  const back = await welcomed(grace, since);
  console.log(`a guest: in ${seconds(back - since)} s after loading again`);
  await undisturbed(since, ada, nils);
  await ada.reload();
  await inRoom(ada);
  await hostAgain();
});

test("the host shares", async () => {
  await ada.press("Share");
  await ada.choose("Window");
  const since = Date.now();
  for (const person of [grace, nils]) await seen(person, since);
});

test("the connection of who shares breaks", async () => {
  const since = Date.now();
  await ada.evaluate(() => inside.socket.close());
  const back = await welcomed(ada, since);
  const shown = [];
  for (const person of [grace, nils]) shown.push((await seen(person, back)) - since);
  console.log(`who shares: in ${seconds(back - since)} s; the share is seen again after ${shown.map(seconds).join(" and ")} s`);
  await undisturbed(since, grace, nils);
  assert.equal(await ada.evaluate(() => inside.picked), 1, "the share was picked again");
});

for (const [how, again] of [
  ["is stopped and started", () => server.restart()],
  ["is killed and started", () => server.crash()],
]) {
  test(`the server ${how} in mid-share`, async () => {
    const since = Date.now();
    await again();
    const up = Date.now();
    const times = {};
    for (const [name, person] of Object.entries({ ada, grace, nils })) times[name] = await welcomed(person, since);
    const shown = [];
    for (const name of ["grace", "nils"]) shown.push(await seen({ grace, nils }[name], times[name]));
    const list = Object.entries(times).map(([name, at]) => `${name} ${seconds(at - since)} s`).join(", ");
    console.log(
      `the server ${how}: up after ${seconds(up - since)} s; in: ${list}; ` +
        `the share is seen again after ${shown.map((at) => seconds(at - since)).join(" and ")} s`,
    );
    for (const person of [ada, grace, nils]) await inRoom(person);
    assert.equal(await ada.evaluate(() => inside.picked), 1, "the share was picked again");
    assert.match(await panel(ada, "Participants"), /^3 people/);
    await ada.press("Participants");
    await hostAgain();
  });
}

test("the record has one session, and one stay for each", async () => {
  await endForEveryone(ada);
  assert.deepEqual(await staysOf(ada), [
    ["Ada Host", "meeting_ended"],
    ["Grace", "meeting_ended"],
    ["Nils", "meeting_ended"],
  ]);
});
