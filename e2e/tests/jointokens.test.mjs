// An administrator registers a key of an embedder's server, which then signs people
// in with the code that docs/join-tokens.md shows, until the key is revoked. Who comes
// with a token into a frame comes back into it as well, and nobody else does.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { allowOrigins, inFrame, mounting, openEmbedder } from "../lib/embedder.mjs";
import { extremes, look } from "../lib/look.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { enter, inRoom, schedule, setUp } from "../lib/steps.mjs";

let server, browser, embedder, ada, folder, meeting;

before(async () => {
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  await setUp(ada, server);
  meeting = await schedule(ada, "Consultation");
  folder = await mkdtemp(path.join(tmpdir(), "join-"));
  embedder = await openEmbedder({ "/mount": mounting(server.url) });
});

after(async () => {
  await browser?.close();
  await embedder?.close();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Makes a key, and the code of the page for developers as a module that finds it. */
async function documented(name) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const key = path.join(folder, `${name}.key`);
  await writeFile(key, privateKey, { mode: 0o600 });
  const text = await readFile(path.join(root, "docs/join-tokens.md"), "utf8");
  const [, code] = /```js\n(.*?)```/s.exec(text);
  const file = path.join(folder, `${name}.mjs`);
  await writeFile(file, code.replace('"join.key"', JSON.stringify(key)));
  return { publicKey, make: (await import(pathToFileURL(file).href)).joinToken };
}

async function join(joinToken) {
  const response = await fetch(new URL("/v1/meetings/join", server.url), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ meetingNumber: meeting.number, joinToken }),
  });
  return { status: response.status, ...(await response.json()) };
}

test("a key is registered, signs people in, and is revoked", async () => {
  const { publicKey, make } = await documented("portal");
  await ada.goto("/admin/embedding");
  await ada.sees("There is no key yet");
  await ada.sees("no page may show a meeting");
  await look(ada, "embedding-none", { of: extremes });
  await ada.press("Add a key");
  await ada.press("Add");
  await ada.sees("Paste the public key.");
  await ada.fill("Name", "Patient portal");
  await ada.fill("Public key", "-----BEGIN PUBLIC KEY-----");
  await ada.press("Add");
  await ada.sees("The PEM text is damaged");
  await look(ada, "embedding-add", { of: extremes });
  await ada.fill("Public key", publicKey);
  await ada.select("Up to", "Host");
  await ada.press("Add");
  await ada.sees("A token of Patient portal");
  await look(ada, "embedding-sample", { of: extremes });
  const [header, ...claims] = (await ada.page.getByLabel("Header and claims").inputValue()).split("\n");
  const { kid } = JSON.parse(header);
  const { aud } = JSON.parse(claims.join("\n"));
  await ada.press("Done");
  await ada.sees("EdDSA");
  await look(ada, "embedding", { of: extremes });

  const token = () => make({ kid, aud, meeting: meeting.number, name: "Dr. Grace", role: "host" });
  const first = token();
  const came = await join(first);
  assert.deepEqual([came.status, came.displayName, came.role, came.waiting], [200, "Dr. Grace", "host", false]);
  assert.equal((await join(first)).code, "join_refused", "a second time");
  assert.equal((await join(token())).status, 200, "another");

  await ada.press("Revoke Patient portal");
  await ada.press("Revoke");
  await ada.sees("Revoked");
  assert.equal((await join(token())).code, "join_refused", "of a revoked key");
  await ada.goto("/admin/audit");
  await ada.page.getByText("Was refused with a join token").locator("visible=true").first().waitFor();
  assert.deepEqual(ada.problems.filter((text) => !text.includes("422")), []);
});

test("who comes with a token into a frame comes back by it, from wherever they were", async () => {
  const { publicKey, make } = await documented("shop");
  allowOrigins(server, [embedder.url]);
  const { kid, aud } = await ada.evaluate(async (publicKey) => {
    const keys = "/v1/sites/default/joinKeys";
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ name: "Shop", publicKey, maxRole: "host" });
    const { id } = await (await fetch(keys, { method: "POST", headers, body })).json();
    return { kid: id, aud: (await (await fetch(keys)).json()).audience };
  }, publicKey);
  const comes = async (jwt) => {
    const person = await chromiumPerson(browser, embedder.url);
    await person.goto("/mount");
    await until("the component", () => person.evaluate(() => typeof mount === "function"));
    const [, secret] = meeting.link.split("#");
    await person.evaluate((o) => mount(o), { number: meeting.number, secret, jwt });
    return { person, frame: inFrame(person) };
  };
  const token = (name, role) => make({ kid, aud, meeting: meeting.number, name, role });
  const joined = ({ person }, times) =>
    until(`in for the ${times}. time`, async () => {
      const all = await person.evaluate(() => told.filter(([type]) => type === "videoConferenceJoined"));
      return all.length === times && all.at(-1)[1];
    }, 30);
  // Where nothing can be stored, one may be at the door again.
  const reload = async (frame, isBack) => {
    await frame.evaluate(() => {
      globalThis.old = true;
      setTimeout(() => location.reload(), 0);
    });
    await until("the new page", () => frame.evaluate(() => !globalThis.old), 20);
    await until("the door, or behind it", async () => (await frame.has("Join")) || isBack(), 20);
    if (await frame.has("Join")) await frame.press("Join");
  };

  const grace = await comes(token("Dr. Grace", "host"));
  const field = () => {
    const { value, readOnly } = document.querySelector("input[name=displayName]") ?? {};
    return `${value} ${readOnly}`;
  };
  await until("a name that stays", async () => (await grace.frame.evaluate(field)) === "Dr. Grace true");
  await enter(grace.frame);
  assert.equal((await joined(grace, 1)).role, "host");
  await reload(grace.frame, () => grace.frame.has("Participants"));
  assert.equal((await joined(grace, 2)).role, "host");
  await inRoom(grace.frame);
  await grace.person.evaluate(() => meeting.executeCommand("hangup"));
  await grace.frame.sees("You left the meeting");
  await grace.frame.press("Rejoin");
  await enter(grace.frame);
  assert.equal((await joined(grace, 3)).role, "host");

  await grace.person.evaluate(() => meeting.executeCommand("toggleLobby", { enabled: true }));
  const jwt = token("Hopper", "attendee");
  const hopper = await comes(jwt);
  await hopper.frame.press("Join");
  await hopper.frame.sees("Waiting for the host to let you in");
  await reload(hopper.frame, async () => (await hopper.frame.text()).includes("Waiting for the host"));
  await hopper.frame.sees("Waiting for the host to let you in");
  await grace.frame.press("Participants");
  await until("the knock", () => grace.frame.has("Admit"));
  await grace.frame.press("Admit");
  assert.deepEqual([(await joined(hopper, 1)).displayName, (await joined(hopper, 1)).role], ["Hopper", "attendee"]);

  const thief = await comes(jwt);
  await thief.frame.sees("This meeting does not open");
  assert.ok(await thief.frame.has("Try again"));
  for (const { person } of [grace, hopper, thief]) await person.close();
});
