// The component in pages of another site, as docs/embedding.md says it is used: join,
// share, chat and leave, in both browsers. And pages that mean no good: what they send
// gains them nothing, and the meeting goes on.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium, startKept } from "../lib/chromium.mjs";
import { startDisplay } from "../lib/display.mjs";
import { allowOrigins, inFrame, mounting, openEmbedder } from "../lib/embedder.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { movingVideos } from "../lib/probe.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { host, inRoom, joinByLink, panel, securityCode, write } from "../lib/steps.mjs";

const markup = '<img src=x onerror="globalThis.pwned=1">';
let server, embedder, screen, chromium, firefox, ada, meeting, options;

before(async () => {
  server = await startServer();
  embedder = await openEmbedder();
  allowOrigins(server, [embedder.url]);
  chromium = await startChromium({ tab: "Somewhere else" }); // a tab does not share itself
  screen = await startDisplay();
  firefox = await startFirefox({ display: screen.display });
  ada = await chromiumPerson(chromium, server.url);
  meeting = await host(ada, server, `Title ${markup}`);
  const [, secret] = meeting.link.split("#");
  options = { number: meeting.number, secret };
  embedder.serve("/mount", mounting(server.url));
  embedder.serve("/blank", "<!doctype html><title>Somewhere else</title>");
  embedder.serve("/example", await documented(meeting.link));
});

after(async () => {
  for (const browser of [firefox, chromium]) await browser?.close();
  await screen?.stop();
  await embedder?.close();
  await server?.stop();
});

/** The page that developers copy, with this site and this meeting in it. */
async function documented(link) {
  const text = await readFile(path.join(root, "docs/embedding.md"), "utf8");
  const [, page] = text.match(/```html\n(<!doctype html>[^]*?)```/);
  const changed = page.replace("https://meet.example.org/j/23456789012#secret", link).replaceAll("https://meet.example.org", server.url);
  assert.ok(changed.includes(`import "${server.url}/embed.js"`) && changed.includes(link), "the example is another one");
  return changed;
}

/** Somebody with a page of the embedder's open, who may use their devices in whatever is in it. */
async function visitor(browser, where = "/mount") {
  const person = browser === firefox ? await firefoxPerson(firefox, embedder.url) : await chromiumPerson(browser, embedder.url);
  if (browser !== firefox) await person.page.context().grantPermissions(["camera", "microphone", "clipboard-write"]);
  await person.goto(where);
  return person;
}

/** Puts the meeting into such a page and comes in. */
async function embedded(browser, more = {}) {
  const person = await visitor(browser);
  await until("the component", () => person.evaluate(() => typeof mount === "function"));
  await person.evaluate((o) => mount(o), { ...options, displayName: "Grace", ...more });
  const frame = inFrame(person);
  await frame.press("Join");
  await inRoom(frame);
  await heard(person, "videoConferenceJoined");
  return { person, frame };
}

/** The payload with which a page last heard of something. */
const heard = (person, event) =>
  until(`${event} in ${person.browser}`, () => person.evaluate((e) => told.findLast(([type]) => type === e)?.[1], event), 60);

const command = (person, name, args) =>
  person.evaluate(([n, a]) => meeting.executeCommand(n, a).catch((error) => error.code), [name, args ?? undefined]);

/** How many there are, as the host sees it. */
const people = (n) => until(`${n} people`, async () => (await panel(ada, "Participants")).includes(n === 1 ? "1 person" : `${n} people`));

