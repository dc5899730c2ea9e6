/** Address is where a meeting's frame is. */
export interface Address {
  /** with the link's secret behind the #: it is for the frame alone */
  readonly href: string;
  readonly origin: string;
}

/** addressOf puts an address together. It throws a TypeError that says what to change. */
export function addressOf(domain: unknown, number: unknown, secret: unknown): Address {
  if (typeof domain !== "string" || domain.trim() === "")
    throw new TypeError('The domain is missing: "meet.example.org".');
  const site = parsed(domain.includes("://") ? domain : `https://${domain}`);
  const root = site.pathname.replace(/\/$/, "");
  if (!/^(\/s\/[a-z0-9-]+)?$/.test(root) || site.search || site.hash)
    throw new TypeError(`${shown(site)} is a page, not a site: name only the site.`);
  const digits = typeof number === "string" ? number.replace(/[\s-]/g, "") : "";
  if (!/^\d{11}$/.test(digits))
    throw new TypeError("number must be the eleven digits of the meeting, as a string.");
  const fragment = fragmentOf(secret);
  return { origin: site.origin, href: `${site.origin}${root}/embed/${digits}${fragment}` };
}

/** Invited is what the link of an invitation says, in the words of addressOf. */
export interface Invited {
  readonly domain: string;
  readonly number: string;
  readonly secret: string;
}

/** invitedBy takes such a link apart, or the address of a frame. It throws as addressOf does. */
export function invitedBy(link: string): Invited {
  const url = parsed(link);
  const path = /^(\/s\/[a-z0-9-]+)?\/(?:j|embed)\/(\d{11})$/.exec(url.pathname);
  const [, root = "", number = ""] = path ?? [];
  if (!number)
    throw new TypeError(`${shown(url)} leads to no meeting: src is the link of an invitation.`);
  return { domain: url.origin + root, number, secret: url.hash.slice(1) };
}

/** fragmentOf is what comes last in the address. */
function fragmentOf(secret: unknown): string {
  if (secret === undefined || secret === "") return "";
  if (typeof secret !== "string" || !/^[\w-]{1,200}$/.test(secret))
    throw new TypeError("secret must be what stands behind the # of the invite link.");
  return `#${secret}`;
}

function parsed(text: string): URL {
  if (!URL.canParse(text))
    throw new TypeError("The address of the site is incomplete: it begins with https://.");
  const url = new URL(text);
  const local = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local))
    throw new TypeError(`${shown(url)} is not safe for a meeting: it takes https.`);
  if (url.username || url.password) throw new TypeError(`${shown(url)} has a password in it.`);
  return url;
}

/** shown is what of an address may stand in an error: never what is behind the #. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
