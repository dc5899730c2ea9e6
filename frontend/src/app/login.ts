import { signal } from "@preact/signals";
import { problemOf } from "../lib/http";
import { me, signOut, type User } from "../lib/rest";
import { recall, remember } from "../lib/storage";
import { sentence } from "../model/problem";

/** login is who is signed in, as far as this page knows: undefined until it asked. */
export const login = signal<User | null | undefined>(undefined);

const trace = "signed in";

/** signedIn notes who signed in, and that somebody did in this browser. */
export function signedIn(user: User): void {
  login.value = user;
  remember(trace, "yes", "browser");
}

/** signedOut notes that nobody is signed in any more. */
export function signedOut(): void {
  login.value = null;
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
    if (problemOf(thrown).code === "login_required") signedOut();
  }
  return login.value ?? null;
}

/** stayed says why signing out did not work: then the login stays, and so does the page. */
export const stayed = signal("");

export async function leaveSite(): Promise<boolean> {
  stayed.value = "";
  try {
    await signOut();
  } catch (thrown) {
    stayed.value = sentence(problemOf(thrown));
    return false;
  }
  signedOut();
  return true;
}
