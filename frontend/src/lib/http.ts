import { inside, outside } from "./site";

/** Problem is an RFC 9457 problem detail, or the want of any answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** a word a program can act on; "unreachable" when the server did not answer */
    readonly code: string,
    /** a sentence a person can act on, if the server gave one */
    readonly detail: string,
    readonly retryAfter: number,
    /** what else the server said, by name */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${status} ${code}`);
    this.name = "Problem";
  }
}

/** Listed is one page of a collection, and where the next one is. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

const patience = 20_000;

export async function read<T>(path: string): Promise<T> {
  return body<T>(await request("GET", path));
}

/** changed sends content; version is the ETag of what is changed, where it must still be that. */
export async function changed<T>(
  method: string,
  path: string,
  content?: unknown,
  version?: string,
): Promise<T> {
  return body<T>(await request(method, path, content, version));
}

/** Tagged is a thing, and which version of it this is. */
export interface Tagged<T> {
  readonly value: T;
  readonly tag: string;
}

export async function readTagged<T>(path: string): Promise<Tagged<T>> {
  return taggedBody<T>(await request("GET", path));
}

/** replaced puts content in place of the version of that tag, and fails when there is another by now. */
export async function replaced<T>(path: string, content: unknown, tag: string): Promise<Tagged<T>> {
  return taggedBody<T>(await request("PUT", path, content, tag));
}

async function taggedBody<T>(response: Response): Promise<Tagged<T>> {
  const tag = response.headers.get("ETag") ?? "";
  return { value: await body<T>(response), tag };
}

export async function removed(method: string, path: string, content?: unknown): Promise<void> {
  await request(method, path, content);
}

export async function listed<T>(path: string): Promise<Listed<T>> {
  const response = await request("GET", path);
  const { items } = await body<{ items: readonly T[] }>(response);
  const next = nextPage(response.headers.get("Link"), response.url);
  return next === undefined ? { items } : { items, next: inside(next) };
}

/** problemOf makes anything that was thrown into a Problem, so that pages handle one kind. */
export function problemOf(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem(0, "internal", "", 0);
}

/** nextPage reads an RFC 8288 Link header; only a page of the same site counts. */
export function nextPage(header: string | null, base: string): string | undefined {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(header ?? "")?.[1];
  if (target === undefined || !URL.canParse(target, base)) return undefined;
  const url = new URL(target, base);
  return url.origin === new URL(base).origin ? url.pathname + url.search : undefined;
}

async function request(
  method: string,
  path: string,
  content?: unknown,
  version?: string,
): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: {
      ...(content === undefined ? {} : { "Content-Type": "application/json" }),
      ...(version === undefined ? {} : { "If-Match": version }),
    },
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(patience),
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  };
  let response: Response;
  try {
    response = await fetch(outside(path), init);
  } catch {
    throw new Problem(0, "unreachable", "", 0);
  }
  if (response.ok) return response;
  throw await problem(response);
}

async function body<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem(response.status, "internal", "", 0);
  }
}

async function problem(response: Response): Promise<Problem> {
  const details = (await response.json().catch(() => ({}))) as Partial<Record<string, unknown>>;
  const words = (name: string) => (typeof details[name] === "string" ? details[name] : "");
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new Problem(response.status, words("code") || "internal", words("detail"), wait, details);
}
