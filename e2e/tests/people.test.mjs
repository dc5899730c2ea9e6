// An administrator makes two hosts, hands each the link, and they choose their
// passwords and sign in: in Chromium, on a server that sends no mail.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { startServer, until } from "../lib/server.mjs";
import { schedule, setUp } from "../lib/steps.mjs";

let server, browser, ada;

before(async () => {
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  await setUp(ada, server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const handed = (person) => person.page.getByLabel("Link", { exact: true }).inputValue();

async function add(name, email) {
  await ada.goto("/admin/people");
  await ada.press("Add a person");
  await ada.fill("Name", name);
  await ada.fill("Email", email);
  await ada.press("Add");
  await ada.sees("Hand over this link");
  const link = await handed(ada);
  await ada.press("Done");
  await ada.sees(email);
  return link;
}

async function welcome(link, password) {
  const person = await chromiumPerson(browser, server.url);
  await person.goto(link);
  await person.sees("choose the password");
  assert.equal(new URL(person.page.url()).hash, "", "the token stays in the address bar");
  await person.fill("Password", password);
  await person.press("Set password and sign in");
  await person.sees("Your meetings");
  return person;
}

test("an admin makes two hosts, who choose passwords and sign in", async () => {
  for (const [name, email, password] of [
    ["Hal", "hal@example.org", "seven quiet lamps"],
    ["Ida", "ida@example.org", "eleven loud chairs"],
  ]) {
    const link = await add(name, email);
    const host = await welcome(link, password);
    await schedule(host, `${name}'s meeting`);
    await host.press("Sign out");
    await host.goto("/signin");
    await host.fill("Email", email);
    await host.fill("Password", password);
    await host.press("Sign in");
    await host.sees(`${name}'s meeting`);
    await host.goto(link);
    await host.sees("used already");
    assert.deepEqual(host.problems.filter((p) => !/403|401/.test(p)), []);
    await host.close();
  }
});

test("a forgotten password waits for the admin, and the link ends other logins", async () => {
  const hal = await chromiumPerson(browser, server.url);
  await hal.goto("/signin");
  await hal.fill("Email", "hal@example.org");
  await hal.fill("Password", "seven quiet lamps");
  await hal.press("Sign in");
  await hal.sees("Your meetings");

  const elsewhere = await chromiumPerson(browser, server.url);
  await elsewhere.goto("/signin");
  await elsewhere.page.getByRole("link", { name: "Forgot your password?" }).click();
  await elsewhere.fill("Email", "hal@example.org");
  await elsewhere.press("Ask for a link");
  await elsewhere.sees("An administrator has to agree");

  await ada.goto("/admin/people");
  await ada.sees("Forgot their password");
  await ada.press("Approve for Hal");
  await ada.sees("Hand over this link");
  const again = await welcome(await handed(ada), "nine round windows");
  await hal.goto("/meetings");
  await until("the sign-in page", () => hal.path() === "/signin");
  for (const person of [hal, elsewhere, again]) await person.close();
});

test("disabled is signed out, at once", async () => {
  const ida = await chromiumPerson(browser, server.url);
  await ida.goto("/signin");
  await ida.fill("Email", "ida@example.org");
  await ida.fill("Password", "eleven loud chairs");
  await ida.press("Sign in");
  await ida.sees("Your meetings");
  await ada.goto("/admin/people");
  await ada.press("Edit Ida");
  await ada.page.getByLabel("Disabled: nobody can sign in with this account").check();
  await ada.press("Save");
  await until("the state", async () => /Ida[\s\S]*Disabled/.test(await ada.text()));
  await ida.goto("/meetings");
  await until("the sign-in page", () => ida.path() === "/signin");
  await ida.close();
});

test("one's own profile: name, password, logins and a token", async () => {
  await ada.goto("/profile");
  await ada.fill("Your name", "Ada Lovelace");
  await ada.select("New meetings take", "45 minutes");
  await ada.select("Time zone", "Europe/Zurich");
  await ada.press("Save");
  await ada.sees("Saved");
  await ada.reload();
  await until("the new name", async () => (await ada.page.getByLabel("Your name").inputValue()) === "Ada Lovelace");
  assert.equal(await ada.page.getByLabel("New meetings take").inputValue(), "45");
  await ada.press("Make a token");
  await ada.page.getByRole("dialog").getByLabel("Name of the program").fill("Calendar");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Make a token", exact: true }).click();
  await ada.sees("Your new token");
  const token = await ada.page.getByLabel("Token", { exact: true }).inputValue();
  await ada.press("Done");
  const call = (path, init) => fetch(new URL(path, server.url), { headers: { Authorization: `Bearer ${token}` }, ...init });
  assert.equal((await (await call("/v1/me")).json()).name, "Ada Lovelace");
  assert.equal((await call("/v1/meetings", { method: "POST" })).status, 403);
  await ada.press("Delete the token Calendar");
  await ada.sees("You have none.");
  assert.equal((await call("/v1/me")).status, 401);
  await ada.press("Sign out everywhere");
  await until("the sign-in page", () => ada.path() === "/signin");
});