for (const name of ["Chromium", "Firefox"]) {
  test(`the documented example, in ${name}`, async () => {
    const person = await visitor(name === "Firefox" ? firefox : chromium, "/example");
    const frame = inFrame(person);
    const state = (words) => until(words, () => person.evaluate((w) => document.querySelector("#state").textContent === w, words));
    await frame.press("Join");
    await inRoom(frame);
    await state("2 in the meeting");
    await people(2);
    await write(frame, `From a frame in ${name}`);
    await until("the message", async () => (await panel(ada, "Chat")).includes(`From a frame in ${name}`));
    await person.evaluate(() => {
      globalThis.unhandled = [];
      addEventListener("unhandledrejection", ({ reason }) => unhandled.push(String(reason)));
      addEventListener("error", ({ message }) => unhandled.push(message));
    });
    await person.press("Leave");
    await state("You have left");
    for (const button of ["Mute or unmute", "Leave"]) await person.press(button); // of nothing, now
    assert.deepEqual(await person.evaluate(() => new Promise((done) => setTimeout(() => done(unhandled), 100))), []);
    assert.equal(await person.evaluate(() => document.querySelector("#state").textContent), "You have left");
    assert.equal(await person.evaluate(() => document.querySelector("conclave-meeting")), null);
    await people(1);
    assert.equal(await person.evaluate(() => globalThis.pwned), undefined);
    await person.close();
  });
}

test("a page with the strictest policy has the element, too", async () => {
  const policy = `default-src 'none'; script-src 'self' ${server.url}; frame-src ${server.url}; require-trusted-types-for 'script'`;
  embedder.serve("/strict", {
    headers: { "Content-Security-Policy": policy },
    text: `<!doctype html><script type="module" src="/strict.js"></script><conclave-meeting src="${meeting.link}"></conclave-meeting>`,
  });
  embedder.serve("/strict.js", {
    type: "text/javascript",
    text: `globalThis.refused = [];
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => refused.push([violatedDirective, blockedURI]));
      import(${JSON.stringify(`${server.url}/embed.js`)});`,
  });
  for (const browser of [chromium, firefox]) {
    const person = await visitor(browser, "/strict");
    await inFrame(person).sees("Join");
    const [size, refused, globals] = await person.evaluate(() => {
      const { meeting } = document.querySelector("conclave-meeting");
      const { height, borderTopWidth } = getComputedStyle(meeting.iframe);
      return [{ height, borderTopWidth }, refused, Object.keys(window).filter((key) => /conclave|meeting/i.test(key))];
    });
    assert.deepEqual(size, { height: "600px", borderTopWidth: "0px" });
    assert.deepEqual(refused.filter(([, uri]) => !uri.endsWith("/favicon.ico")), []);
    assert.deepEqual(globals, ["ConclaveMeeting"]);
    await person.close();
  }
});

/** In a page: whether a picture of something that is shared is shown. */
const seesShare = () => [...document.querySelectorAll("video")].some((v) => v.offsetWidth > 0 && v.readyState > 1 && v.videoWidth >= 320);

/** Opens the other tab that the person shares. */
async function shared({ page }) {
  const other = await page.context().newPage();
  await other.goto(`${embedder.evil}/blank`);
  await page.bringToFront();
}

for (const [name, surface] of [["Chromium", "Browser tab"], ["Firefox", "Entire screen"]]) {
  test(`a share that the page asks for begins with the person's own click, in ${name}`, async () => {
    const { person, frame } = await embedded(name === "Firefox" ? firefox : chromium);
    if (name === "Chromium") await shared(person);
    assert.deepEqual(await command(person, "toggleShareScreen"), { asked: true });
    await frame.sees("asks you to share");
    assert.equal(await person.evaluate(() => meeting.isSharingScreen()), false);
    await frame.evaluate(() => new Promise((done) => setTimeout(done, 700))); // a click in a hurry counts for nothing
    await frame.press("Share", ".notice");
    await frame.choose(surface);
    assert.deepEqual(await heard(person, "screenSharingStatusChanged"), { on: true });
    await until("the share at the host's", () => ada.evaluate(seesShare));
    assert.deepEqual(await command(person, "toggleShareScreen"), {});
    await until("no share", async () => !(await person.evaluate(() => meeting.isSharingScreen())));
    for (const [turn, event] of [["toggleAudio", "audioMuteStatusChanged"], ["toggleVideo", "videoMuteStatusChanged"]]) {
      assert.deepEqual(await command(person, turn), { asked: true });
      assert.deepEqual(await heard(person, event), { muted: true });
    }
    await command(person, "hangup");
    await heard(person, "readyToClose");
    await person.close();
    await people(1);
  });
}

