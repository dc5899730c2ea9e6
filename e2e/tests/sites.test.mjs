// A site beside the first one, under its prefix: a host signs in, schedules and
// copies the invitation, and a guest comes by its link. Nobody ever leaves /s/acme.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { endForEveryone, enter, joinByLink, password, schedule, securityCode } from "../lib/steps.mjs";

const email = "ada@acme.example";
let server, browser;

/** What the operator types, while the server runs. */
function operate(input, ...args) {
  execFileSync(path.join(root, "bin/conclave"), [...args, "--data", server.data], { input });
}

before(async () => {
  server = await startServer({ udp: "127.0.0.1" });
  browser = await startChromium();
  operate("", "site", "create", "--name", "acme", "--title", "Acme Ltd");
  operate(`${password}\n`, "user", "create", "--site", "acme", "--email", email, "--name", "Ada Acme", "--role", "host");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Where a person is, and every request of theirs that was for another site. */
function watched(person) {
  const strayed = [];
  person.page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith("/s/acme") && !/^\/(assets\/|favicon)/.test(pathname)) strayed.push(pathname);
  });
  return strayed;
}

test("a whole meeting under a prefix", async () => {
  const ada = await chromiumPerson(browser, server.url);
  const adaStrayed = watched(ada);
  await ada.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await ada.goto("/s/acme/meetings");
  await until("the way to sign in", async () => new URL(ada.page.url()).pathname === "/s/acme/signin");
  await ada.fill("Email", email);
  await ada.fill("Password", password);
  await ada.press("Sign in");
  await ada.sees("Schedule a meeting");
  assert.equal(new URL(ada.page.url()).pathname, "/s/acme/meetings");

  const meeting = await schedule(ada, "Quarterly numbers");
  assert.ok(meeting.link.startsWith(`${server.url}/s/acme/j/`), meeting.link);
  await ada.press("Copy invitation");
  const copied = await until("the invitation", () => ada.evaluate(() => navigator.clipboard.readText()));
  assert.ok(copied.includes(meeting.link), "the invitation has the link of the site");

  await ada.press("Start");
  await enter(ada);
  const grace = await chromiumPerson(browser, server.url);
  const graceStrayed = watched(grace);
  await joinByLink(grace, meeting.link, "Grace");
  await ada.sees("Grace");
  assert.equal(await securityCode(ada), await securityCode(grace), "both have the same code");
  assert.ok(new URL(grace.page.url()).pathname.startsWith("/s/acme/j/"));

  await endForEveryone(ada);
  await grace.sees("The meeting has ended");
  await ada.goto("/s/acme/reports");
  await ada.sees("Quarterly numbers");

  await ada.goto("/meetings");
  await until("signed out elsewhere", async () => new URL(ada.page.url()).pathname === "/signin");
  adaStrayed.splice(adaStrayed.indexOf("/meetings")); // there she went herself
  assert.deepEqual([adaStrayed, graceStrayed], [[], []], "nobody asks another site for anything");
  for (const person of [ada, grace]) await person.close();
});
