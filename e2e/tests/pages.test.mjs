// Every page, as a person with a large window and one with a phone sees it, by
// day and by night: axe finds nothing to say, nothing is wider than the window,
// and a picture is kept to look at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { startDisplay } from "../lib/display.mjs";
import { look } from "../lib/look.mjs";
import { openPostbox } from "../lib/postbox.mjs";
import { startServer, until } from "../lib/server.mjs";
import { askFirst, endForEveryone, enter, inRoom, joinByLink, knock, panel, password, schedule, setUp } from "../lib/steps.mjs";

let server, screen, browser, sharer, cookies, meeting, postbox;

before(async () => {
  postbox = await openPostbox();
  server = await startServer({ env: { CONCLAVE_SMTP_URL: postbox.url, CONCLAVE_MAIL_FROM: "meet@example.org" } });
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
  await postbox?.close();
});

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
    ["welcome-refused", "/welcome#wrong", "used already"],
    ["register-closed", "/register", "Nobody makes an account"],
    ["forgot", "/forgot", "Forgot your password?"],
    ["demo", "/embed/demo", "A meeting in your page"],
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

test("the pages about people", async () => {
  // A server that sends no mail shows the links, to be handed over.
  const mute = await startServer();
  const ada = await chromiumPerson(browser, mute.url);
  await setUp(ada, mute);
  await ada.goto("/admin/people");
  await ada.sees("ada@example.org");
  await ada.press("Add a person");
  await look(ada, "people-add");
  await ada.fill("Name", "Grace Murray Brewster of the Long Name Department");
  await ada.fill("Email", "grace@example.org");
  await ada.press("Add");
  await ada.sees("Hand over this link");
  await look(ada, "people-hand-over");
  const link = await ada.page.getByLabel("Link", { exact: true }).inputValue();
  await ada.press("Done");
  const grace = await chromiumPerson(browser, mute.url);
  await grace.goto(link);
  await grace.sees("choose the password");
  await look(grace, "welcome");
  await grace.goto("/forgot");
  await grace.fill("Email", "grace@example.org");
  await grace.press("Ask for a link");
  await grace.sees("An administrator has to agree");
  await look(grace, "forgot-waits");
  await grace.close();
  await ada.goto("/admin/people");
  await ada.sees("Forgot their password");
  await look(ada, "people");
  await ada.press("Edit Grace Murray Brewster of the Long Name Department");
  await look(ada, "people-edit");
  await ada.page.keyboard.press("Escape");
  await ada.goto("/profile");
  await ada.sees("Where you are signed in");
  await ada.press("Make a token");
  await look(ada, "profile-token");
  await ada.page.getByRole("dialog").getByLabel("Name of the program").fill("Calendar");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Make a token", exact: true }).click();
  await ada.sees("Your new token");
  await look(ada, "profile-token-made");
  await ada.press("Done");
  await look(ada, "profile");
  await ada.goto("/profile/signin");
  await ada.sees("Passkeys");
  await look(ada, "profile-signin");
  await ada.goto("/admin/audit");
  await ada.sees("ada@example.org");
  await look(ada, "audit");
  await ada.close();
  await mute.stop();
});

