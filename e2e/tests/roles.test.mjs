// Who sees which controls, and what the server answers who asks without them: of
// every role, in every kind of meeting, held against roles.golden.json. Write that
// anew with UPDATE=1, and read the difference: it is a change of who may do what.
// What the other members of the group answer stands there too, as `peers`, and is held
// against it by lib/group/roles.test.ts, which takes from here the rules that each kind
// of meeting begins with. Write those after these: UPDATE=1 npx vitest run roles.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { scripts, tapSocket } from "../lib/inside.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { enter, joinByLink, panel, securityCode, setUp } from "../lib/steps.mjs";

const golden = path.join(root, "e2e/tests/roles.golden.json");
const kinds = ["MeetingCenter", "TrainingCenter", "EventCenter", "SupportCenter"];
const init = scripts(tapSocket);
const found = {};
/** The signature keys that Bob has shown. */
const keys = [];
let server, browser, ada, people;

before(async () => {
  await mkdir(path.join(root, "e2e/out"), { recursive: true });
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url, { init });
  await setUp(ada, server);
  const guests = ["Prue", "Pan", "Ann", "Bob"];
  people = await Promise.all(guests.map(() => chromiumPerson(browser, server.url, { init })));
  people[3].page.on("request", (request) => {
    if (request.url().endsWith("/v1/meetings/join")) keys.push(request.postDataJSON().signatureKey);
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A meeting of a kind, with everybody in it in their role. */
async function meet(kind) {
  const link = await ada.evaluate(async (serviceType) => {
    const post = (url, body) =>
      fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const form = { title: serviceType, start: "2030-01-01T09:00:00Z", password: "open sesame", serviceType };
    const meeting = await (await post("/v1/meetings", form)).json();
    await post(`/v1/meetings/${meeting.id}/start`, {});
    return meeting.webLink;
  }, kind);
  await ada.goto(link);
  await enter(ada);
  const [prue, pan, ann, bob] = people;
  await Promise.all([
    joinByLink(prue, link, "Prue"),
    joinByLink(pan, link, "Pan"),
    joinByLink(ann, link, "Ann"),
    joinByLink(bob, link, "Bob"),
  ]);
  await makeOf("Prue", "Make presenter");
  await prue.sees("You are a presenter now");
  await makeOf("Pan", "Make panelist");
  await pan.sees("You are a panelist now");
  return { host: ada, presenter: prue, panelist: pan, attendee: ann };
}

async function makeOf(name, act) {
  await panel(ada, "Participants");
  await ada.press(`Actions for ${name}`);
  await ada.choose(act);
}

/** What buttons say, without the signs before it: where those stand is a matter of style. */
const labels = async (person, selector) => {
  const texts = await person.evaluate((of) => [...document.querySelectorAll(of)].map((b) => b.innerText), selector);
  return texts.map((text) => text.replace(/[^\p{L}\p{N}'()-]+/gu, " ").trim()).filter(Boolean);
};

/** What somebody has before them: the controls, what may be done to all, and to each of two people. */
async function controls(person) {
  await panel(person, "Participants");
  const bar = await labels(person, ".controls button");
  const all = await labels(person, ".crowd button");
  const sees = (await labels(person, ".people .name")).sort();
  await readersAre(person, sees);
  await panel(person, "Participants");
  const seen = { bar, more: await menu(person, "More"), all, sees };
  for (const name of ["Ada Host", "Bob"]) {
    const about = `Actions for ${name}`;
    if (await person.has(about)) seen[`on ${name}`] = await menu(person, about);
  }
  return seen;
}

/** Security names nobody whom the list of participants does not, and counts all. */
async function readersAre(person, sees) {
  assert.equal((await securityCode(person)).length, 30, "the code is for everybody");
  const text = await panel(person, "Security");
  assert.deepEqual((await labels(person, ".security .people .name")).sort(), sees);
  assert.equal(text.includes("5 people\n\nThe other attendees are not shown here."), sees.length < 5, text);
}

/** What a menu offers, which is closed again. */
async function menu(person, name) {
  await person.press(name);
  await person.page.getByRole("menu").waitFor();
  const items = await labels(person, ".menu [role=menuitem]");
  await person.press(name);
  await person.page.getByRole("menu").waitFor({ state: "detached" });
  return items;
}

/** Changes of the group's rules that somebody might commit; Bob's is about his signature key. */
const changes = {
  "lock the meeting": (rules) => ({ ...rules, locked: true }),
  "ask before people come in": (rules) => ({ ...rules, lobby: true }),
  "give attendees a right": (rules) => ({ ...rules, rights: [...rules.rights, "record"] }),
  "take a right from attendees": (rules) => ({ ...rules, rights: rules.rights.filter((right) => right !== "chat_hosts") }),
  "make another host": (rules, key) => ({ ...rules, people: [...rules.people, { key, role: "host" }] }),
};

/**
 * Commits that would change the rules now. Each adds somebody, too, who does not
 * wait: that is not found where the change may be made, so that nothing is changed.
 */
async function commits(person, key) {
  const now = await person.evaluate(() => ({
    rules: inside.events.findLast(({ data }) => data.rules).data.rules,
    epoch: inside.events.findLast(({ type }) => type === "committed" || type === "admitted").data.epoch,
  }));
  const nobody = { added: [{ participant: "nobody", leaf: 99 }], welcome: "AAAA", tree: "AAAA" };
  return Object.entries(changes).map(([name, change]) => {
    const rules = change({ people: [], ...now.rules }, key);
    return [name, "commit", { epoch: now.epoch, commit: "AAAA", ...nobody, rules }];
  });
}

/** What the server answers each command, whatever the page offers. */
async function answers(person, bob, key) {
  const ask = (type, data) =>
    person.evaluate(
      ([type, data]) =>
        new Promise((told) => {
          const id = 1_000_000 + Math.floor(Math.random() * 1_000_000);
          const { socket } = inside;
          const hear = ({ data: text }) => {
            const event = JSON.parse(text);
            if (event.type !== "reply" || event.data.re !== id) return;
            socket.removeEventListener("message", hear);
            told(event.data.code);
          };
          socket.addEventListener("message", hear);
          socket.send(JSON.stringify({ type, id, data }));
        }),
      [type, data],
    );
  const got = {};
  for (const [name, type, data] of [
    ["mute another", "mute", { participant: bob }],
    ["mute all", "mute_all", {}],
    ["ask to unmute", "ask_to_unmute", { participant: bob }],
    ["stop another's share", "stop_shares", { participant: bob }],
    ["stop all shares", "stop_shares", {}],
    ["raise a hand", "raise_hand", { raised: false }],
    ["lower another's hand", "lower_hand", { participant: bob }],
    ["send away", "deny", { participant: "nobody" }],
    ["expel", "expel", { participant: "nobody" }],
    ["speak", "publish", { source: "microphone", live: true }],
    ["show a camera", "publish", { source: "camera", live: true }],
    ["share a window", "publish", { source: "screen", live: true, surface: "window" }],
    ["share the screen", "publish", { source: "screen", live: true, surface: "monitor" }],
    ...(await commits(person, key)),
  ]) {
    got[name] = await ask(type, data);
    if (type === "publish" && got[name] === "ok") await ask("publish", { source: data.source, live: false });
  }
  if (!(await person.has("End for everyone"))) got.end = await ask("end_meeting", {});
  return got;
}

for (const kind of kinds) {
  test(`every role in a ${kind}`, async () => {
    const roles = await meet(kind);
    const { self } = await people[3].evaluate(() => inside.last("welcome"));
    const { rules } = await ada.evaluate(() => inside.events.find(({ type }) => type === "admitted").data);
    found[kind] = { rules };
    for (const [role, person] of Object.entries(roles)) {
      found[kind][role] = { ...(await controls(person)), answers: await answers(person, self, keys.at(-1)) };
    }
    await ada.evaluate(() => inside.socket.send(JSON.stringify({ type: "end_meeting", id: 7, data: {} })));
    for (const person of people) await person.sees("The meeting has ended");
  });
}

/** The table as it is, with what is found here in the place of what stands there. */
function renewed(table) {
  const row = (kind, name) => ({ ...found[kind][name], ...(table[kind]?.[name]?.peers && { peers: table[kind][name].peers }) });
  return Object.fromEntries(
    Object.keys(found).map((kind) => {
      const { rules, ...rows } = found[kind];
      const others = Object.entries(table[kind] ?? {}).filter(([name]) => !(name in found[kind]));
      return [kind, { rules, ...Object.fromEntries(Object.keys(rows).map((name) => [name, row(kind, name)])), ...Object.fromEntries(others) }];
    }),
  );
}

test("that is the golden table", async () => {
  const table = JSON.parse(await readFile(golden, "utf8"));
  const now = renewed(table);
  if (process.env.UPDATE) await writeFile(golden, `${JSON.stringify(now, null, 2)}\n`);
  assert.deepEqual(now, JSON.parse(await readFile(golden, "utf8")));
});

test("what was refused is on record, and for nobody but who asked", async () => {
  const events = await until("the refusals", async () => {
    const { items: all } = await ada.evaluate(async () => (await fetch("/v1/meetingReports/events?format=json")).json());
    const refused = all.filter(({ event }) => event === "refused");
    return refused.length > 0 && refused;
  });
  const actions = new Set(events.map(({ detail }) => detail.action));
  for (const action of ["mute_others", "stop_shares", "admit_people", "expel_people", "end_meeting", "publish_microphone"]) {
    assert.ok(actions.has(action), `${action} was refused, and is not on record`);
  }
});
