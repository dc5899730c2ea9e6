// What is left when a meeting is over: nothing of what was said, shown and written,
// and nobody's name, on the page, in what it stores, and in the browser's files.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium, startKept } from "../lib/chromium.mjs";
import { startServer, until } from "../lib/server.mjs";
import { endForEveryone, enter, joinByLink, panel, schedule, setUp, write } from "../lib/steps.mjs";

const hostName = "Adalbert Zwirbelhost";
const word = "quokkaharmonium";
let server, browser, ada, meeting;

before(async () => {
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  await setUp(ada, server, hostName);
  meeting = await schedule(ada, "Over and out");
  await ada.press("Start");
  await enter(ada);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A guest has seen the host, read what was written, and looked at who is here and at the keys. */
async function takePart(guest) {
  await joinByLink(guest, meeting.link, "Grace");
  await panel(ada, "Chat");
  await write(ada, `${word} for ${guest.browser}`);
  await until("a picture", () => guest.evaluate(() => [...document.querySelectorAll("video")].some((v) => v.videoWidth > 0)));
  await panel(guest, "Security");
  await panel(guest, "Participants");
  await panel(guest, "Chat");
  await guest.sees(word);
  return kept(guest);
}

/** All that the page shows and holds: its elements, its pictures, and every store it has. */
function kept(person) {
  return person.evaluate(async () => {
    const fields = [...document.querySelectorAll("input, textarea")].map(({ value }) => value);
    const stores = { tab: { ...sessionStorage }, browser: { ...localStorage }, caches: await caches.keys() };
    const database = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((found) => {
        indexedDB.open(name).onsuccess = ({ target }) => found(target.result);
      });
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store);
        const read = (request) => new Promise((found) => {
          request.onsuccess = () => found(request.result);
        });
        const [keys, values] = await Promise.all([read(all.getAllKeys()), read(all.getAll())]);
        database.push([store, keys, values]);
      }
      db.close();
    }
    return {
      text: [document.documentElement.outerHTML, ...fields, JSON.stringify(stores), JSON.stringify(database)].join("\n"),
      pictures: [...document.querySelectorAll("video, canvas")].filter((v) => v.srcObject || v.width > 0).length,
      stores: database.map(([store]) => store),
    };
  });
}

function hasNothing({ text, pictures, stores }) {
  assert.ok(!text.includes(word), "what was written is still there");
  assert.ok(!text.includes("Adalbert"), "the name of another is still there");
  assert.equal(pictures, 0, "a picture is still there");
  assert.ok(stores.includes("people"), "the stores were not looked through");
}

function hasAll({ text, pictures }) {
  assert.ok(text.includes(word), "the chat is not found while it is there");
  assert.ok(text.includes("Adalbert"), "the name is not found while it is there");
  assert.ok(pictures > 0, "the pictures are not found while they are there");
}

test("who leaves, or is there when it ends, has nothing left of the meeting", async () => {
  await ada.press("Start camera");
  const guest = await chromiumPerson(browser, server.url);
  hasAll(await takePart(guest));
  await guest.press("Leave");
  await guest.sees("You left the meeting");
  await guest.sees("Thank you for coming. The meeting goes on without you.");
  await guest.sees("Nothing that was said, shown or written is kept here.");
  hasNothing(await kept(guest));
  await guest.press("Rejoin");
  hasAll(await takePart(guest));
  const folder = await mkdtemp(path.join(tmpdir(), "conclave-profile-"));
  const own = await startKept(folder);
  const keeper = await chromiumPerson(own, server.url);
  hasAll(await takePart(keeper));
  await endForEveryone(ada);
  await guest.sees("The meeting has ended");
  hasNothing(await kept(guest));
  await keeper.sees("The meeting has ended");
  hasNothing(await kept(keeper));
  await keeper.close();
  await filesHaveNothing(folder);
  await rm(folder, { recursive: true });
  hasNothing(await kept(ada));
  assert.ok(await ada.page.getByRole("link", { name: "See the record in Reports" }).isVisible());
});

/** The number of the meeting is in the browser's history, so the search finds what is there. */
async function filesHaveNothing(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = { [meeting.number]: 0, [word]: 0, Adalbert: 0 };
  for (const entry of entries.filter((e) => e.isFile())) {
    const bytes = await readFile(path.join(entry.parentPath, entry.name));
    for (const text of Object.keys(found)) {
      if (bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le"))) found[text]++;
    }
  }
  assert.ok(found[meeting.number] > 0, "the search finds nothing at all");
  assert.deepEqual([found[word], found.Adalbert], [0, 0], "the profile has something of the meeting");
}
