// Hands, reactions and who may write to whom, between Chromium and Firefox: seen,
// heard by who listens, and done with the keyboard.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { enter, joinByLink, panel, schedule, setUp, write } from "../lib/steps.mjs";

const out = path.join(root, "e2e/out");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let server, chromium, firefox, ada, grace, nils, meeting;

before(async () => {
  await mkdir(out, { recursive: true });
  server = await startServer();
  chromium = await startChromium();
  firefox = await startFirefox();
  ada = await chromiumPerson(chromium, server.url, { init: keepWords });
  await setUp(ada, server);
  meeting = await schedule(ada, "Hands and signs");
  await ada.press("Start");
  await enter(ada);
  grace = await chromiumPerson(chromium, server.url, { init: keepWords });
  nils = await firefoxPerson(firefox, server.url, { init: keepWords });
  await joinByLink(grace, meeting.link, "Grace");
  await joinByLink(nils, meeting.link, "Nils");
  for (const person of [ada, grace, nils]) {
    await until("three people", async () => (await panel(person, "Participants")).includes("3 people"));
  }
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await server?.stop();
});

/** In a page: keeps what is said to those who listen. */
function keepWords() {
  globalThis.said = [];
  new MutationObserver(() => {
    const words = document.querySelector('.room > [aria-live="polite"]')?.textContent;
    if (words && words !== globalThis.said.at(-1)) globalThis.said.push(words);
  }).observe(document, { childList: true, characterData: true, subtree: true });
}

const hears = (person, words) =>
  until(`${person.browser} hears ${words}`, () => person.evaluate((w) => globalThis.said.includes(w), words));

/** Who wants to speak, in turn, as a person's page lists them. */
const queueOf = (person) =>
  person.evaluate(() => [...document.querySelectorAll(".queue .name")].map((name) => name.innerText));

async function queueIs(person, names) {
  await panel(person, "Participants");
  let last;
  await until(`the queue ${names} in ${person.browser}`, async () => {
    last = await queueOf(person);
    return JSON.stringify(last) === JSON.stringify(names);
  }).catch((error) => assert.fail(`${error.message}: ${last}`));
}

/** The reaction on somebody's tile. */
const reactionOf = (person, name) =>
  person.evaluate(
    (n) =>
      [...document.querySelectorAll(".tile")]
        .find((tile) => tile.querySelector(".name")?.innerText === n)
        ?.querySelector(".reaction")?.innerText ?? "",
    name,
  );

test("hands stand in a queue, in the order in which they went up", async () => {
  await grace.press("Raise hand");
  await queueIs(ada, ["Grace"]);
  await nils.press("Raise hand");
  for (const person of [ada, grace, nils]) await queueIs(person, ["Grace", "Nils"]);
  await hears(ada, "Grace raised a hand");
  await hears(ada, "Nils raised a hand");
  await hears(nils, "Your hand is up. You are number 2.");
  const button = ada.page.getByRole("button", { name: "Participants", exact: true });
  await until("2 on the button", async () => /2/.test(await button.innerText()));
  await until("what the number means", async () => /2 raised hands/.test(await button.evaluate(describedBy)));
  await until("a hand on a tile", async () =>
    ada.evaluate(() => [...document.querySelectorAll(".tile")].some((t) => /Hand up/.test(t.textContent))),
  );
});

/** In a page: the words that describe a button. */
function describedBy(button) {
  return document.getElementById(button.getAttribute("aria-describedby"))?.textContent ?? "";
}

test("who comes late sees the queue", async () => {
  const late = await chromiumPerson(chromium, server.url);
  await joinByLink(late, meeting.link, "Lena");
  await queueIs(late, ["Grace", "Nils"]);
  await late.press("Leave");
  await late.close();
});

test("a host lowers a hand, and nobody else can", async () => {
  await panel(grace, "Participants");
  assert.equal(await grace.page.locator(".queue button").count(), 0, "a guest can lower hands");
  await panel(ada, "Participants");
  await ada.page.locator(".queue li", { hasText: "Grace" }).getByRole("button", { name: "Lower hand" }).click();
  await grace.sees("Ada Host lowered your hand.");
  for (const person of [ada, nils]) await queueIs(person, ["Nils"]);
  await until("grace can raise it again", () => grace.has("Raise hand"));
});

test("the keyboard alone raises and lowers a hand", async () => {
  await ada.page.locator("body").click({ position: { x: 5, y: 400 } });
  await ada.page.keyboard.press("h");
  await queueIs(nils, ["Nils", "Ada Host"]);
  await ada.page.keyboard.press("h");
  await queueIs(nils, ["Nils"]);
  await nils.press("Lower hand");
  await queueIs(ada, []);
  await hears(nils, "Your hand is down.");
});

test("a reaction is seen on the tile for a while, and said", async () => {
  await nils.press("Reactions");
  await nils.choose("Applause");
  for (const [person, name] of [[ada, "Nils"], [grace, "Nils"], [nils, "You"]]) {
    await until(`a reaction in ${person.browser}`, async () => (await reactionOf(person, name)) === "👏");
  }
  await hears(ada, "Nils: Applause");
  await until("the end of it", async () => (await reactionOf(ada, "Nils")) === "");
});

