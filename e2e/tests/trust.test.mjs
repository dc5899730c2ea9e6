// What people see of the encryption: a code that is the same everywhere and new
// after each change, who was met before, and loud words when a server tells of
// somebody who is not in the group, or forges a change of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapFrames, tapSocket } from "../lib/inside.mjs";
import { countNegotiations, movingVideos } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { expel, host, inRoom, joinByLink, panel, securityCode, write } from "../lib/steps.mjs";

const init = scripts(countNegotiations, tapSocket, tapFrames);
let server, chromium, firefox, ada, grace, nils, meeting;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  ada = await chromiumPerson(chromium, server.url, { init });
  meeting = await host(ada, server, "Whom to trust");
  grace = await chromiumPerson(chromium, server.url, { init });
  nils = await firefoxPerson(firefox, server.url, { init });
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

/** The code that all of them see. */
const oneCode = (...people) =>
  until("one code", async () => {
    const codes = new Set();
    for (const person of people) codes.add(await securityCode(person));
    return codes.size === 1 && [...codes][0];
  });

test("the security code is the same in both browsers, and another after each change", async () => {
  const alone = await oneCode(ada);
  assert.match(alone, /^\d{30}$/);
  await joinByLink(nils, meeting.link, "Nils");
  const two = await oneCode(ada, nils);
  await joinByLink(grace, meeting.link, "Grace");
  const three = await oneCode(ada, nils, grace);
  const pictures = (person) =>
    person.evaluate(() => document.querySelector('[aria-label="The same code in pictures"]').textContent);
  assert.equal(await pictures(nils), await pictures(grace));
  await nils.press("Leave");
  await nils.sees("You left the meeting");
  await until("Nils gone from the group", async () => !(await panel(ada, "Security")).includes("Nils"));
  const left = await oneCode(ada, grace);
  assert.equal(new Set([alone, two, three, left]).size, 4);
});

test("who comes again with the same browser was met before, and a namesake was not", async () => {
  assert.match(await panel(grace, "Security"), /Ada Host[^]*New to this device/);
  await nils.press("Rejoin");
  await nils.fill("Your name", "Nils");
  await nils.press("Join");
  await inRoom(nils);
  const about = (name) =>
    until(`${name} in the panel`, async () => (await panel(ada, "Security")).match(new RegExp(`^${name}\\n(?:.*\\n)*?.*(Met before|New to this device|with another key).*$`, "m"))?.[1]);
  assert.equal(await about("Nils"), "Met before");
  const namesake = await chromiumPerson(chromium, server.url, { init });
  await nils.press("Leave");
  await nils.sees("You left the meeting");
  await until("Nils gone from the group", async () => !(await panel(ada, "Security")).includes("Nils"));
  await joinByLink(namesake, meeting.link, "Nils");
  assert.equal(await about("Nils"), "with another key");
  await expel(ada, "Nils");
  await namesake.sees("You were taken out of the meeting");
  await namesake.close();
});

test("a connection without a leaf raises an alarm, and gets nothing", async () => {
  const title = "Somebody is connected who is not in the encrypted group";
  const code = await oneCode(ada, grace);
  assert.ok(!(await ada.text()).includes(title));
  const said = await ada.evaluate(() => {
    const participant = { id: "p-stranger", leaf: 7, role: "attendee", joined: Date.now(), live: [{ source: "camera" }] };
    inside.hear({ type: "participant_joined", data: { participant } });
    return inside.commands.length;
  });
  await ada.sees(title);
  assert.equal(await ada.page.getByRole("alert").filter({ hasText: title }).count(), 1);
  await ada.sees("2 people");
  assert.ok(!(await grace.text()).includes(title), "an alarm at the wrong page");
  const since = await ada.evaluate((n) => inside.commands.slice(n).map((c) => JSON.stringify(c)), said);
  assert.deepEqual(since.filter((c) => c.includes("p-stranger") || c.includes('"commit"')), [], "something was done for them");
  assert.equal(await oneCode(ada, grace), code);
  await panel(ada, "Chat");
  const addressees = await ada.evaluate(() => [...document.querySelectorAll(".composer option")].map((o) => o.textContent));
  assert.deepEqual(addressees, ["Everyone", "Grace"]);
  await ada.evaluate(() => inside.hear({ type: "participant_left", data: { participant: "p-stranger", reason: "left" } }));
  await until("no alarm", async () => !(await ada.text()).includes(title));
});

/** Put on a page: the byte at this part of every commit is another. */
function forge(part) {
  inside.alter = (event) => {
    if (event.type !== "committed") return event;
    const { commit } = event.data;
    const at = Math.floor(commit.length * part);
    const other = commit[at] === "A" ? "B" : "A";
    return { ...event, data: { ...event.data, commit: commit.slice(0, at) + other + commit.slice(at + 1) } };
  };
}

for (const [what, part, words, change] of [
  [
    "whom it adds",
    0.5,
    "Nothing is sent: somebody changed the group against its rules",
    () => joinByLink(nils, meeting.link, "Nils"),
  ],
  ["its proof", 0.98, "Nothing is sent: this browser lost track of the keys", () => nils.press("Leave")],
]) {
  test(`a commit in which the server forged ${what} stops everything, and the page says so`, async () => {
    await ada.press("Start camera");
    await grace.press("Start camera");
    await until("pictures", async () => (await ada.evaluate(movingVideos)) === 2);
    await grace.evaluate(forge, part);
    await change();
    await grace.sees(words);
    await grace.sees("your messages have stopped");
    assert.equal(await grace.has("Stop camera"), false, "the camera is still on");
    assert.equal(await grace.evaluate(() => probe.peers.at(-1).connectionState), "closed");
    await until("one picture at the host", async () => (await ada.evaluate(movingVideos)) === 1);

    await grace.evaluate(() => {
      inside.alter = (event) => event;
    });
    await grace.press("Rejoin");
    await inRoom(grace);
    await until("Grace among the readers", async () => (await panel(ada, "Security")).includes("Grace"));
    await oneCode(ada, grace);
    await write(grace, `Here again, after ${what}.`);
    await panel(ada, "Chat");
    await ada.sees(`Here again, after ${what}.`);
    await ada.press("Stop camera");
  });
}