for (const name of ["Chromium", "Firefox"]) {
  test(`who is neither the page nor the frame is not heard, in ${name}`, async () => {
    const { person, frame } = await embedded(name === "Firefox" ? firefox : chromium);
    await person.evaluate((src) => {
      const other = document.createElement("iframe");
      other.src = src;
      document.body.append(other);
    }, `${embedder.evil}/blank`);
    const evil = inFrame(person, "evil.localhost");
    await until("a neighbour", async () => (await evil.evaluate(() => document.title)) === "Somewhere else");
    const [mine, wasTold] = await person.evaluate(() => [messages.find(({ data }) => data.hello)?.data, told.length]);
    assert.match(mine.hello, /^[0-9a-f]{32}$/);

    // To the frame: a neighbour is not the page around it.
    await evil.evaluate(() => {
      for (const command of ["hangup", "toggleChat", "endConference"]) parent.frames[0].postMessage({ v: 1, id: 9, command }, "*");
      parent.frames[0].postMessage({ v: 1, hello: "0".repeat(32), options: { displayName: "Mallory" } }, "*");
    });
    // The page around it is heard in the same words, so it was the right frame.
    await person.evaluate(() => frames[0].postMessage({ v: 1, id: 901, command: "isAudioMuted" }, "*"));
    await until("an answer", () => person.evaluate(() => messages.some(({ data }) => data.reply === 901 && data.result === true)));

    // To the page: nor is it the frame, though it knows the nonce.
    await evil.evaluate((hello) => {
      parent.postMessage({ v: 1, hello, commands: [], events: ["readyToClose"] }, "*");
      for (const type of ["readyToClose", "videoConferenceLeft"]) parent.postMessage({ v: 1, type, payload: {} }, "*");
      for (let reply = 0; reply < 50; reply++) parent.postMessage({ v: 1, reply, ok: true, result: 99 }, "*");
    }, mine.hello);
    // Nor does the page itself get a second handshake, with the nonce of the first or another.
    await person.evaluate((hello) => {
      for (const nonce of [hello, "1".repeat(32)]) {
        meeting.iframe.contentWindow.postMessage({ v: 1, hello: nonce, options: { displayName: "Mallory" } }, "*");
      }
    }, mine.hello);

    assert.equal(await person.evaluate(() => meeting.getNumberOfParticipants()), 2);
    const seen = await person.evaluate(() => ({ hellos: messages.filter(({ data }) => data.hello), told }));
    assert.equal(seen.hellos.filter(({ origin }) => origin === server.url).length, 1, "one handshake a load");
    assert.deepEqual(seen.told.slice(wasTold).filter(([type]) => /readyToClose|Left/.test(type)), []);
    assert.ok(await frame.has("Leave"), "still in the meeting");
    assert.ok((await panel(ada, "Participants")).includes("Grace"));

    // Loaded again, the frame shakes hands anew.
    await frame.evaluate(() => location.reload());
    await until("another handshake", () => person.evaluate(() => new Set(messages.map(({ data }) => data.hello).filter((h) => /^[0-9a-f]{32}$/.test(h ?? ""))).size >= 2));
    await person.evaluate(() => meeting.dispose());
    assert.equal(await person.evaluate(() => document.querySelector("#place").children.length), 0);
    await people(1);
    await person.close();
  });
}

