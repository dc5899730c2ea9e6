import { signal } from "@preact/signals";
import { options, render, type VNode } from "preact";
import { focusHeading } from "../lib/focus";
import { takeNote } from "../lib/note";
import { isFramed } from "../lib/parent";
import { inside, outside } from "../lib/site";
import { joinPath, type PageName, type Place, placeAt } from "../model/address";
import { common } from "../text/common";
import { language } from "../text/language";
import { LanguageChoice } from "../view/languages";
import { Broken, Missing } from "../view/plain";
import { choose, isWished, speakAsWished } from "./language";
import type { OpenPage, Site } from "./page";

type Opener = (site: Site, place: Place, fragment: string) => OpenPage;

const embed = () => import("./embed/page");

/** One script a page: the door of a meeting does not load the reports. */
const pages: Readonly<Record<Exclude<PageName, "missing">, () => Promise<{ open: Opener }>>> = {
  home: () => import("./home"),
  setup: () => import("./setup"),
  signin: () => import("./signin"),
  factors: () => import("./factors"),
  welcome: () => import("./welcome"),
  register: () => import("./register"),
  forgot: () => import("./forgot"),
  profile: () => import("./profile"),
  people: () => import("./people"),
  audit: () => import("./audit"),
  meetings: () => import("./meetings"),
  reports: () => import("./reports"),
  policy: () => import("./policy"),
  embedding: () => import("./embedding"),
  webhooks: () => import("./webhooks"),
  join: () => import("./join"),
  demo: () => import("./demo"),
  embed,
};

const page = signal<OpenPage | null>(null);
let visits = 0;
let visited = "";

const site: Site = {
  go(path) {
    // Whoever signed in or out may read another language: its pages are loaded anew.
    if (!isWished()) return location.assign(outside(path));
    history.pushState(null, "", outside(path));
    void visit("");
  },
  title(text) {
    document.title = common.titled(text);
  },
};

// Views write the addresses of pages as they are within the site.
options.vnode = ({ type, props }: VNode<{ href?: string }>) => {
  if (type === "a" && props.href?.startsWith("/")) props.href = outside(props.href);
};

/** startRouter shows the page of the address bar, and of every address after it. */
export async function startRouter(root: HTMLElement): Promise<void> {
  const fragment = takeFragment();
  if (isFramed()) await greeted();
  await speakAsWished();
  const Current = () => (
    <LanguageChoice.Provider value={{ now: language(), choose }}>
      {page.value?.body}
    </LanguageChoice.Provider>
  );
  render(<Current />, root);
  document.addEventListener("click", follow);
  // Editing what is behind the # fires one or the other, or both.
  addEventListener("popstate", moved);
  addEventListener("hashchange", moved);
  addEventListener("pagehide", () => page.value?.close?.(true));
  // Back from the browser's cache: everything was closed when the page was hidden.
  addEventListener("pageshow", ({ persisted }) => persisted && reload());
  void visit(fragment);
}

/** greeted: the page around this one says in what language it wants this one, if it says anything. */
async function greeted(): Promise<void> {
  const { greet } = await embed().catch(() => ({ greet: undefined }));
  await greet?.();
}

/** reload: who went away and comes back has left. Only who loads the page again goes straight back in. */
function reload(): void {
  takeNote();
  location.reload();
}

/**
 * takeFragment removes what is behind the # at once: it holds secrets, and addresses are copied.
 * A frame's address nobody sees, and without its end it could not be loaded again.
 */
function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment && !isFramed()) history.replaceState(null, "", location.pathname + location.search);
  return fragment;
}

/** moved: the address bar changed by itself. A fragment alone need not disturb an open page. */
function moved(): void {
  const fragment = takeFragment();
  const here = address();
  if (here === visited && (!fragment || page.value?.fragment?.(fragment))) return;
  void visit(fragment);
}

function address(): string {
  return inside(location.pathname) + location.search;
}

async function visit(fragment: string): Promise<void> {
  const turn = ++visits;
  const place = suited(placeAt(inside(location.pathname), location.search));
  visited = address();
  // Only the door of the meeting may have a use for it.
  if (place.page !== "join" && place.page !== "embed") takeNote();
  const next = await load(place, fragment);
  if (turn !== visits) return next.close?.();
  page.value?.close?.();
  page.value = next;
  site.title(next.title);
  if (turn > 1) requestAnimationFrame(focusHeading);
}

/**
 * suited: in a frame there is one page, for the server lets nobody frame the others; and
 * that page is for frames. Who opens its address has the ordinary door.
 */
function suited(place: Place): Place {
  if (isFramed()) return place.page === "embed" ? place : { page: "missing" };
  if (place.page !== "embed") return place;
  history.replaceState(null, "", outside(joinPath(place.number)));
  return { page: "join", number: place.number, byLink: true };
}

async function load(place: Place, fragment: string): Promise<OpenPage> {
  if (place.page === "missing") return { title: common.missing, body: <Missing /> };
  try {
    const { open } = await pages[place.page]();
    return open(site, place, fragment);
  } catch {
    return { title: common.brokenPage, body: <Broken reload={() => location.reload()} /> };
  }
}

/** follow keeps links to our own pages in this page; what a person opens elsewhere opens elsewhere. */
function follow(event: MouseEvent): void {
  const held = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (held || event.button !== 0 || event.defaultPrevented || !link) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const path = inside(link.pathname);
  if (placeAt(path, link.search).page === "missing") return;
  event.preventDefault();
  site.go(path + link.search);
}
