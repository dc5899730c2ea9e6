// Every page, as a person with a large window and one with a phone sees it, by
// day and by night: axe finds nothing to say, nothing is wider than the window,
// and a picture is kept to look at.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { startDisplay } from "../lib/display.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { endForEveryone, enter, joinByLink, knock, password, schedule, setUp } from "../lib/steps.mjs";

const out = path.join(root, "e2e/out");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { name: "1280x800", width: 1280, height: 800, scheme: "light" },
  { name: "1280x800-dark", width: 1280, height: 800, scheme: "dark" },
  { name: "390x844", width: 390, height: 844, scheme: "light" },
  { name: "390x844-dark", width: 390, height: 844, scheme: "dark" },
];
let server, screen, browser, sharer, cookies, meeting;

before(async () => {
  await mkdir(out, { recursive: true });
  server = await startServer();
  screen = await startDisplay();
  browser = await startChromium();
  sharer = await startChromium({ display: screen.display, share: "Conclave" });
  const ada = await chromiumPerson(browser, server.url);
  await setUp(ada, server);
  cookies = await ada.page.context().cookies();
  await ada.close();
});

after(async () => {
  for (const b of [browser, sharer]) await b?.close();
  await screen?.stop();
  await server?.stop();
});

/** Looks at what is on screen now, in every view. */
async function look(person, name) {
  for (const view of views) {
    await person.page.setViewportSize(view);
    await person.page.emulateMedia({ colorScheme: view.scheme });
    await person.page.waitForTimeout(250); // transitions are 150 ms at most
    const file = path.join(out, `${name}-${view.name}.png`);
    await person.screenshot(file);
    await person.evaluate(axe);
    const { violations } = await person.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(
      violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
      [],
      `axe on ${name}, ${view.name}`,
    );
    const overflow = await person.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `${name}, ${view.name}: ${overflow} px wider than the window`);
  }
  await person.page.setViewportSize(views[0]);
}

async function host(on = browser) {
  const person = await chromiumPerson(on, server.url);
  await person.page.context().addCookies(cookies);
  return person;
}

test("pages for anybody", async () => {
  const visitor = await chromiumPerson(browser, server.url);
  for (const [name, where, sees] of [
    ["home", "/", "Join a meeting"],
    ["join", "/join", "Meeting number"],
    ["signin", "/signin", "Sign in"],
    ["setup", "/setup#wrong", "Set up"],
    ["nothing-here", "/no/such/page", "Conclave"],
    ["link-without-secret", "/j/23456789012", "Conclave"],
  ]) {
    await visitor.goto(where);
    await visitor.sees(sees);
    await look(visitor, name);
  }
  await visitor.goto("/signin");
  await visitor.fill("Email", "nobody@example.org");
  await visitor.fill("Password", "not the password");
  await visitor.press("Sign in");
  await until("a refusal", async () => /wrong|not/i.test(await visitor.text()));
  await look(visitor, "signin-refused");
});

test("a host's pages", async () => {
  const ada = await host();
  await ada.goto("/meetings");
  await ada.sees("Schedule a meeting");
  await look(ada, "meetings-empty");
  await ada.goto("/reports");
  await ada.sees("Reports");
  await look(ada, "reports-empty");
  await ada.goto("/meetings");
  await ada.press("Schedule a meeting");
  await ada.fill("Title", "Quarterly numbers, and how we tell the board about the long year behind us");
  await look(ada, "meetings-schedule");
  await ada.press("Schedule");
  await ada.sees("Quarterly numbers");
  await look(ada, "meetings-one");
  meeting = { link: (await ada.text()).match(/http\S+\/j\/\d{11}#\S+/)[0] };
  await ada.press("Delete");
  await look(ada, "meetings-delete");
  await ada.close();
});

test("the door, the room and the way out", async () => {
  const grace = await chromiumPerson(browser, server.url);
  await grace.goto(meeting.link);
  await grace.sees("invites you");
  await look(grace, "door");
  await grace.press("Start camera");
  await grace.press("Unmute");
  await until("a preview", () => grace.evaluate(() => document.querySelector("video")?.videoWidth > 0));
  await look(grace, "door-camera");
  await knock(grace, meeting.link, "Grace Murray Brewster of the Long Name Department");
  await grace.sees("Waiting for the host");
  await look(grace, "waiting");

  const ada = await host(sharer);
  await ada.goto("/meetings");
  await ada.press("Start");
  await enter(ada);
  await grace.sees("Leave");
  await ada.press("Start camera");
  await until("Ada's picture", () => grace.evaluate(() => [...document.querySelectorAll("video")].some((v) => v.videoWidth > 0)));
  await look(grace, "room");
  await ada.press("Participants");
  await look(ada, "room-participants");
  await ada.press("Participants");
  await ada.press("Not end-to-end encrypted yet");
  await look(ada, "room-security");
  await ada.page.keyboard.press("Escape");
  await ada.press("More");
  await look(ada, "room-more");
  await ada.page.keyboard.press("Escape");
  await ada.page.keyboard.press("?");
  await look(ada, "room-shortcuts");
  await ada.page.keyboard.press("Escape");
  await ada.press("Share");
  await look(ada, "room-share-menu");
  await ada.choose("Window");
  await until("the share", () => ada.has("Stop sharing"));
  await look(ada, "room-sharing");
  await until("the share at the guest", () => grace.evaluate(() => [...document.querySelectorAll("video")].some((v) => v.videoWidth > 900)), 40);
  await look(grace, "room-share");
  await grace.press("Leave");
  await grace.sees("You left the meeting");
  await look(grace, "left");
  await joinByLink(grace, meeting.link, "Grace");
  await endForEveryone(ada);
  await grace.sees("The meeting has ended");
  await look(grace, "ended");
  await look(ada, "ended-host");
  await grace.goto(meeting.link);
  await grace.sees("ended");
  await look(grace, "door-ended");
  await ada.goto("/reports");
  await ada.sees("Quarterly numbers");
  await look(ada, "reports");
  await ada.page.getByRole("button", { name: /Quarterly numbers/ }).first().click();
  await ada.sees("Grace");
  await look(ada, "reports-open");
});

test("sign out, and in again", async () => {
  const ada = await host();
  await ada.goto("/meetings");
  await ada.press("Sign out");
  await until("the way in", async () => /sign in/i.test(await ada.text()));
  await ada.goto("/meetings");
  await until("the sign-in page", () => ada.path() === "/signin");
  await ada.fill("Email", "ADA@example.org");
  await ada.fill("Password", password);
  await ada.press("Sign in");
  await ada.sees("Your meetings");
});
