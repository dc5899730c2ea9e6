import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { alone, sealed } from "./integrity.mjs";

const built = {
  "/index.html": "",
  "/favicon.svg": "<svg/>",
  "/assets/index-1.js": 'import("./page-2.js")',
  "/assets/page-2.js": "export {}",
  "/assets/frames.worker-3.js": 'self.onmessage=()=>{};const from="important"',
  "/assets/style-4.css": "body{}",
};

const entry = '<script type="module" crossorigin src="/assets/index-1.js"></script>';
const style = '<link rel="stylesheet" crossorigin href="/assets/style-4.css" />';
const icon = '<link rel="icon" href="/favicon.svg" type="image/svg+xml" />';

function seal(head: string, changed: Record<string, string> = {}): string {
  const files = Object.entries({ ...built, ...changed });
  return sealed(
    `<!doctype html><head>${head}</head>`,
    new Map(files.map(([path, text]) => [path, Buffer.from(text)])),
  );
}

function sri(path: keyof typeof built): string {
  return `sha384-${createHash("sha384").update(built[path]).digest("base64")}`;
}

describe("the built document", () => {
  const document = seal(icon + entry + style);

  it("says what its script and its stylesheet must be", () => {
    expect(document).toContain(
      `src="/assets/index-1.js" integrity="${sri("/assets/index-1.js")}">`,
    );
    expect(document).toContain(
      `href="/assets/style-4.css" integrity="${sri("/assets/style-4.css")}">`,
    );
  });

  it("says what every script must be that comes later, workers too, before the first one", () => {
    const [before = "", map = ""] = document.split(/<script type="importmap">|<\/script>/);
    expect(before).not.toContain("<script");
    expect(JSON.parse(map)).toEqual({
      integrity: {
        "/assets/frames.worker-3.js": sri("/assets/frames.worker-3.js"),
        "/assets/index-1.js": sri("/assets/index-1.js"),
        "/assets/page-2.js": sri("/assets/page-2.js"),
      },
    });
  });

  it("has the map before what is only preloaded", () => {
    const preload = '<link rel="modulepreload" crossorigin href="/assets/page-2.js">';
    const both = seal(preload + entry);
    expect(both.indexOf("importmap")).toBeLessThan(both.indexOf("modulepreload"));
    expect(both).toContain(`href="/assets/page-2.js" integrity="${sri("/assets/page-2.js")}">`);
  });

  it("leaves alone what is not run", () => {
    expect(document).toContain(icon);
  });
});

describe("no document is made", () => {
  it.each([
    ["with a script of its own", "<script>go()</script>"],
    ["with a script from elsewhere", '<script src="https://cdn.example/x.js"></script>'],
    ["with a stylesheet from elsewhere", '<link rel="stylesheet" href="//cdn.example/x.css">'],
    ["with a script that was not built", '<script src="/assets/gone.js"></script>'],
  ])("%s", (_, tag) => {
    expect(() => seal(entry + tag)).toThrow();
  });
});

describe("a worker", () => {
  const build = (imports: string[], dynamicImports: string[] = []) => {
    const { generateBundle } = alone();
    if (typeof generateBundle !== "function") throw new Error("the check is not there");
    const chunk = { type: "chunk", fileName: "assets/x.worker-1.js", imports, dynamicImports };
    return () => Reflect.apply(generateBundle, null, [{}, { [chunk.fileName]: chunk }, true]);
  };

  it("is one file", () => {
    expect(build([])).not.toThrow();
    expect(build([], ["assets/x.worker-1.js"])).not.toThrow();
    expect(build(["assets/shared-2.js"])).toThrow(/imports/);
    expect(build([], ["assets/shared-2.js"])).toThrow(/imports/);
  });
});
