// Who comes in, and how: the lobby, the lock, the two doors, and two browsers of
// one host.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { startServer, until } from "../lib/server.mjs";
import { askFirst, host, inRoom, joinByLink, knock, panel, password, securityCode } from "../lib/steps.mjs";

const init = scripts(tapSocket);
let server, chromium, firefox, ada, meeting;
const visitors = new Set();

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  ada = await chromiumPerson(chromium, server.url, { init });
  meeting = await host(ada, server, "At the door");
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

// A test that fails leaves nobody at the door for the next, and the door as it was.
afterEach(async () => {
  for (const person of [...visitors]) await person.close();
  if ((await panel(ada, "Participants")).includes("The meeting is locked")) await more(ada, "Unlock meeting");
  await askFirst(ada, false);
});

/** Somebody who comes to the door. */
async function visitor(start = chromiumPerson, browser = chromium) {
  const person = await start(browser, server.url, { init });
  const { close } = person;
  person.close = () => visitors.delete(person) && close();
  visitors.add(person);
  return person;
}

const lobbyWords = "Waiting for the host to let you in";

/** Chooses what is under More. */
async function more(person, item) {
  await person.press("More");
  await person.choose(item);
}

test("a host who asks first admits one, and sends one away", async () => {
  await askFirst(ada, true);
  await ada.press("Participants"); // closes it
  const grace = await visitor(firefoxPerson, firefox);
  await knock(grace, meeting.link, "Grace");
  await grace.sees(lobbyWords);
  await ada.sees("Grace waits to come in");
  assert.match(await ada.page.getByRole("button", { name: "Participants", exact: true }).innerText(), /1/, "a badge");
  const nils = await visitor();
  await knock(nils, meeting.link, "Nils");
  await nils.sees(lobbyWords);
  await ada.sees("2 people wait to come in");
  assert.equal(await grace.has("Participants"), false, "in without a yes");

  await ada.press("Show who waits");
  const row = (name) => ada.page.getByRole("listitem").filter({ hasText: name });
  await row("Grace").getByRole("button", { name: "Admit", exact: true }).click();
  await inRoom(grace);
  await row("Nils").getByRole("button", { name: "Deny", exact: true }).click();
  await nils.sees("The host did not let you in");
  assert.deepEqual(await nils.evaluate(() => inside.events.filter((e) => e.type === "admitted")), []);
  await until("nobody waits", async () => !(await panel(ada, "Participants")).includes("Waiting to come in"));

  // Who was denied may ask again.
  await nils.press("Try again");
  await knock(nils, meeting.link, "Nils");
  await nils.sees(lobbyWords);
  await nils.press("Leave");
  await until("nobody waits", async () => !(await panel(ada, "Participants")).includes("Waiting to come in"));
  await nils.close();
  await grace.close();
});

test("a host admits all at once", async () => {
  await askFirst(ada, true);
  const guests = [];
  for (const name of ["Dora", "Emil"]) {
    const guest = await visitor();
    await knock(guest, meeting.link, name);
    await guest.sees(lobbyWords);
    guests.push(guest);
  }
  await panel(ada, "Participants");
  await ada.press("Admit all");
  for (const guest of guests) await inRoom(guest);
  // The list is in the order in which they came in, and either may be quicker.
  await until("both in the list", async () => {
    const people = await panel(ada, "Participants");
    return people.includes("Dora") && people.includes("Emil") && people.startsWith("3 people");
  });
  for (const guest of guests) await guest.close();
});

test("nobody comes into a locked meeting, and a host lets them in again", async () => {
  await more(ada, "Lock meeting");
  await ada.sees("The meeting is locked: nobody else can come in.");
  const grace = await visitor();
  await knock(grace, meeting.link, "Grace");
  await grace.sees("The meeting is locked");
  await grace.sees("Nobody else can come in until the host unlocks it.");
  await more(ada, "Unlock meeting");
  await until("unlocked", async () => !(await panel(ada, "Participants")).includes("The meeting is locked"));
  await grace.press("Try again");
  await grace.fill("Your name", "Grace");
  await grace.press("Join");
  await inRoom(grace);
  await grace.close();
});

test("the door by number and password is the weaker one, and the host sees who took it", async () => {
  const paul = await visitor(firefoxPerson, firefox);
  await paul.goto("/join");
  await paul.sees("so it is a weaker key than the link");
  await paul.fill("Meeting number", meeting.number);
  await paul.fill("Your name", "Paul");
  await paul.fill("Meeting password", meeting.password);
  await paul.press("Join");
  await inRoom(paul);
  const security = await until("Paul among the readers", async () => {
    const text = await panel(ada, "Security");
    return text.includes("Paul") && text;
  });
  assert.match(security, /Paul[^]*Came by number and password/);
  assert.match(security, /Who comes by number and password is let in by a password the server knows/);
  assert.equal(await securityCode(paul), await securityCode(ada));
  await paul.close();
});

test("a link whose secret is not the group's opens nothing", async () => {
  const wanda = await visitor();
  await wanda.goto(meeting.link);
  await wanda.sees("At the door"); // the page has looked, and read the secret for that
  await wanda.fill("Your name", "Wanda");
  // The site's proof was that of the real secret; what opens the Welcome is another.
  const proof = wanda.page.waitForRequest((request) => request.url().endsWith("/v1/meetings/join"));
  const key = `link ${meeting.number}`;
  const secret = await wanda.evaluate((k) => sessionStorage.getItem(k), key);
  assert.equal(secret, meeting.link.split("#")[1], "this is where the page keeps it");
  const wrong = secret.replace(/^./, (first) => (first === "A" ? "B" : "A"));
  await wanda.evaluate(
    ([k, other]) => {
      const { getItem } = Storage.prototype;
      let asked = 0;
      Storage.prototype.getItem = function (name) {
        const kept = getItem.call(this, name);
        return name === k && ++asked > 1 ? other : kept;
      };
    },
    [key, wrong],
  );
  await wanda.press("Join");
  await proof;
  await wanda.sees("Your link does not open this meeting's encryption");
  assert.equal(await wanda.has("Participants"), false);
  await until("the group without Wanda", async () => !(await panel(ada, "Security")).includes("Wanda"));
  await wanda.close();
});

test("one host in two browsers is two hosts with one code", async () => {
  const again = await visitor();
  await again.goto("/signin");
  await again.fill("Email", "ada@example.org");
  await again.fill("Password", password);
  await again.press("Sign in");
  await again.sees("Your meetings");
  await joinByLink(again, meeting.link, "Ada Elsewhere");
  const grace = await visitor(firefoxPerson, firefox);
  await joinByLink(grace, meeting.link, "Grace");
  const codes = await until("one code", async () => {
    const all = [];
    for (const person of [ada, again, grace]) all.push(await securityCode(person));
    return new Set(all).size === 1 && all;
  });
  assert.match(codes[0], /^\d{30}$/);
  const names = /Ada Host[^]*Ada Elsewhere[^]*Grace/;
  for (const person of [ada, again, grace]) {
    assert.match(await panel(person, "Security"), names, person.browser);
    const people = await panel(person, "Participants");
    assert.match(people, names, person.browser);
    assert.equal(people.match(/^Host$/gm).length, 2, "two hosts");
  }
  // Both may ask first, and either may admit.
  await askFirst(again, true);
  const dora = await visitor();
  await knock(dora, meeting.link, "Dora");
  for (const person of [ada, again]) await until("the knock", () => person.has("Admit"));
  await ada.press("Admit");
  await inRoom(dora);
  for (const person of [dora, grace, again]) await person.close();
});
