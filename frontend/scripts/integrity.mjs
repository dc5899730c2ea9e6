import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * What a build wrote, by the address it is served at.
 * @typedef {ReadonlyMap<string, Buffer>} Files
 */

/**
 * integrity writes into the built document what every script and stylesheet must
 * be, so that a browser runs what belongs to this document and nothing else.
 * The tags say it of what they load themselves. An import map says it of all
 * scripts, also of those that are imported later, and of the workers: lib/trusted
 * looks there. It hashes the files on disk, after everything else has happened.
 * @returns {import("vite").Plugin}
 */
export function integrity() {
  let dist = "";
  return {
    name: "integrity",
    apply: "build",
    configResolved({ root, build }) {
      dist = resolve(root, build.outDir);
    },
    writeBundle: {
      order: "post",
      handler() {
        const path = join(dist, "index.html");
        writeFileSync(path, sealed(readFileSync(path, "utf8"), filesIn(dist)));
      },
    },
  };
}

/**
 * alone is for the build of the workers. Import maps do not reach into a worker:
 * one that imports would load what nobody has checked.
 * @returns {import("vite").Plugin}
 */
export function alone() {
  return {
    name: "alone",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        // What was imported at some later time and is in the file already counts as itself.
        const others = [...chunk.imports, ...chunk.dynamicImports].filter(
          (f) => f !== chunk.fileName,
        );
        if (others.length > 0)
          throw new Error(`${chunk.fileName} is a worker, and imports ${others}`);
      }
    },
  };
}

/**
 * sealed returns the document with the hashes of the files it stands for.
 * @param {string} document
 * @param {Files} files
 */
export function sealed(document, files) {
  const tags = document.replace(/<(script|link)\b[^>]*>/g, (tag) => withHash(tag, files));
  const scripts = [...files].filter(([path]) => path.endsWith(".js")).sort();
  const map = { integrity: Object.fromEntries(scripts.map(([path, text]) => [path, hash(text)])) };
  // Before the first script: what is fetched before the map is not checked by it.
  return tags.replace(/<(?=script\b|link rel="modulepreload")/, () => {
    return `<script type="importmap">${JSON.stringify(map)}</script>\n    <`;
  });
}

/**
 * @param {string} tag
 * @param {Files} files
 */
function withHash(tag, files) {
  const url = /\s(?:src|href)="([^"]*)"/.exec(tag)?.[1];
  if (url === undefined) throw new Error(`${tag} is inline, and the policy would not let it run`);
  const content = files.get(url);
  if (!content) throw new Error(`${tag} is no file of this build`);
  const runs = tag.startsWith("<script") || /\srel="(?:stylesheet|modulepreload)"/.test(tag);
  return runs ? tag.replace(/\s*\/?>$/, ` integrity="${hash(content)}">`) : tag;
}

/** @param {Buffer} content */
function hash(content) {
  return `sha384-${createHash("sha384").update(content).digest("base64")}`;
}

/**
 * @param {string} dist
 * @returns {Files}
 */
function filesIn(dist) {
  const entries = readdirSync(dist, { recursive: true, withFileTypes: true });
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  return new Map(
    paths.map((path) => [path.slice(dist.length).replaceAll("\\", "/"), readFileSync(path)]),
  );
}
