// Somebody else's web server, with pages that put a meeting into themselves. To a
// browser it is two sites, neither of them ours: one that is allowed to, and one that
// means no good.

import { execFileSync } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { root, until } from "./server.mjs";

/**
 * Starts it. `pages` are its pages by path: text, or `{type, headers, text}`. More can
 * be put there later.
 */
export async function openEmbedder(pages = {}) {
  const served = new Map(Object.entries(pages));
  const server = http.createServer((request, response) => {
    const page = served.get(new URL(request.url, "http://x").pathname);
    const { type = "text/html; charset=utf-8", headers = {}, text = page } = page?.text === undefined ? {} : page;
    response.writeHead(page === undefined ? 404 : 200, { "Content-Type": type, ...headers });
    response.end(text ?? "");
  });
  server.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  return {
    url: `http://a.localhost:${port}`,
    evil: `http://evil.localhost:${port}`,
    serve: (where, page) => served.set(where, page),
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

/** The operator says which pages may show meetings inside themselves. */
export function allowOrigins(server, origins) {
  const set = `embedOrigins=${JSON.stringify(origins)}`;
  execFileSync(path.join(root, "bin/conclave"), ["site", "policy", "--site", "default", "--set", set, "--data", server.data]);
}

/**
 * A page with `mount(options)`, which puts a meeting into it as `meeting` and keeps in
 * `told` what it said; in `messages` is all that came to the page as a message.
 */
export function mounting(site) {
  return `<!doctype html><meta charset="utf-8"><title>Embedder</title><div id="place"></div>
<script type="module">
  import { ConclaveMeeting } from ${JSON.stringify(`${site}/embed.js`)};
  globalThis.messages = [];
  addEventListener("message", ({ data, origin }) => messages.push({ data, origin }));
  globalThis.mount = (options) => {
    const parentNode = document.querySelector("#place");
    globalThis.meeting = new ConclaveMeeting(${JSON.stringify(site)}, { ...options, parentNode });
    globalThis.told = [];
    for (const event of meeting.getSupportedEvents()) meeting.on(event, (payload) => told.push([event, payload]));
  };
</script>`;
}

/** Who sits before the frame in somebody's page; it does what a person in a tab does. */
export function inFrame(person, part = "/embed/") {
  const frame = () =>
    until(`the frame in ${person.browser}`, () => person.page.frames().find((f) => f.parentFrame() && f.url().includes(part)));
  const hands = person.browser === "Chromium" ? chromiumHands(frame) : firefoxHands(frame);
  return {
    ...hands,
    browser: `a frame in ${person.browser}`,
    frame,
    evaluate: async (fn, arg) => (await frame()).evaluate(fn, arg),
    text: async () => (await frame()).evaluate(() => document.body.innerText),
    sees: (words) => until(`${words} in the frame`, async () => (await (await frame()).evaluate(() => document.body.innerText)).includes(words)),
  };
}

function chromiumHands(frame) {
  const button = async (name) => (await frame()).getByRole("button", { name, exact: true });
  return {
    fill: async (label, value) => (await frame()).getByLabel(label, { exact: true }).fill(value),
    press: async (name, within = "body") => (await frame()).locator(within).getByRole("button", { name, exact: true }).click(),
    choose: async (name) => (await frame()).getByRole("menuitem", { name, exact: true }).click(),
    select: async (label, option) => (await frame()).getByLabel(label, { exact: true }).selectOption({ label: option }),
    has: async (name) => (await (await button(name)).count()) > 0,
  };
}

function firefoxHands(frame) {
  const find = async (name, role, within = "") => (await frame()).waitForSelector(`${within}::-p-aria([name="${name}"][role="${role}"])`);
  return {
    async fill(label, value) {
      const field = await (await frame()).waitForSelector(`::-p-aria(${label})`);
      await field.click({ count: 3 });
      await field.type(value);
    },
    press: async (name, within = "") => (await find(name, "button", within && `${within} `)).click(),
    choose: async (name) => (await find(name, "menuitem")).click(),
    async select(label, option) {
      const field = await find(label, "combobox");
      const value = await field.evaluate((f, o) => [...f.options].find((one) => one.textContent === o)?.value, option);
      await field.select(value);
    },
    has: async (name) => (await (await frame()).$(`::-p-aria([name="${name}"][role="button"])`)) !== null,
  };
}
