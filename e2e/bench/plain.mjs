// The last version without encryption, to compare with.

import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../lib/server.mjs";

const commit = "db835f0627f5";

const run = (cwd, command, ...args) => promisify(execFile)(command, args, { cwd, maxBuffer: 64 << 20 });

/**
 * Returns the binary of that version, built out of this repository's history the
 * first time; null where the history is not there, as in a shallow clone.
 */
export async function plainBinary() {
  const folder = path.join(root, ".tools", `plain-${commit}`);
  const binary = path.join(folder, "conclave");
  if (await access(binary).then(() => true, () => false)) return binary;
  const known = await run(root, "git", "cat-file", "-e", `${commit}^{commit}`).then(() => true, () => false);
  if (!known) return null;
  const tree = await mkdtemp(path.join(tmpdir(), "conclave-plain-"));
  try {
    await run(root, "git", "worktree", "add", "--detach", "--force", tree, commit);
    await run(tree, "npm", "--prefix", "frontend", "ci", "--no-fund", "--no-audit");
    await run(tree, "npm", "--prefix", "frontend", "run", "build");
    await mkdir(folder, { recursive: true });
    await run(tree, "go", "build", "-trimpath", "-o", binary, "./server");
  } finally {
    await run(root, "git", "worktree", "remove", "--force", tree).catch(() => {});
    await rm(tree, { recursive: true, force: true });
  }
  return binary;
}
