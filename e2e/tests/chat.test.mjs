// What is written goes to whom it is for, between the two browsers, and to
// nobody else's page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, host, joinByLink, panel, write } from "../lib/steps.mjs";

let server, chromium, firefox, ada, grace, nils, meeting;

before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  ada = await chromiumPerson(chromium, server.url);
  meeting = await host(ada, server, "In writing");
  grace = await chromiumPerson(chromium, server.url);
  nils = await firefoxPerson(firefox, server.url);
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(nils, meeting.link, "Nils");
  for (const person of [ada, grace, nils]) {
    await until("three people", async () => (await panel(person, "Participants")).includes("3 people"));
  }
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

const reads = (person, text) => until(`${text} in ${person.browser}`, async () => (await panel(person, "Chat")).includes(text));

for (const [what, from, to, text, mark] of [
  ["everyone, out of Firefox", () => nils, "Everyone", "To all from Nils", null],
  ["everyone, out of Chromium", () => grace, "Everyone", "To all from Grace", null],
  ["one person, out of Firefox", () => nils, "Ada Host", "Nils to Ada alone", "only to you"],
  ["one person, out of Chromium", () => grace, "Nils", "Grace to Nils alone", "only to you"],
  ["the hosts, out of Firefox", () => nils, "Hosts", "Nils to the hosts", "to hosts"],
  ["the hosts, out of Chromium", () => grace, "Hosts", "Grace to the hosts", "to hosts"],
]) {
  test(`a message to ${what}`, async () => {
    const sender = from();
    const everybody = [ada, grace, nils];
    const readers = { Everyone: everybody, Hosts: [ada], "Ada Host": [ada], Nils: [nils] }[to];
    await write(sender, text, to);
    for (const reader of readers) await reads(reader, text);
    const [first] = readers;
    if (mark) assert.match(await panel(first, "Chat"), new RegExp(`${mark}[^]*${text}`));
    // A later message to all has come everywhere: what came before would have, too.
    await write(sender, `After: ${text}`);
    for (const person of everybody) {
      await reads(person, `After: ${text}`);
      if (person === sender || readers.includes(person)) continue;
      const shown = (await person.evaluate(() => document.documentElement.outerHTML)).replaceAll(`After: ${text}`, "");
      assert.ok(!shown.includes(text), `${person.browser} shows what is not for it`);
    }
  });
}

test("a message is counted while the chat is closed", async () => {
  await ada.press("Chat");
  await write(nils, "Are you there?");
  await until("a number on the button", async () =>
    /1/.test(await ada.page.getByRole("button", { name: "Chat", exact: true }).innerText()),
  );
  await ada.press("Chat");
  await ada.sees("Are you there?");
});

test("what looks like markup or a link does nothing by itself", async () => {
  const asked = [];
  ada.page.on("request", (request) => asked.push(request.url()));
  const bait = 'https://tracker.example/pixel.png <img src="https://tracker.example/img.png"> javascript:alert(1)';
  await write(nils, bait);
  for (const person of [ada, grace]) await reads(person, bait);
  const log = () => ({
    active: document.querySelectorAll(".chat-log :is(a, img, iframe, script, link, object, embed)").length,
    buttons: [...document.querySelectorAll(".chat-log .address")].map((b) => b.textContent),
  });
  const addresses = ["https://tracker.example/pixel.png", "https://tracker.example/img.png"];
  for (const person of [ada, nils]) {
    await panel(person, "Chat");
    assert.deepEqual(await person.evaluate(log), { active: 0, buttons: addresses });
  }
  await ada.page.getByRole("button", { name: addresses[0] }).click();
  await ada.sees("It was sent in the chat and leads to tracker.example.");
  const link = ada.page.getByRole("link", { name: "Open", exact: true });
  assert.equal(await link.getAttribute("href"), addresses[0]);
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  await ada.press("Cancel");
  assert.deepEqual(asked.filter((url) => url.includes("tracker.example")), []);
});

test("nothing that was written is left when the meeting is over", async () => {
  await endForEveryone(ada);
  for (const person of [grace, nils]) await person.sees("The meeting has ended");
  const left = async () => {
    const databases = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done) => {
        indexedDB.open(name).onsuccess = ({ target }) => done(target.result);
      });
      for (const store of db.objectStoreNames) {
        const request = db.transaction(store).objectStore(store).getAll();
        databases.push(await new Promise((done) => (request.onsuccess = () => done(request.result))));
      }
      db.close();
    }
    const kept = [{ ...localStorage }, { ...sessionStorage }, databases, await caches.keys(), history.state];
    return document.documentElement.outerHTML + document.title + location.href + JSON.stringify(kept);
  };
  for (const person of [ada, grace, nils]) {
    const all = await person.evaluate(left);
    assert.ok(all.includes("The meeting has ended"), "the page was not read");
    for (const word of ["To all from", "to Nils alone", "Nils to the hosts", "Are you there?", "tracker.example"]) {
      assert.ok(!all.includes(word), `${person.browser} still has: ${word}`);
    }
  }
});
