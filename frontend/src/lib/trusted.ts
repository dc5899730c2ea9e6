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