test("what a page sends by the thousand, or poisoned, harms nobody", async () => {
  const nils = await firefoxPerson(firefox, server.url);
  await joinByLink(nils, meeting.link, `Nils ${markup}`);
  const { person, frame } = await embedded(chromium);
  await nils.press("Start camera");
  await until("Nils' camera at the host's", async () => (await ada.evaluate(movingVideos)) > 0);

  const flood = person.evaluate(async () => {
    const to = meeting.iframe.contentWindow;
    let sent = 0;
    const ends = performance.now() + 3000;
    while (performance.now() < ends || sent < 10_000) {
      const next = performance.now() + 20;
      for (let n = 0; n < 200; n++, sent++) to.postMessage({ v: 1, id: sent, command: "toggleRaiseHand", args: {} }, "*");
      await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())));
    }
    return sent;
  });
  const [sent, moving] = await Promise.all([flood, ada.evaluate(movingVideos)]);
  assert.ok(moving > 0, "the others' pictures move on meanwhile");
  await until("the frame reads again", async () => (await person.evaluate(() => meeting.getNumberOfParticipants().catch(() => 0))) === 3);
  await new Promise((next) => setTimeout(next, 1000)); // for the next twenty messages to be read
  const tooMany = await person.evaluate(() => told.filter(([type, { error }]) => type === "errorOccurred" && error === "too_many_messages").length);
  assert.ok(tooMany >= 1 && tooMany <= 3, `told ${tooMany} times of ${sent} messages`);
  assert.ok(sent >= 10_000, `only ${sent} messages were sent`);

  const answer = await person.evaluate(async () => {
    const to = meeting.iframe.contentWindow;
    const poison = JSON.parse('{"__proto__":{"enabled":true,"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    to.postMessage({ v: 1, id: 900_001, command: "setTileView", args: poison }, "*");
    to.postMessage({ v: 1, id: 900_002, command: "__proto__" }, "*");
    to.postMessage({ v: 1, id: 900_003, command: "password", args: { password: "x".repeat(100_000) } }, "*");
    to.postMessage({ v: 2, id: 900_004, command: "hangup" }, "*");
    to.postMessage(null, "*");
    await meeting.getNumberOfParticipants();
    return messages.filter(({ data }) => data?.reply > 900_000).map(({ data }) => [data.reply, data.ok, data.error]);
  });
  assert.deepEqual(answer, [[900_001, false, "bad_arguments"], [900_002, false, "unknown_command"]]);
  assert.equal(await frame.evaluate(() => ({}).polluted ?? ({}).enabled), undefined);

  // Names are text, here and there.
  const names = await person.evaluate(async () => (await meeting.getParticipantsInfo()).map(({ displayName }) => displayName));
  assert.ok(names.includes(`Nils ${markup}`), names.join());
  for (const page of [person, frame]) assert.equal(await page.evaluate(() => globalThis.pwned), undefined);

  // And of what is secret, nothing has come.
  await write(nils, "Nothing for the page around");
  await until("the message in the frame", async () => (await panel(frame, "Chat")).includes("Nothing for the page around"));
  const code = (await securityCode(ada)).match(/\d{5}/g);
  const all = await person.evaluate(() => JSON.stringify(messages));
  for (const word of ["Nothing for the page", options.secret, "ada@example.org", "candidate", "ticket", ...code]) {
    assert.ok(!all.includes(word), `the page was sent ${word}`);
  }

  // The page takes the frame elsewhere: who was in it has left, and nobody else.
  await person.evaluate((url) => {
    meeting.iframe.src = url;
  }, `${embedder.evil}/blank`);
  await people(2);
  assert.ok((await ada.evaluate(movingVideos)) > 0, "the others go on");
  await nils.press("Leave");
  await people(1);
  for (const one of [person, nils]) await one.close();
});

test("a page that is not on the list lets nobody in, and is told why", async () => {
  const stranger = await visitor(chromium, `${embedder.evil}/mount`);
  await until("the component", () => stranger.evaluate(() => typeof mount === "function"));
  await stranger.evaluate((o) => mount(o), options);
  const { error, sentence } = await heard(stranger, "errorOccurred");
  assert.equal(error, "frame_not_loaded");
  assert.ok(sentence.includes(embedder.evil), sentence);
  await stranger.close();
});

test("with third-party cookies allowed it is the same", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "conclave-cookies-"));
  await mkdir(path.join(folder, "Default"));
  await writeFile(path.join(folder, "Default/Preferences"), JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  const kept = await startKept(folder);
  const storage = (frame) => frame.evaluate(() => {
    try {
      return localStorage.length >= 0;
    } catch {
      return false;
    }
  });
  try {
    const allowed = await embedded(kept);
    assert.equal(await storage(allowed.frame), true, "they are allowed in this browser");
    const blocked = await embedded(chromium);
    assert.equal(await storage(blocked.frame), false, "and blocked in the other");
    await people(3);
    for (const { person } of [allowed, blocked]) await command(person, "hangup");
    await people(1);
    await blocked.person.close();
  } finally {
    await kept.close();
    await rm(folder, { recursive: true });
  }
});
