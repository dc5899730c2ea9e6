// What a host does about others, as both of them see it: muting, asking to unmute,
// stopping shares, rights of all and of one, and a meeting given away and taken
// back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { extremes, look } from "../lib/look.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host, joinByLink, panel } from "../lib/steps.mjs";

let server, browser, ada, grace, bob;

before(async () => {
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  const { link } = await host(ada, server, "A well-run meeting");
  grace = await chromiumPerson(browser, server.url);
  bob = await chromiumPerson(browser, server.url);
  await joinByLink(grace, link, "Grace");
  await joinByLink(bob, link, "Bob");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const act = async (person, name, what) => {
  await panel(person, "Participants");
  await person.press(`Actions for ${name}`);
  await person.choose(what);
};

const settled = (person, name) => until(`${name} before ${person.browser}`, () => person.has(name));

/** A large window by day and a phone by night, without a fault. */
const looked = (person, name) => look(person, name, { of: extremes });

test("everybody is muted at once, and one is asked to unmute", async () => {
  for (const guest of [grace, bob]) {
    await guest.press("Unmute");
    await settled(guest, "Mute");
  }
  await panel(ada, "Participants");
  await settled(ada, "Mute everyone");
  await ada.press("Mute everyone");
  for (const guest of [grace, bob]) {
    await guest.sees("Ada Host muted you");
    await settled(guest, "Unmute");
  }
  await act(ada, "Grace", "Ask to unmute");
  await grace.sees("Ada Host asks you to unmute.");
  await looked(grace, "asked-to-unmute");
  assert.ok(await grace.has("Unmute"), "nobody opens a microphone but its owner");
  await grace.page.locator(".notice").getByRole("button", { name: "Unmute", exact: true }).click();
  await settled(grace, "Mute");
  assert.ok(!(await bob.has("Mute")), "who was not asked stays muted");
});

test("rights of all and of one, as they change", async () => {
  await act(ada, "Bob", "What they may do");
  const dialog = ada.page.getByRole("dialog");
  await dialog.getByLabel("Share a window, a tab or the screen").click();
  await until("no Share for Bob", async () => !(await bob.has("Share")));
  assert.ok(await grace.has("Share"), "what one may not do others still may");
  await looked(ada, "rights-of-one");
  await ada.page.keyboard.press("Escape");
  await ada.press("What attendees may do");
  await looked(ada, "rights-of-all");
  await dialog.getByLabel("Speak").click();
  await until("Grace is silenced", async () => !(await grace.has("Mute")) && !(await grace.has("Unmute")));
  await grace.sees("You may not speak here at the moment.");
  await dialog.getByLabel("See who is here").click();
  await until("Bob is not shown to Grace", async () => !(await panel(grace, "Participants")).includes("Bob"));
  await grace.sees("The other attendees are not shown here.");
  assert.match(await panel(grace, "Participants"), /Ada Host/);
  await dialog.getByLabel("Speak").click();
  await grace.sees("You may speak now.");
  await dialog.getByLabel("See who is here").click();
  await until("Bob is back", async () => (await panel(grace, "Participants")).includes("Bob"));
  await ada.page.keyboard.press("Escape");
});

test("the owner gives the meeting away, and takes it back", async () => {
  await act(ada, "Grace", "Make host");
  await grace.sees("You are a host now.");
  await act(ada, "Ada Host", "Step down as host");
  await ada.sees("You are an attendee now.");
  await until("Grace locks", () => grace.has("End for everyone"));
  await panel(grace, "Participants");
  await settled(grace, "Actions for Bob");
  assert.ok(!(await grace.has("Actions for Ada Host")) || !(await menuOf(grace, "Ada Host")).includes("Expel"));
  await looked(ada, "stepped-down");
  await ada.press("Take the meeting back");
  await ada.sees("You are a host now.");
  await act(ada, "Grace", "Make attendee");
  await grace.sees("You are an attendee now.");
});

async function menuOf(person, name) {
  await person.press(`Actions for ${name}`);
  const text = await person.page.getByRole("menu").innerText();
  await person.press(`Actions for ${name}`);
  return text;
}
