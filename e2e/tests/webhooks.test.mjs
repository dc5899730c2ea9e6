// An administrator has another server told what happens: adds a webhook, tests it,
// sees what came of each try, retries what was given up, and changes its secret, in
// Chromium, with a receiver that verifies what it gets.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { look } from "../lib/look.mjs";
import { startServer, until } from "../lib/server.mjs";
import { schedule, setUp } from "../lib/steps.mjs";

let server, browser, ada, receiver, address, secret;
let status = 204;
const got = [];

before(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    got.push({ headers: request.headers, body, event: JSON.parse(body) });
    response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await new Promise((done) => receiver.once("listening", done));
  address = `127.0.0.1:${receiver.address().port}`;
  server = await startServer({ env: { CONCLAVE_WEBHOOK_PRIVATE: "true" } });
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  await setUp(ada, server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  receiver?.close();
  receiver?.closeAllConnections();
});

/** Whether a message is signed with key. */
function signed({ headers, body }, key) {
  const mac = createHmac("sha256", Buffer.from(key.replace("whsec_", ""), "base64"));
  const want = mac.update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");
  return headers["webhook-signature"].split(" ").includes(`v1,${want}`);
}

const told = (type) => until(type, () => got.find(({ event }) => event.type === type));

test("a webhook is added and tested, and is told of meetings", async () => {
  await ada.goto("/admin/webhooks");
  await ada.sees("No other server is told anything.");
  await look(ada, "webhooks-none");
  await ada.press("Add a webhook");
  await ada.press("Add");
  await ada.sees("Enter an address.");
  await ada.fill("Address", "https://user:pass@hooks.example/");
  await ada.press("Add");
  await ada.sees("Leave the user and the password out");
  await look(ada, "webhooks-add");
  await ada.fill("Address", `http://${address}/in`);
  await ada.press("Add");
  await ada.sees("Its secret");
  secret = await ada.page.getByLabel("Secret", { exact: true }).inputValue();
  assert.match(secret, /^whsec_.{44}$/);
  await look(ada, "webhooks-secret");
  await ada.press("Done");
  await ada.press(`Deliveries of ${address}`);
  await ada.press("Send a test");
  await ada.sees("Test: Delivered (204)");
  assert.ok(signed(await told("webhooks.test"), secret));
  await ada.goto("/meetings");
  await schedule(ada, "Quarterly numbers");
  const created = await told("meetings.created");
  assert.ok(signed(created, secret) && !signed(created, `whsec_${"A".repeat(43)}=`));
  assert.equal(created.event.data.title, "Quarterly numbers");
  assert.ok(!/@|sesame/.test(created.body), created.body);
});

// Events are given up after a day: the page is shown three that were, and what it
// asks for is noted. That the server does it, its own tests show.
test("what was given up is retried and discarded", async () => {
  let dead = ["a", "b", "c"].map((name) => ({
    eventId: `evt_${name}`, type: "meetings.created", meetingId: name, time: `2027-05-04T09:0${name.charCodeAt(0) - 97}:00Z`,
    died: "2027-05-05T09:00:00Z", tries: 11, outcome: "status", status: 503,
  }));
  const asked = [];
  await ada.page.route(/\/deadLetters/, (route) => {
    const request = route.request();
    const [, event, verb] = /deadLetters(?:\/(evt_\w+))?(\/retry)?$/.exec(request.url());
    if (request.method() === "GET") return route.fulfill({ json: { items: dead } });
    asked.push(`${request.method()} ${event ?? "all"}`);
    dead = event ? dead.filter(({ eventId }) => eventId !== event) : [];
    return verb ? route.fulfill({ json: { events: 1 } }) : route.fulfill({ status: 204 });
  });
  status = 503;
  await ada.goto("/admin/webhooks");
  await ada.press(`Deliveries of ${address}`);
  await ada.press("Send a test");
  await ada.sees("Test: Not taken (503)");
  await look(ada, "webhooks-log", { fullPage: true });
  const retries = ada.page.getByRole("button", { name: /^Retry Meeting scheduled/ });
  assert.equal(await retries.count(), 3);
  await retries.first().press("Enter");
  await until("two", async () => (await retries.count()) === 2);
  await ada.page.getByRole("button", { name: /^Discard Meeting scheduled/ }).first().press("Enter");
  await until("one", async () => (await retries.count()) === 1);
  await ada.press("Discard all");
  await ada.sees("Discard all that were given up?");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Discard all", exact: true }).click();
  await ada.sees("Nothing was given up.");
  assert.deepEqual(asked, ["POST evt_a", "DELETE evt_b", "DELETE all"]);
  await ada.page.unrouteAll();
  status = 204;
});

test("it is paused, gets another secret, and is deleted", async () => {
  await ada.goto("/admin/webhooks");
  await ada.press(`Edit ${address}`);
  await look(ada, "webhooks-edit");
  await ada.page.getByLabel("On: events are sent").uncheck();
  await ada.press("Save");
  await ada.sees("Paused");
  await ada.press(`Edit ${address}`);
  await ada.press("Make a new secret");
  await ada.press("Make it");
  await ada.sees("The secret before signs too until");
  const other = await ada.page.getByLabel("Secret", { exact: true }).inputValue();
  assert.notEqual(other, secret);
  await ada.press("Done");
  await ada.press(`Deliveries of ${address}`);
  const before = got.length;
  await ada.press("Send a test");
  const both = await until("a test", () => got[before]);
  assert.ok(signed(both, secret) && signed(both, other));
  await ada.press(`Edit ${address}`);
  await ada.press("Delete this webhook");
  await ada.press("Delete");
  await ada.sees("No other server is told anything.");
  await ada.goto("/admin/audit");
  await ada.page.getByRole("rowheader", { name: "Deleted a webhook" }).waitFor();
  assert.ok(!(await ada.text()).includes("whsec_"));
  assert.deepEqual(ada.problems.filter((p) => !/422/.test(p)), []);
});
