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

/** In a page: waits until it has drawn itself after a change, and whatever moves to its place has come there. */
export async function settle() {
  const drawn = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  const ends = ({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime < 10_000;
  await drawn();
  await Promise.allSettled(document.getAnimations().filter(ends).map(({ finished }) => finished));
  await drawn();
}

/** A large window by day, and a phone by night. */
export const extremes = [views[0], views[3]];

/**
 * Looks at what is on screen now, in every view, or some: axe finds nothing to say,
 * nothing is wider than the window, and a picture is kept to look at, which with
 * fullPage shows also what is below the edge.
 */
export async function look(person, name, { of = views, fullPage = false } = {}) {
  await mkdir(out, { recursive: true });
  for (const [i, view] of of.entries()) {
    await person.page.setViewportSize(view);
    await person.page.emulateMedia({ colorScheme: view.scheme, reducedMotion: "reduce" });
    await person.page.mouse.move(2 + i, 2); // a room where nothing moves hides its controls after 3 s
    await person.evaluate(settle);
    await person.page.screenshot({ path: path.join(out, `${name}-${view.name}.png`), fullPage });
    await faultless(person, `${name}, ${view.name}`);
  }
  await person.page.setViewportSize(views[0]);
}

/** Axe finds nothing to say about the page as it is now, and nothing is wider than the window. */
export async function faultless(person, name) {
  if (!(await person.evaluate(() => "axe" in globalThis))) await person.evaluate(axe);
  const { violations } = await person.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(
    violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
    [],
    `axe on ${name}`,
  );
  const overflow = await person.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px wider than the window`);
}

