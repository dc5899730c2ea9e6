// A browser runs the files that belong to the document, and no others: whatever
// stands between it and the server, a file that was changed on the way is refused.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { startProxy } from "../lib/proxy.mjs";
import { startServer, until } from "../lib/server.mjs";

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

/** One byte more, and one that changes nothing a script or a stylesheet does. */
const altered = (file) => (path, body) => (file.test(path) ? Buffer.concat([body, Buffer.from("\n")]) : body);

/** The document with one more script, of which it does not say what it must be. */
const oneMoreScript = (path, body) => {
  if (path === "/extra.js") return "document.documentElement.dataset.ran = 'yes';";
  return path === "/signin" ? body.toString().replace("</head>", '<script src="/extra.js"></script></head>') : body;
};

for (const [name, start, person] of [
  ["Chromium", startChromium, chromiumPerson],
  ["Firefox", startFirefox, firefoxPerson],
]) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await start();
    });
    after(() => browser?.close());

    /** Opens the sign-in page through a proxy and hands it to `look`. */
    async function signInPage(change, look) {
      const proxy = await startProxy(server.url, change);
      const visitor = await person(browser, proxy.url);
      try {
        await visitor.goto("/signin");
        await look(visitor);
      } finally {
        await visitor.close();
        await proxy.stop();
      }
    }

    const refused = (visitor) =>
      until("a refusal", () => visitor.problems.find((p) => /integrity/i.test(p) && /block|match|missing/i.test(p)));

    test("files that were not changed make a page", () =>
      signInPage(undefined, async (visitor) => {
        await visitor.sees("For people who host meetings");
        assert.equal(await visitor.evaluate(() => getComputedStyle(document.body).margin), "0px");
        assert.deepEqual(visitor.problems, []);
      }));

    test("a changed entry script does not run", () =>
      signInPage(altered(/^\/assets\/index-.*\.js$/), async (visitor) => {
        await refused(visitor);
        assert.equal((await visitor.text()).trim(), "");
      }));

    test("a changed stylesheet is not applied", () =>
      signInPage(altered(/^\/assets\/.*\.css$/), async (visitor) => {
        await visitor.sees("For people who host meetings");
        await refused(visitor);
        assert.equal(await visitor.evaluate(() => getComputedStyle(document.body).margin), "8px");
      }));

    for (const [what, file] of [
      ["script of a page", /^\/assets\/signin-.*\.js$/],
      ["script that such a script imports", /^\/assets\/login-.*\.js$/],
    ]) {
      test(`a changed ${what} does not run`, () =>
        signInPage(altered(file), async (visitor) => {
          await visitor.sees("This page could not be loaded");
          await refused(visitor);
        }));
    }

    test("a script without a hash does not run", () =>
      signInPage(oneMoreScript, async (visitor) => {
        await visitor.sees("For people who host meetings");
        assert.equal(await visitor.evaluate(() => document.documentElement.dataset.ran), undefined);
      }));

    for (const [what, change, fine] of [
      ["is what it must be", undefined, true],
      ["was changed", altered(/\.worker-.*\.js$/), false],
    ]) {
      test(`the document tells whether a worker ${what}`, () =>
        signInPage(change, async (visitor) => {
          const fetched = await visitor.evaluate(async () => {
            const { integrity } = JSON.parse(document.querySelector('script[type="importmap"]').textContent);
            const workers = Object.keys(integrity).filter((path) => path.includes(".worker-"));
            const got = await Promise.allSettled(workers.map((path) => fetch(path, { integrity: integrity[path] })));
            return got.map(({ status }) => status === "fulfilled");
          });
          assert.ok(fetched.length > 0);
          assert.deepEqual(new Set(fetched), new Set([fine]));
        }));
    }
  });
}
