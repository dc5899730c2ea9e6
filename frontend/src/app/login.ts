import { signal } from "@preact/signals";
import { type Problem, problemOf } from "../lib/http";
import { noteProfile } from "../lib/language";
import { type Me, me, signOut, siteInfo, type User } from "../lib/rest";
import { inside, outside } from "../lib/site";
import { recall, remember } from "../lib/storage";
import { links } from "../lib/vault";
import { sentence } from "../model/problem";

/** login is who is signed in, as far as this page knows: undefined until it asked. */
export const login = signal<User | null | undefined>(undefined);

const trace = "signed in";

/** factorsPath is where one sets up a second factor: nothing else opens before that where one is wanted. */
export const factorsPath = "/profile/signin";

const goal = "after signing in";

/** returnTo says where to go once somebody has signed in anew. */
export function returnTo(path: string): void {
  remember(goal, path);
}

/** arrive notes who has signed in, and says where they go. */
export async function arrive(user: User): Promise<string> {
  signedIn(user);
  const path = recall(goal) || "/meetings";
  remember(goal, "");
  try {
    signedIn(await me());
  } catch (thrown) {
    if (problemOf(thrown).code === "second_factor_needed") return factorsPath;
  }
  return path;
}

/**
 * askedToSignIn leads from a page that needs a login to where one gets it, and back.
 * What somebody has typed is not thrown away for that: saving says what is wrong.
 */
export function askedToSignIn(site: { go(path: string): void }): (problem: Problem) => boolean {
  return ({ code }) => {
    if (code !== "login_required") return false;
    signedOut();
    returnTo(inside(location.pathname));
    site.go("/signin");
    return true;
  };
}

/** signedIn notes who signed in, what they read, and that somebody did in this browser. */
export function signedIn(user: User & Partial<Pick<Me, "language">>): void {
  login.value = user;
  if (user.language !== undefined) noteProfile(user.language);
  remember(trace, "yes", "browser");
}

/** signedOut notes that nobody is signed in any more. */
export function signedOut(): void {
  login.value = null;
  noteProfile("");
  remember(trace, "", "browser");
}

/**
 * whoAmI asks once. Where nobody ever signed in, a guest's page does not ask
 * at all. Somebody who cannot be found out is nobody.
 */
export async function whoAmI(): Promise<User | null> {
  if (login.value === undefined && !recall(trace, "browser")) login.value = null;
  return login.value === undefined ? askWho() : login.value;
}

/** askWho asks in any case, for pages that only signed-in people see. */
export async function askWho(): Promise<User | null> {
  if (login.value) return login.value;
  try {
    signedIn(await me());
  } catch (thrown) {
    const { code } = problemOf(thrown);
    if (code === "login_required") signedOut();
    if (code === "second_factor_needed") location.replace(outside(factorsPath));
  }
  return login.value ?? null;
}

/** loginFirst leads to the login where the site asks for one before anything else. */
export async function loginFirst(site: { go(path: string): void }): Promise<void> {
  const [info, user] = await Promise.all([siteInfo().catch(() => null), whoAmI()]);
  if (info?.requireLoginBeforeAccess && !user) site.go("/signin");
}

/** stayed says why signing out did not work: then the login stays, and so does the page. */
export const stayed = signal("");

/**
 * leaveSite signs out and forgets the links of this device: somebody else may
 * sit down here next. Who needs one again has it in an invitation, or makes a
 * new one.
 */
export async function leaveSite(): Promise<boolean> {
  stayed.value = "";
  try {
    await signOut();
  } catch (thrown) {
    stayed.value = sentence(problemOf(thrown));
    return false;
  }
  await links.clear();
  signedOut();
  return true;
}
