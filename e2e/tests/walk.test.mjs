// A new administrator: from the set-up link to a site with two hosts, rules for
// passwords and a text that people agree to. What they do is counted, for a person
// needs about three seconds for each thing, and a picture of every step is kept.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { settle } from "../lib/look.mjs";
import { root, startServer } from "../lib/server.mjs";
import { password } from "../lib/steps.mjs";

const out = path.join(root, "e2e/out");
let server, browser, ada;
let acts = 0;

before(async () => {
  await mkdir(out, { recursive: true });
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function fill(label, text) {
  acts++;
  await ada.page.getByLabel(label, { exact: true }).fill(text);
}

async function click(role, name) {
  acts++;
  await ada.page.getByRole(role, { name, exact: true }).click();
}

/** Keeps a picture of where the walk has come to. */
async function step(n, name) {
  await ada.evaluate(settle);
  await ada.screenshot(path.join(out, `walk-${n}-${name}.png`));
}

async function addHost(name, email) {
  await click("button", "Add a person");
  await fill("Name", name);
  await fill("Email", email);
  await step(3, `add-${name.toLowerCase()}`);
  await click("button", "Add");
  await ada.sees("Hand over this link");
  const link = await ada.page.getByLabel("Link", { exact: true }).inputValue();
  await click("button", "Done");
  await ada.sees(email);
  return link;
}

test("a site is ready in less than five minutes", async () => {
  await ada.goto(server.setupLink);
  acts++;
  await step(1, "set-up");
  await fill("Your name", "Ada Host");
  await fill("Email", "ada@example.org");
  await fill("Password", password);
  await click("button", "Set up");
  await ada.sees("Schedule a meeting");
  await step(2, "meetings");
  await click("link", "Administration");
  await ada.sees("Add a person");
  const hal = await addHost("Hal", "hal@example.org");
  await addHost("Ida", "ida@example.org");
  await step(4, "people");
  await click("link", "Policy");
  await ada.sees("In the meeting");
  await step(5, "policy");
  await click("checkbox", "Strong passwords for accounts and meetings");
  await fill("Characters, at least", "12");
  await fill("Text that people agree to before they come in", "What is said here is confidential.");
  await click("button", "Save the policy");
  await ada.sees("Saved. It holds from now on.");
  await step(6, "saved");
  console.log(`${acts} clicks and fields`);
  assert.ok(acts * 3 < 5 * 60, `${acts} clicks and fields take longer than five minutes`);

  // What was set holds: a host cannot choose a short password.
  const host = await chromiumPerson(browser, server.url);
  await host.goto(hal);
  await host.fill("Password", "short one");
  await host.press("Set password and sign in");
  await host.sees("12");
  await host.fill("Password", "seven quiet copper lamps");
  await host.press("Set password and sign in");
  await host.sees("Your meetings");
  await host.close();
});
