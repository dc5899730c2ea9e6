import { type SiteAction, siteRights } from "../lib/policy.gen";
import type { FrameProps } from "../view/frame";
import { leaveSite, login, stayed } from "./login";
import type { Site } from "./page";

/**
 * accountOf is the header's account: whoever is signed in, and the way out. A
 * page that only signed-in people see need not wait to be told who that is.
 */
export function accountOf(site: Site, assumed = false): FrameProps["account"] {
  const user = login.value;
  if (user === null || (user === undefined && !assumed)) return null;
  const signOut = async () => {
    if (await leaveSite()) site.go("/");
  };
  const may = (action: SiteAction) => siteRights[action].includes(user?.role ?? "");
  return {
    name: user?.name ?? "",
    schedules: may("schedule_meetings"),
    administers: may("read_policy"),
    tellsOthers: may("manage_webhooks"),
    problem: stayed.value,
    signOut: () => void signOut(),
  };
}
