// A whole meeting by keyboard alone: no pointer is used, focus never gets lost, and
// what is done is where the Tab key leads.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { faultless } from "../lib/look.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host, inRoom, panel } from "../lib/steps.mjs";

const farthest = 60;
let server, browser, ada, meeting, grace;

before(async () => {
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  meeting = await host(ada, server, "Hands on the keys");
  grace = await chromiumPerson(browser, server.url);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const press = (key) => grace.page.keyboard.press(key);
const type = (text) => grace.page.keyboard.type(text);

/** What has the focus: its role or element, and its name. */
const focused = () =>
  grace.evaluate(() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent;
    return { is: at.getAttribute("role") ?? at.localName, name: label.trim() };
  });

/** Goes on by Tab until what has the focus is called that. */
async function tabTo(name) {
  const passed = [];
  for (let i = 0; i < farthest; i++) {
    await press("Tab");
    const at = await focused();
    if (at.name === name) return;
    passed.push(at.name.slice(0, 30));
  }
  assert.fail(`no way to ${name} by Tab, only to ${[...new Set(passed)].join(", ")}`);
}

/** What is said to those who do not see it. */
const said = () => grace.evaluate(() => document.querySelector("[aria-live]")?.textContent ?? "");

test("join, mute, camera, chat and leave, without a pointer", async () => {
  await grace.goto(meeting.link);
  await grace.sees("Hands on the keys");
  await tabTo("Start camera");
  await press("Space");
  await grace.sees("Only you see this");
  await tabTo("Your name");
  await type("Grace");
  await press("Enter");
  await inRoom(grace);
  await until("the welcome", async () => (await said()).startsWith("You are in Hands on the keys"));
  await faultless(grace, "the room");

  await tabTo("Unmute");
  await press("Enter");
  await until("an open microphone", () => grace.has("Mute"));
  assert.equal((await focused()).name, "Mute", "the focus stays on the button");
  await press("m");
  await until("a closed one", () => grace.has("Unmute"));
  await press("v");
  await until("no camera", () => grace.has("Start camera"));

  await tabTo("Participants");
  await press("Enter");
  assert.match(await panel(grace, "Participants"), /Ada Host/);
  await press("Escape");
  await press("c");
  await grace.page.locator('.panel[aria-label="Chat"]').waitFor();
  await tabTo("Message");
  await type("mvc? All by keyboard");
  await faultless(grace, "the chat");
  await press("Enter");
  assert.match(await until("the words", async () => /mvc\? All by keyboard/.exec(await panel(ada, "Chat"))?.[0]), /keyboard/);
  assert.ok(await grace.has("Unmute"), "letters that are typed do nothing else");
  await press("Escape");
  await until("a closed chat", async () => (await grace.page.locator(".panel").count()) === 0);
  await otherWays();
  await tabTo("Leave");
  await press("Enter");
  await grace.sees("You left the meeting");
  assert.deepEqual(await focused(), { is: "h1", name: "You left the meeting" });
  await faultless(grace, "the page after it");
  await tabTo("Rejoin");
  assert.deepEqual(grace.problems, []);
});

/** The menus, the list of shortcuts and what is announced. */
async function otherWays() {
  await press("?");
  await grace.page.getByRole("dialog").waitFor();
  const keys = await grace.page.getByRole("dialog").innerText();
  for (const key of ["M", "V", "P", "C", "?", "Esc"]) assert.ok(keys.split(/\s+/).includes(key), `${key} is not listed`);
  await faultless(grace, "the shortcuts");
  await press("Escape");
  await tabTo("More");
  await press("Enter");
  assert.equal((await focused()).is, "menuitem");
  await press("ArrowDown");
  assert.equal((await focused()).is, "menuitem");
  await faultless(grace, "a menu");
  await press("Escape");
  assert.equal((await focused()).name, "More", "the focus goes back");
  await ada.press("Leave");
  await until("a leaving that is said", async () => (await said()) === "Ada Host left");
}
