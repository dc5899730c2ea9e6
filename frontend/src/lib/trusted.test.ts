import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startWorker, workerURL } from "./trusted";

const path = "/assets/frames.worker-1.js";
const hash = "sha384-AAAA";

/** A page whose document has this import map, and a server that answers so. */
function page(map: object | null, answer: () => Promise<Response>) {
  const started: string[] = [];
  const asked: unknown[] = [];
  vi.stubGlobal("location", new URL("https://meet.example/j/23456789012"));
  vi.stubGlobal("document", {
    querySelector: () => map && { textContent: JSON.stringify(map) },
  });
  vi.stubGlobal("fetch", (url: string, options: RequestInit) => {
    asked.push([url, options.integrity]);
    return answer();
  });
  vi.stubGlobal(
    "Worker",
    class {
      constructor(url: string) {
        started.push(url);
      }
    },
  );
  return { started, asked };
}

const served = async () => new Response("self.onmessage = () => {};");
/** How a browser answers when the hash is not the file's. */
const altered = () => Promise.reject(new TypeError("Failed to fetch"));
const gone = async () => new Response("no", { status: 404 });

let map: { integrity: Record<string, string> };

beforeEach(() => {
  map = { integrity: { [path]: hash } };
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a worker", () => {
  it("starts after its file was fetched with the hash in the document", async () => {
    const { started, asked } = page(map, served);
    await startWorker(path);
    expect(asked).toEqual([[path, hash]]);
    expect(started).toEqual([path]);
  });

  it.each([
    ["its file is another", () => map, altered],
    ["its file is gone", () => map, gone],
    ["the document does not name it", () => ({ integrity: {} }), served],
    ["the document has no hashes", () => ({}), served],
    ["the document has no map", () => null, served],
  ])("does not start when %s", async (_, given, answer) => {
    const { started } = page(given(), answer);
    await expect(startWorker(path)).rejects.toThrow(TypeError);
    expect(started).toEqual([]);
  });

  it.each([
    "https://elsewhere.example/assets/frames.worker-1.js",
    "//elsewhere.example/assets/frames.worker-1.js",
    "blob:https://meet.example/0000",
    "data:text/javascript,go()",
    "/v1/me",
    "/assets/../v1/me",
    "/assets/frames.worker-1.css",
  ])("is ours: %s is not even fetched", async (url) => {
    const { started, asked } = page({ integrity: { [url]: hash } }, served);
    await expect(startWorker(url)).rejects.toThrow(TypeError);
    expect(() => workerURL(url)).toThrow(TypeError);
    expect([started, asked]).toEqual([[], []]);
  });
});