test("the keyboard alone gives a reaction, and Firefox shows it", async () => {
  await ada.page.locator("body").click({ position: { x: 5, y: 400 } });
  await ada.page.keyboard.press("e");
  await ada.page.getByRole("menuitem", { name: "Thumbs up", exact: true }).waitFor();
  await ada.page.keyboard.press("ArrowDown");
  await ada.page.keyboard.press("Enter");
  await until("a heart in Firefox", async () => (await reactionOf(nils, "Ada Host")) === "❤️");
  await until("one's own", async () => (await reactionOf(ada, "You")) === "❤️");
  assert.equal(await ada.page.getByRole("menu").count(), 0);
});

for (const [width, height, scheme] of [
  [1280, 800, "light"],
  [1120, 700, "dark"],
  [800, 600, "light"],
  [390, 844, "dark"],
]) {
  test(`queue and menus are clean at ${width} px`, async () => {
    await grace.press("Raise hand");
    await queueIs(ada, ["Grace"]);
    await ada.page.setViewportSize({ width, height });
    await ada.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await look(`queue-${width}`);
    await ada.press("Close participants");
    await ada.press(width < 761 ? "More" : "Reactions");
    await ada.page.getByRole("menuitem", { name: "Celebration", exact: true }).waitFor();
    await look(`reactions-${width}`);
    await ada.choose("Celebration");
    await until("it", async () => (await reactionOf(ada, "You")) === "🎉");
    await look(`reacted-${width}`);
    await ada.page.setViewportSize({ width: 1280, height: 800 });
    await grace.press("Lower hand");
    await queueIs(ada, []);
  });
}

/** Sees to it that axe has nothing to say of Ada's page, and that nothing is too wide. */
async function look(name) {
  await ada.page.screenshot({ path: path.join(out, `${name}.png`) });
  await ada.evaluate(axe);
  const { violations } = await ada.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`), [], name);
  const over = await ada.evaluate(() => {
    const row = document.querySelector(".control-row");
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(scrollWidth - clientWidth, row.scrollWidth - row.clientWidth);
  });
  assert.ok(over <= 0, `${name} is ${over} px wider than the window`);
  const cut = await ada.evaluate(() =>
    [...document.querySelectorAll(".control-row button")].filter((b) => b.scrollWidth > b.clientWidth + 1).map((b) => b.innerText),
  );
  assert.deepEqual(cut, [], `${name}: words that do not fit their buttons`);
}

test("a message to the presenters is for them alone, and so is one that loses its readers", async () => {
  await panel(ada, "Participants");
  await ada.press("Actions for Grace");
  await ada.choose("Make presenter");
  await panel(nils, "Chat");
  const offered = () =>
    nils.evaluate(() => [...document.querySelectorAll(".composer-to option")].map((o) => o.textContent));
  await until("presenters to write to", async () => (await offered()).includes("Presenters"));
  await write(nils, "Only for who presents", "Presenters");
  await until("it", async () => (await panel(grace, "Chat")).includes("Only for who presents"));
  assert.match(await panel(grace, "Chat"), /to presenters[^]*Only for who presents/);
  await nils.fill("Message", "Not for everybody");
  await panel(ada, "Participants");
  await ada.press("Actions for Grace");
  await ada.choose("Make attendee");
  await nils.sees("Whom this is for is not here any more.");
  await nils.press("Send");
  await write(grace, "After that", "Everyone");
  for (const person of [ada, nils]) {
    await until("what came after", async () => (await panel(person, "Chat")).includes("After that"));
  }
  for (const word of ["Only for who presents", "Not for everybody"]) {
    assert.ok(!(await panel(ada, "Chat")).includes(word), `Ada reads: ${word}`);
  }
});

test("who may write to hosts alone is offered nobody else, and no reactions", async () => {
  const host = await chromiumPerson(chromium, server.url, { login: await ada.page.context().storageState() });
  await host.goto("/meetings");
  const quiet = await schedule(host, "Questions to the host");
  const status = await host.evaluate(async (number) => {
    const { items } = await (await fetch("/v1/meetings")).json();
    const { id } = items.find((m) => m.meetingNumber === number);
    const attendeePrivileges = { enabledChatOtherParticipants: false, enabledChatPresenter: false };
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/v1/meetings/${id}`, {
      ...{ method: "PATCH", headers },
      body: JSON.stringify({ attendeePrivileges }),
    });
    return answer.status;
  }, quiet.number);
  assert.equal(status, 200);
  await host.page.locator("li, tr, article").filter({ hasText: "Questions to the host" }).getByRole("button", { name: "Start" }).first().click();
  await enter(host);
  const guest = await chromiumPerson(chromium, server.url);
  const other = await chromiumPerson(chromium, server.url);
  await joinByLink(guest, quiet.link, "Guest");
  await joinByLink(other, quiet.link, "Other");
  await panel(guest, "Chat");
  const offered = () => guest.page.getByLabel("To", { exact: true }).locator("option").allInnerTexts();
  assert.deepEqual(await offered(), ["Hosts", "Ada Host"]);
  assert.equal(await guest.has("Reactions"), false);
  await write(guest, "May I ask something?", "Hosts");
  await until("the question", async () => (await panel(host, "Chat")).includes("May I ask something?"));
  await write(host, "To everybody");
  await until("the answer", async () => (await panel(other, "Chat")).includes("To everybody"));
  assert.ok(!(await panel(other, "Chat")).includes("May I ask something?"));
  for (const person of [guest, other, host]) await person.close();
});
