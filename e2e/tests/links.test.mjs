// The secret of a host's link is made in their browser and stays there: the
// server is not told, and another browser of the same person does not have it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { startServer, until } from "../lib/server.mjs";
import { password, schedule, setUp } from "../lib/steps.mjs";

const whole = /http\S+\/j\/\d{11}#[\w-]{43}/;

let server, chromium, firefox;
before(async () => {
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
});
after(async () => {
  await chromium?.close();
  await firefox?.close();
  await server?.stop();
});

async function signIn(person) {
  await person.goto("/signin");
  await person.fill("Email", "ada@example.org");
  await person.fill("Password", password);
  await person.press("Sign in");
  await person.sees("Your meetings");
}

/** What a script gets of the kept links and of the key they are sealed with. */
const stored = (person) =>
  person.evaluate(async () => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const db = await done(indexedDB.open("conclave"));
    const all = async (store) => done(db.transaction(store).objectStore(store).getAll());
    const links = (await all("links")).map(({ sealed }) => new TextDecoder("latin1").decode(sealed));
    const keys = (await all("wrapping")).map((key) => key.extractable);
    db.close();
    return { links, keys };
  });

test("a link is made in the browser, and the server is not told its secret", async () => {
  const ada = await chromiumPerson(chromium, server.url);
  const sent = [];
  ada.page.on("request", (request) => sent.push(`${request.url()}\n${JSON.stringify(request.headers())}\n${request.postData() ?? ""}`));
  await setUp(ada, server);
  const { link, number } = await schedule(ada, "Weekly");
  const secret = link.split("#")[1];
  assert.match(link, whole);

  await ada.page.reload();
  await ada.sees(link);
  const kept = await stored(ada);
  assert.deepEqual([kept.links.length, kept.keys], [1, [false]]);
  assert.ok(!kept.links[0].includes(secret));

  // The door: a guest with the link, and the owner without it.
  const guest = await chromiumPerson(chromium, server.url);
  guest.page.on("request", (request) => sent.push(`${request.url()}\n${request.postData() ?? ""}`));
  await guest.goto(link);
  await guest.sees("invites you");
  await ada.goto(`/j/${number}`);
  await ada.sees("Weekly");
  await guest.close();

  assert.ok(sent.some((s) => s.includes("linkProof")), "requests were seen");
  assert.ok(!sent.join().includes(secret), "no request has the secret");
  assert.ok(!server.log.join().includes(secret), "nor has the log");
  await ada.close();
});

for (const [name, start] of [
  ["Chromium", () => chromiumPerson(chromium, server.url)],
  ["Firefox", () => firefoxPerson(firefox, server.url)],
]) {
  test(`${name}: a link stays on its device until its owner signs out`, async () => {
    const ada = await start();
    await signIn(ada);
    await ada.sees("Weekly");
    await ada.sees("This device does not have the link of this meeting");
    assert.doesNotMatch(await ada.text(), whole, "the link of another device has no secret here");

    await schedule(ada, `Made in ${name}`);
    await ada.goto("/meetings");
    await until("the link after a reload", async () => whole.test(await ada.text()));

    await ada.press("Sign out");
    await until("the way in", () => ada.path() === "/");
    await signIn(ada);
    await ada.sees(`Made in ${name}`);
    assert.doesNotMatch(await ada.text(), whole);
    await ada.close();
  });
}
