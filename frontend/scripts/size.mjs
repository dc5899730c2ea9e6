// Prints how much JavaScript the door of a meeting can load, gzipped: the entry,
// the join page, the room behind it and the workers. Fails above the budget.
//
// It walks the manifest from the entry and counts everything it meets, but for
// the pages that are not the join page. So a new chunk counts until somebody
// says here that the door never loads it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = 90_000;
const dist = join(import.meta.dirname, "../../server/web/dist");
const otherPages = ["home", "setup", "signin", "meetings", "reports"].map(
  (name) => `src/app/${name}.tsx`,
);

const manifest = JSON.parse(readFileSync(join(dist, ".manifest.json"), "utf8"));
for (const page of [...otherPages, "src/app/join.tsx"]) {
  if (!manifest[page]?.isDynamicEntry) throw new Error(`${page} is not a page of its own any more`);
}

const scripts = new Set();
const seen = new Set(otherPages);
visit("index.html");

let total = 0;
for (const file of [...scripts].sort()) {
  const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(7)}  ${file}`);
}
console.log(`${String(total).padStart(7)}  in all, of ${budget} bytes gzipped`);
if (![...scripts].some((file) => file.includes(".worker"))) throw new Error("no worker was found");
if (total > budget) process.exit(1);

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