test("a meeting that repeats is scheduled, edited and cancelled, and the invited are told", async () => {
  const ada = await host();
  const told = (to, method) =>
    until(`${method} for ${to}`, () => postbox.mails.find((m) => m.to === to && m.text.includes(`method=${method}`)));
  await ada.goto("/meetings");
  await ada.press("Schedule a meeting");
  await ada.fill("Title", "Weekly round");
  await ada.page.getByText("More options").click();
  await ada.select("Repeats", "Every week");
  await ada.fill("How many times", "4");
  await ada.fill("Agenda", "News, then questions");
  await ada.fill("Invite by email", "grace@example.com, heidi@example.com");
  await ada.page.getByLabel("Show it on the start page, to everybody").click();
  await look(ada, "meetings-more");
  await ada.press("Schedule");
  await ada.sees("Every week, 4 times");
  await look(ada, "meetings-repeating");
  const first = await told("grace@example.com", "REQUEST");
  const link = (await ada.text()).match(/http\S+\/j\/\d{11}#(\S+)/)[1];
  assert.ok(!postbox.mails.some((m) => decoded(m).includes(link)), "a mail has a link's secret");
  const row = ada.page.getByRole("listitem").filter({ hasText: "Weekly round" });
  await row.getByRole("button", { name: "Edit" }).click();
  await ada.fill("Title", "Weekly circle");
  await ada.press("Save");
  await ada.sees("Weekly circle");
  await until("the news of it", () => postbox.mails.find((m) => m.to === "grace@example.com" && m.text.includes("Subject: Updated: Weekly circle")));
  const circle = ada.page.getByRole("listitem").filter({ hasText: "Weekly circle" });
  await circle.getByRole("button", { name: "Send invitations" }).click();
  await look(ada, "meetings-invite");
  await ada.page.getByRole("dialog").getByLabel("Email addresses").fill("ivan@example.com");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Send invitations" }).click();
  await ada.sees("One invitation is on its way");
  await told("ivan@example.com", "REQUEST");
  const visitor = await chromiumPerson(browser, server.url);
  await visitor.goto("/");
  await visitor.sees("Weekly circle");
  assert.ok(!(await visitor.text()).includes("Quarterly numbers"), "an unlisted meeting is on the start page");
  await look(visitor, "home-listed");
  await visitor.close();
  await circle.getByRole("button", { name: "Delete" }).click();
  await ada.press("Delete meeting");
  const last = await told("ivan@example.com", "CANCEL");
  const uid = (m) => decoded(m).match(/UID:(\S+)/)[1];
  assert.equal(uid(first), uid(last));
  await ada.close();
});

/** A mail's text with its quoted-printable and base64 parts readable. */
function decoded({ text }) {
  const plain = text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const bodies = [...text.matchAll(/base64\r\n(?:.+\r\n)*\r\n([A-Za-z0-9+/=\r\n]+)/g)];
  return [plain, ...bodies.map(([, body]) => Buffer.from(body, "base64").toString())].join("\n").replaceAll("\r\n ", "");
}

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
  // This browser is another device of hers: the link was made elsewhere.
  await ada.sees("This device does not have the link of this meeting");
  await look(ada, "meetings-no-link");
  await ada.press("Paste the link");
  await ada.fill("Invitation link", meeting.link);
  await look(ada, "meetings-paste-link");
  await ada.press("Use this link");
  await ada.sees(meeting.link);
  await ada.press("Start");
  await enter(ada);
  await grace.sees("End-to-end encrypted");
  await ada.press("Start camera");
  await until("Ada's picture", () => grace.evaluate(() => [...document.querySelectorAll("video")].some((v) => v.videoWidth > 0)));
  await look(grace, "room");
  await ada.press("Participants");
  await look(ada, "room-participants");
  await lobby(ada);
  await ada.press("Participants");
  await ada.press("Chat");
  await ada.fill("Message", "The numbers are at https://example.org/numbers (page 3).");
  await ada.press("Send");
  await grace.press("Chat");
  await grace.sees("The numbers are at");
  await look(grace, "room-chat");
  await grace.press("Chat");
  await ada.press("Chat");
  await ada.press("Security");
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
  await ada.press("Text or motion");
  await look(ada, "room-text-or-motion");
  await ada.page.keyboard.press("Escape");
  await until("the share at the guest", () => grace.evaluate(() => [...document.querySelectorAll("video")].some((v) => v.videoWidth > 900)));
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
  await ada.page.locator(".plot canvas").nth(1).waitFor();
  await look(ada, "reports");
  await ada.page.getByRole("button", { name: /Quarterly numbers/ }).first().click();
  await ada.sees("Grace");
  await look(ada, "reports-open");
});

/** The host asks before people come in: two knock, one is sent away, one let in and expelled, and the door is locked. */
async function lobby(ada) {
  await askFirst(ada, true);
  const nils = await chromiumPerson(browser, server.url);
  const olga = await chromiumPerson(browser, server.url);
  await knock(nils, meeting.link, "Nils");
  await nils.sees("Waiting for the host to let you in");
  await look(nils, "waiting-admission");
  await knock(olga, meeting.link, "Olga of the Other Long Name Department");
  await until("two knocks", async () => (await panel(ada, "Participants")).includes("Admit all"));
  await look(ada, "room-lobby");
  const row = ada.page.getByRole("listitem").filter({ hasText: "Nils" });
  await row.getByRole("button", { name: "Deny", exact: true }).click();
  await nils.sees("The host did not let you in");
  await look(nils, "denied");
  await until("one knock", async () => !(await panel(ada, "Participants")).includes("Admit all"));
  await ada.press("Admit");
  await inRoom(olga);
  await askFirst(ada, false);
  await ada.press("Actions for Olga of the Other Long Name Department");
  await ada.choose("Expel");
  await look(ada, "room-expel");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Expel", exact: true }).click();
  await olga.sees("You were taken out of the meeting");
  await look(olga, "expelled");
  await olga.close();
  await locked(ada, nils);
  await nils.close();
}

async function locked(ada, visitor) {
  const lock = async (item) => {
    await ada.press("More");
    await ada.choose(item);
  };
  await lock("Lock meeting");
  await ada.sees("The meeting is locked: nobody else can come in.");
  await look(ada, "room-locked");
  await visitor.press("Try again");
  await visitor.fill("Your name", "Nils");
  await visitor.press("Join");
  await visitor.sees("The meeting is locked");
  await look(visitor, "locked");
  await lock("Unlock meeting");
  await until("unlocked", async () => !(await panel(ada, "Participants")).includes("The meeting is locked"));
}

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
