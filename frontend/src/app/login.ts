import { signal } from "@preact/signals";
import { problemOf } from "../lib/http";
import { me, signOut, type User } from "../lib/rest";

/** login is who is signed in, as far as this page knows: undefined until it asked. */
export const login = signal<User | null | undefined>(undefined);

/** whoAmI asks once. Somebody who cannot be found out is nobody. */
export async function whoAmI(): Promise<User | null> {
  if (login.value !== undefined) return login.value;
  try {
    login.value = await me();
  } catch (thrown) {
    if (problemOf(thrown).code !== "login_required") return null;
    login.value = null;
  }
  return login.value;
}

/** leaveSite signs out. When the server cannot be told, the login stays, and so does the page. */
export async function leaveSite(): Promise<boolean> {
  try {
    await signOut();
  } catch {
    return false;
  }
  login.value = null;
  return true;
}
