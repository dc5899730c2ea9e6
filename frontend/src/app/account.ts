import type { FrameProps } from "../view/frame";
import { leaveSite, login } from "./login";
import type { Site } from "./page";

/** accountOf is the header's account: whoever is signed in, and the way out. */
export function accountOf(site: Site): FrameProps["account"] {
  const user = login.value;
  if (!user) return null;
  const signOut = async () => {
    if (await leaveSite()) site.go("/");
  };
  return { name: user.name, signOut: () => void signOut() };
}
