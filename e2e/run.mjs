// Runs every file of tests in a process of its own, one after another: they share
// displays, and each measures. Names on the command line choose among the files.
//
// Real browsers on a busy machine fail now and then for reasons of their own. So a
// file that fails is run once more at the end, when all else is done, and named for
// what it is: what fails twice fails the run, and what needed its second try is said
// in the last lines, to be mended. When many fail, nothing is tried again.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const most = 3; // files that get a second try
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
    { stdio: "inherit" },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      console.log(`${code === 0 ? "passed" : "FAILED"} ${name} in ${Math.round((Date.now() - began) / 1000)} s\n`);
      resolve(code === 0);
    });
  });
}

/** @param {string[]} names */
async function failing(names) {
  const failed = [];
  for (const name of names) if (!(await passes(name))) failed.push(name);
  return failed;
}

const first = await failing(files);
const second = first.length > most ? first : await failing(first);
console.log(`${files.length} files, ${second.length} failed${second.length ? `: ${second.join(", ")}` : ""}`);
const unsteady = first.filter((name) => !second.includes(name));
if (unsteady.length > 0) console.log(`passed only at the second try: ${unsteady.join(", ")}`);
process.exitCode = second.length > 0 ? 1 : 0;
