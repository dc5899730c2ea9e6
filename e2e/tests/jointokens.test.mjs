// An administrator registers a key of an embedder's server, which then signs people
// in with the code that docs/join-tokens.md shows, until the key is revoked. Who comes
// with a token into a frame is called and may do what it says.

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
import { enter, schedule, setUp } from "../lib/steps.mjs";

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

test("who comes with a token into a frame is who it says", async () => {
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
  const grace = await comes(token("Dr. Grace", "host"));
  const field = () => {
    const { value, readOnly } = document.querySelector("input[name=displayName]") ?? {};
    return `${value} ${readOnly}`;
  };
  await until("a name that stays", async () => (await grace.frame.evaluate(field)) === "Dr. Grace true");
  await enter(grace.frame);
  assert.equal((await joined(grace, 1)).role, "host");
  await grace.person.close();
});
