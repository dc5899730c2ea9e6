// A page, as a person with a large window and one with a phone sees it, by day and
// by night.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./server.mjs";

const out = path.join(root, "e2e/out");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { name: "1280x800", width: 1280, height: 800, scheme: "light" },
  { name: "1280x800-dark", width: 1280, height: 800, scheme: "dark" },
  { name: "390x844", width: 390, height: 844, scheme: "light" },
  { name: "390x844-dark", width: 390, height: 844, scheme: "dark" },
];

/**
 * Looks at what is on screen now, in every view: axe finds nothing to say, nothing
 * is wider than the window, and a picture is kept to look at.
 */
export async function look(person, name) {
  await mkdir(out, { recursive: true });
  for (const [i, view] of views.entries()) {
    await person.page.setViewportSize(view);
    await person.page.emulateMedia({ colorScheme: view.scheme, reducedMotion: "reduce" });
    await person.page.mouse.move(2 + i, 2); // a room where nothing moves hides its controls after 3 s
    await person.page.waitForTimeout(250);
    await person.screenshot(path.join(out, `${name}-${view.name}.png`));
    await faultless(person, `${name}, ${view.name}`);
  }
  await person.page.setViewportSize(views[0]);
}

/** Axe finds nothing to say about the page as it is now, and nothing is wider than the window. */
export async function faultless(person, name) {
  await person.evaluate(axe);
  const { violations } = await person.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(
    violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
    [],
    `axe on ${name}`,
  );
  const overflow = await person.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px wider than the window`);
}

