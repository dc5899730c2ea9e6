/**
 * The one Trusted Types policy of the site. Starting a worker takes a
 * TrustedScriptURL under require-trusted-types-for 'script'; this lets through
 * the workers that were built with the page, and nothing else.
 */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

const policyName = "conclave";

let trust: ((url: string) => unknown) | undefined;

/** workerURL vouches for the address of a worker of ours. */
export function workerURL(url: string): string {
  trust ??= policy();
  // A TrustedScriptURL goes where lib.dom still says string.
  return trust(url) as string;
}

/**
 * startWorker starts a worker of ours once its file was found to be the one the
 * document was built with. A browser checks no hash of a worker by itself, so
 * the file is fetched with the hash first, and the worker then comes from the
 * browser's cache, where files under assets/ stay for good. A server that forbids
 * the cache could still send another file the second time: against it only
 * comparing what it serves helps (`make verify-site`).
 */
export async function startWorker(url: string): Promise<Worker> {
  const path = ours(url);
  const integrity = hashes()[path];
  if (!integrity) throw new TypeError(`the document does not say what ${path} must be`);
  const answer = await fetch(path, { integrity, mode: "same-origin" });
  if (!answer.ok) throw new TypeError(`${path} is not there`);
  await answer.arrayBuffer();
  return new Worker(workerURL(path));
}

/** hashes is what the build wrote into the document: what each script must be. */
function hashes(): Readonly<Record<string, string>> {
  const map = document.querySelector('script[type="importmap"]')?.textContent ?? "{}";
  const { integrity } = JSON.parse(map) as { integrity?: Record<string, string> };
  return integrity ?? {};
}

function policy(): (url: string) => unknown {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) return ours;
  const made = factory.createPolicy(policyName, { createScriptURL: ours });
  return (url) => made.createScriptURL(url);
}

function ours(url: string): string {
  const { origin, pathname } = new URL(url, location.href);
  if (origin !== location.origin || !/^\/assets\/[\w.-]+\.js$/.test(pathname)) {
    throw new TypeError("not a worker of this site");
  }
  return pathname;
}
