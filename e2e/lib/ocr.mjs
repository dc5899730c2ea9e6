// Reads what is written in pictures: Debian's Tesseract.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The text of each picture, which are PNG files in base64. One run reads them all. */
export async function readPictures(pictures) {
  if (pictures.length === 0) return [];
  const folder = await mkdtemp(path.join(tmpdir(), "conclave-ocr-"));
  try {
    const names = pictures.map((_, i) => path.join(folder, `${i}.png`));
    await Promise.all(pictures.map((base64, i) => writeFile(names[i], Buffer.from(base64, "base64"))));
    const list = path.join(folder, "list.txt");
    await writeFile(list, `${names.join("\n")}\n`);
    const args = [list, "stdout", "--psm", "11", "--dpi", "96"];
    const env = { ...process.env, OMP_THREAD_LIMIT: "1" }; // its threads wait for one another
    const { stdout } = await run("tesseract", args, { env, maxBuffer: 64 << 20 });
    const texts = stdout.split("\f");
    assert.equal(texts.length, pictures.length, "a page for each picture");
    return texts;
  } finally {
    await rm(folder, { recursive: true });
  }
}
