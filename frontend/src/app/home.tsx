import { signal } from "@preact/signals";
import { type ListedMeeting, listedMeetings } from "../lib/rest";
import { common } from "../text/common";
import { Home } from "../view/account";
import { accountOf } from "./account";
import { loginFirst } from "./login";
import type { OpenPage, Site } from "./page";

export function open(site: Site): OpenPage {
  const listed = signal<readonly ListedMeeting[]>([]);
  void loginFirst(site);
  listedMeetings()
    .then(({ items }) => {
      listed.value = items;
    })
    // The page is whole without them.
    .catch(() => {});
  const Page = () => <Home account={accountOf(site)} listed={listed.value} />;
  return { title: common.home, body: <Page /> };
}
