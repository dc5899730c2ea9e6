// Runs every file of tests in a process of its own. Those that measure, or have sound
// and pictures, run alone, one after another; before them those that only look at pages
// run two at a time. Names on the command line choose among the files.
//
// Real browsers on a busy machine fail now and then for reasons of their own. So a
// file that fails is run once more at the end, when all else is done, and named for
// what it is: what fails twice fails the run, and what needed its second try is said
// in the last lines, to be mended. When many fail, nothing is tried again.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const most = 3; // files that get a second try
// What looks at pages, and waits for them most of its time.
const pages = ["door", "keyboard", "languages", "links", "people", "policy", "signin", "sites", "walk"];
const folder = join(import.meta.dirname, "tests");
const chosen = process.argv.slice(2);
const files = readdirSync(folder).filter(
  (name) => name.endsWith(".test.mjs") && (chosen.length === 0 || chosen.some((part) => name.includes(part))),
);
if (files.length === 0) throw new Error(`no file of tests has ${chosen.join(" or ")} in its name`);

/**
 * @param {string} name
 * @returns {Promise<boolean>} whether every test in it has passed
 */
function passes(name) {
  const began = Date.now();
  const child = spawn(
    process.execPath,
    ["--test", "--test-timeout=1200000", "--test-reporter=spec", join(folder, name)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = ""; // in one piece, for another may run beside it
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = Math.round((Date.now() - began) / 1000);
      console.log(`${said}${code === 0 ? "passed" : "FAILED"} ${name} in ${seconds} s\n`);
      resolve(code === 0);
    });
  });
}

/**
 * @param {string[]} names
 * @param {number} atOnce how many of them run at a time
 * @returns {Promise<string[]>} those that failed
 */
async function failing(names, atOnce = 1) {
  const failed = [];
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) if (!(await passes(name))) failed.push(name);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

const isPages = (/** @type {string} */ name) => pages.includes(name.replace(".test.mjs", ""));
const first = [
  ...(await failing(files.filter(isPages), 2)),
  ...(await failing(files.filter((name) => !isPages(name)))),
];
const second = first.length > most ? first : await failing(first);
console.log(`${files.length} files, ${second.length} failed${second.length ? `: ${second.join(", ")}` : ""}`);
const unsteady = first.filter((name) => !second.includes(name));
if (unsteady.length > 0) console.log(`passed only at the second try: ${unsteady.join(", ")}`);
process.exitCode = second.length > 0 ? 1 : 0;
