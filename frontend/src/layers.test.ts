import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * layers says which folder may import which. Read it as the architecture; to
 * break a rule, change it here and say why in the same commit.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  text: [],
  lib: [],
  model: ["text"],
  view: ["model", "text"],
  embed: [], // runs in other people's pages, and shares nothing with ours
  app: ["view", "model", "text", "lib", "style", "embed"],
};

/** Types may come from the seams, for they are gone when the page runs. */
const typesFrom: Readonly<Record<string, readonly string[]>> = {
  text: ["lib"],
  model: ["lib"],
  view: ["lib"],
};

/** Packages, and the layers that may use them. */
const packages: Readonly<Record<string, readonly string[]>> = {
  preact: ["view", "app"],
  "@preact/signals": ["app"],
  "ts-mls": ["lib"],
  "@hpke/core": ["lib"],
  "@noble/hashes": ["lib"],
  uplot: ["lib"],
  uqr: ["lib"],
};

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|fixture)\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly types: boolean;
}

function importsOf({ name, text }: { name: string; text: string }): Import[] {
  const [from = ""] = name.split("/");
  const statements = [
    ...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"/gm),
    ...text.matchAll(/^import\s+()"([^"]+)"/gm),
    ...text.matchAll(/\bimport\(()"([^"]+)"\)/g),
  ];
  return statements.map(([, types, target = ""]) => {
    const path = relative(root, resolve(root, dirname(name), target));
    const to = target.startsWith(".") ? (path.split("/")[0] ?? "") : target;
    return { file: name, from, to, types: Boolean(types) };
  });
}

function allowed({ from, to, types }: Import): boolean {
  const [scope = "", rest] = to.split("/");
  const name = scope.startsWith("@") ? `${scope}/${rest}` : scope;
  if (name in packages) return packages[name]?.includes(from) ?? false;
  if (to === from || layers[from]?.includes(to)) return true;
  return types && (typesFrom[from]?.includes(to) ?? false);
}

describe("layers", () => {
  const imports = files.flatMap(importsOf);

  it("reads the real files", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(150);
    expect(imports.some((i) => i.from === "view" && i.to === "model")).toBe(true);
  });

  it("has every file in a layer", () => {
    const known = [...Object.keys(layers), "style"];
    expect(files.filter(({ name }) => !known.includes(name.split("/")[0] ?? ""))).toEqual([]);
  });

  it("points one way", () => {
    expect(imports.filter((i) => !allowed(i))).toEqual([]);
  });

  it("keeps the browser out of the model, and the network out of the views", () => {
    const uses = (layer: string, words: RegExp) =>
      files.filter(({ name, text }) => name.startsWith(layer) && words.test(text));
    const browser = /\b(document|window|navigator|location|localStorage|sessionStorage|fetch)\./;
    expect(uses("model/", browser)).toEqual([]);
    expect(uses("view/", /\b(fetch\(|new WebSocket|new RTCPeerConnection|sessionStorage)/)).toEqual(
      [],
    );
  });
});

describe("types", () => {
  const outside = files.filter(({ name }) => !name.startsWith("lib/"));
  const code = (text: string) =>
    text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"|`[^`]*`/gm, "");

  it("are never asserted outside the seams", () => {
    const asserts = /\bas (?!const\b)[A-Za-z{(]/;
    const found = outside
      .map(({ name, text }) => ({
        name,
        line: asserts.exec(code(text).replace(/^import[\s\S]*?;/gm, ""))?.[0],
      }))
      .filter(({ line }) => line !== undefined);
    expect(found).toEqual([]);
  });
});

describe("words", () => {
  const pages = files.filter(({ name }) => name.endsWith(".tsx"));

  it("all come from the catalogue, also those that are only heard", () => {
    const spoken = /\b(aria-label|aria-description|title|alt|placeholder|label)="[^"]+"/;
    expect(pages.filter(({ text }) => spoken.test(text)).map(({ name }) => name)).toEqual([]);
    expect(pages.length).toBeGreaterThan(10);
  });
});
