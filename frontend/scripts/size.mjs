// Prints how much JavaScript the door of a meeting loads, gzipped, and how much in
// all with what is fetched while one looks into the mirror: the room behind it and
// the workers, of which the group's, MLS, is the larger half. Fails above a budget.
//
// It walks the manifest from the entry and counts everything it meets, but for
// the pages that are not the join page. So a new chunk counts until somebody
// says here that the door never loads it. The component is a build of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = { door: 35_500, all: 126_000, language: 24_000, component: 8_000, frame: 8_000 };
const dist = join(import.meta.dirname, "../../server/web/dist");
const otherPages = [
  "home",
  "setup",
  "signin",
  "factors",
  "welcome",
  "register",
  "forgot",
  "profile",
  "people",
  "audit",
  "policy",
  "embedding",
  "webhooks",
  "meetings",
  "reports",
  "demo",
  "embed/page",
].map((name) => `src/app/${name}.tsx`);
// What a frame of somebody else's page loads besides the door.
const frame = ["src/app/embed/page.tsx", "src/app/embed/meeting.ts"];
// What is read in English loads none of them, anything else one.
const languages = ["de", "ar"].map((tag) => `src/text/${tag}/index.ts`);

const manifest = JSON.parse(readFileSync(join(dist, ".manifest.json"), "utf8"));
for (const page of [...otherPages, ...languages, "src/app/join.tsx"]) {
  if (!manifest[page]?.isDynamicEntry) throw new Error(`${page} is not a page of its own any more`);
}

const scripts = new Set();
const seen = new Set([...otherPages, ...languages]);
visit("index.html");

const door = new Set();
atOnce("index.html");
atOnce("src/app/join.tsx");

const inFrame = new Set(door);
for (const key of frame) atOnce(key, inFrame);
const framed = [...inFrame].filter((file) => !scripts.has(file));

const total = { door: 0, all: 0 };
for (const file of [...scripts].sort()) {
  const size = sizeOf(file);
  total.all += size;
  if (door.has(file)) total.door += size;
  console.log(`${String(size).padStart(7)}  ${file}${door.has(file) ? ", at once" : ""}`);
}
for (const { file } of languages.map((language) => manifest[language])) {
  const size = sizeOf(file);
  console.log(`${String(size).padStart(7)}  ${file}, of ${budget.language} bytes gzipped`);
  if (size > budget.language) process.exitCode = 1;
}
const component = readFileSync(join(dist, "embed.js"));
const componentSize = gzipSync(component, { level: 9 }).length;
console.log(`${String(componentSize).padStart(7)}  embed.js, of ${budget.component} bytes gzipped`);
if (componentSize > budget.component) process.exitCode = 1;
if (/\bimport\b/.test(component.toString())) throw new Error("embed.js does not stand alone");
for (const file of framed) console.log(`${String(sizeOf(file)).padStart(7)}  ${file}, in a frame`);
const frameSize = framed.map(sizeOf).reduce((sum, size) => sum + size, 0);
console.log(`${String(frameSize).padStart(7)}  in a frame, of ${budget.frame} bytes gzipped`);
if (frameSize > budget.frame) process.exitCode = 1;
console.log(`${String(total.door).padStart(7)}  at once, of ${budget.door} bytes gzipped`);
console.log(`${String(total.all).padStart(7)}  in all, of ${budget.all} bytes gzipped`);
if (![...scripts].some((file) => file.includes(".worker"))) throw new Error("no worker was found");
if (total.door > budget.door || total.all > budget.all) process.exit(1);

/** @param {string} file */
function sizeOf(file) {
  return gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
}

/**
 * What a page cannot be shown without.
 * @param {string} key
 */
function atOnce(key, files = door) {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const next of chunk.imports ?? []) atOnce(next, files);
}

/** @param {string} key */
function visit(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the manifest`);
  count(chunk.file);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) visit(next);
}

/**
 * The manifest does not list workers: whatever script a script names is counted, too.
 * @param {string} file
 */
function count(file) {
  if (scripts.has(file)) return;
  scripts.add(file);
  const text = readFileSync(join(dist, file), "utf8");
  const chunks = new Set(Object.values(manifest).map((chunk) => chunk.file));
  for (const [named] of text.matchAll(/assets\/[\w.-]+\.js/g)) {
    if (!chunks.has(named)) count(named);
  }
}
