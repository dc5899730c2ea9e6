// A meeting in a frame of somebody else's page: in Chromium, which keeps no cookies
// of third parties and lets them store nothing, and in Firefox.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { inFrame } from "../lib/embedder.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { everything, startParent } from "../lib/parent.mjs";
import { startServer, until } from "../lib/server.mjs";
import { host, panel, write } from "../lib/steps.mjs";

let server, parent, chromium, firefox, ada, meeting, framed;

before(async () => {
  [server, parent] = await Promise.all([startServer(), startParent()]);
  [chromium, firefox] = await Promise.all([startChromium(), startFirefox()]);
  ada = await chromiumPerson(chromium, server.url);
  meeting = await host(ada, server, "In a shop");
  framed = meeting.link.replace("/j/", "/embed/");
  await allow([parent.origin]);
});

after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  await Promise.all([server?.stop(), parent?.stop()]);
});

/** Ada names the pages that may frame meetings. */
async function allow(embedOrigins) {
  await ada.evaluate(async (origins) => {
    const before = await fetch("/v1/sites/default/policy");
    const { securityOptions } = await before.json();
    const answer = await fetch("/v1/sites/default/policy", {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-Match": before.headers.get("ETag") },
      body: JSON.stringify({ securityOptions: { ...securityOptions, embedOrigins: origins } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }, embedOrigins);
}

/** Somebody at the page around a meeting, with the frame as a person of its own. */
async function visit(browser, options, src = framed) {
  const person = browser === chromium ? await chromiumPerson(browser, server.url) : await firefoxPerson(browser, server.url);
  // Chromium asks for the page around, which then passes it on.
  if (browser === chromium) await person.page.context().grantPermissions(["camera", "microphone"]);
  await person.page.goto(parent.page(src, options));
  await until("the frame", async () => {
    const found = person.page.frames().find((f) => f.url().startsWith(server.url));
    return found && (await found.evaluate(() => document.querySelector("main, .room-inside") !== null));
  }, 30);
  return {
    ...person,
    ...inFrame(person, server.url),
    told: (type) =>
      until(`${type} told`, () => person.page.evaluate((t) => talk.told.find((one) => one.type === t), type), 60),
    command: (name, args) => person.page.evaluate(([n, a]) => talk.command(n, a), [name, args]),
  };
}

for (const name of ["Chromium", "Firefox"]) {
  test(`one joins, writes and leaves in a frame in ${name}`, async () => {
    const grace = await visit(name === "Chromium" ? chromium : firefox, { options: { displayName: "Grace", theme: { accent: "#8a1c5b" } } });
    await grace.sees("In a shop");
    const hello = await grace.page.evaluate(() => talk.hello.hello === talk.nonce && talk.hello);
    assert.ok(hello.commands.includes("toggleAudio") && hello.events.includes("videoConferenceJoined"));
    assert.equal(await grace.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent")), "#8a1c5b");
    assert.equal(await grace.evaluate(() => document.querySelector("header")?.checkVisibility() ?? false), false, "a header");
    assert.deepEqual(await grace.command("toggleAudio"), { v: 1, reply: 1, ok: false, error: "not_in_meeting" });
    await grace.press("Join");
    const joined = await grace.told("videoConferenceJoined");
    assert.deepEqual(joined.payload, { id: "p1", displayName: "Grace", role: "attendee" });
    assert.equal((await grace.told("participantJoined")).payload.displayName, "Ada Host");

    await write(grace, "Good morning from the shop");
    await until("Ada reads it", async () => (await panel(ada, "Chat")).includes("Good morning from the shop"));

    assert.deepEqual((await grace.command("toggleAudio")).result, { asked: true });
    await grace.sees("The page around this meeting asks you to unmute.");
    assert.equal((await grace.command("isAudioMuted")).result, true, "asking opens no microphone");
    // A click in a hurry was meant for something else, and counts for nothing.
    await until("unmuted", async () => {
      await grace.evaluate(() => document.querySelector(".notice .button.small.primary")?.click());
      return (await grace.command("isAudioMuted")).result === false;
    }, 30);
    assert.equal((await grace.command("toggleAudio")).ok, true);
    await until("muted at once", async () => (await grace.command("isAudioMuted")).result === true, 30);
    assert.equal((await grace.command("kickParticipant", { participantId: "p2" })).error, "not_allowed");
    assert.equal((await grace.command("getNumberOfParticipants")).result, 2);

    await grace.command("hangup");
    await grace.sees("You left the meeting");
    await grace.told("readyToClose");
    assert.equal(await grace.evaluate(() => [...document.querySelectorAll("a")].some((a) => a.checkVisibility())), false, "a way elsewhere");
    const told = JSON.stringify(await grace.page.evaluate(() => talk.told));
    assert.ok(!told.includes("Good morning") && !told.includes("example.org"), told);
    assert.deepEqual(grace.problems, []);
    await grace.close();
  });

  test(`what the page around forgot to pass on is named in ${name}`, async () => {
    const grace = await visit(name === "Chromium" ? chromium : firefox, { allow: "camera", silent: name === "Firefox" });
    await grace.sees("microphone");
    const text = await grace.text();
    assert.match(text, name === "Chromium" ? /does not let it use: the microphone/ : /does not let this meeting use: the microphone/);
    assert.match(text, /allow="microphone;? ?/);
    assert.doesNotMatch(text, /the camera[,.]/);
    if (name === "Chromium") {
      assert.match(text, /share of your screen/);
      assert.equal((await grace.told("permissionMissing")).payload.attribute, "microphone");
    }
    await grace.close();
  });
}

test("each thing that a page forgets to pass on is named alone", async () => {
  // Firefox says nothing of the others: a share is refused at once, when somebody begins one.
  const named = new Map([[chromium, everything.split("; ")], [firefox, ["camera", "microphone", "fullscreen"]]]);
  for (const [browser, attributes] of named) {
    for (const attribute of attributes) {
      const allow = everything.split("; ").filter((other) => other !== attribute).join("; ");
      const visitor = await visit(browser, { allow });
      await visitor.sees(`allow="${attribute}"`);
      const sure = browser === chromium ? [attribute] : [];
      const told = await visitor.page.evaluate(() => talk.told.filter(({ type }) => type === "permissionMissing"));
      assert.deepEqual(told.map(({ payload }) => payload.attribute), sure);
      await visitor.close();
    }
  }
});

test("a frame that is loaded again is back in its meeting, where nothing can be stored", async () => {
  const hopper = await visit(chromium, { options: { displayName: "Hopper" } });
  assert.equal(await hopper.evaluate(() => {
    try {
      return String(sessionStorage.length);
    } catch (error) {
      return error.name;
    }
  }), "SecurityError");
  await hopper.press("Join");
  await hopper.told("videoConferenceJoined");
  await hopper.evaluate(() => setTimeout(() => location.reload(), 0));
  await until("the door, or the room", async () => (await hopper.has("Join")) || (await hopper.has("Participants")));
  if (await hopper.has("Join")) await hopper.press("Join");
  await until("Hopper is in again", () => hopper.has("Participants"));
  await until("there is one Hopper", async () => (await panel(ada, "Participants")).match(/Actions for Hopper/g)?.length === 1);
  await hopper.close();
});

test("no other page may be framed, and who is taken off the list frames nothing at once", async () => {
  const person = await chromiumPerson(chromium, server.url);
  const loads = async (src) => {
    await person.page.goto(parent.page(src));
    const [frame] = person.page.mainFrame().childFrames();
    const nothing = new Promise((done) => setTimeout(done, 3_000, "nothing"));
    return (await Promise.race([frame.evaluate(() => location.origin), nothing])) === server.url;
  };
  assert.equal(await loads(framed), true);
  for (const path of ["/", "/signin", "/meetings", "/admin/policy", new URL(meeting.link).pathname]) {
    assert.equal(await loads(server.url + path), false, path);
  }
  const early = await visit(chromium, { options: { displayName: "Eve" } });
  await allow([]);
  assert.equal(await loads(framed), false, "not on the list any more");
  await early.press("Join");
  await early.sees("does not let the page around this one");
  assert.equal((await early.told("errorOccurred")).payload.error, "embedding_refused");
  await allow([parent.origin]);
  await Promise.all([early.close(), person.close()]);
});

test("outside of a frame the address is the ordinary door", async () => {
  const person = await chromiumPerson(chromium, server.url);
  await person.goto(framed);
  await person.sees("In a shop");
  assert.equal(person.path(), new URL(meeting.link).pathname);
  await person.close();
});
