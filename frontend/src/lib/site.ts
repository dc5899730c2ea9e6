/**
 * A server may have several sites. One without a host name of its own has all
 * its addresses under /s/<name>; everything in these pages names them without.
 */
export function rootOf(path: string): string {
  return /^\/s\/[a-z0-9-]+(?=\/|$)/.exec(path)?.[0] ?? "";
}

const root = rootOf(globalThis.location?.pathname ?? "");

/** outside is a path of this site as the address bar and the server have it. */
export function outside(path: string): string {
  return root + path;
}

/** inside is the path within this site. */
export function inside(path: string): string {
  return rootOf(path) === root ? path.slice(root.length) || "/" : path;
}

/** siteAddress is the site's own: what its credentials name as their issuer. */
export function siteAddress(): string {
  return location.origin + root;
}
