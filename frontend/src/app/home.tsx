import { common } from "../text/common";
import { Home } from "../view/account";
import { accountOf } from "./account";
import { whoAmI } from "./login";
import type { OpenPage, Site } from "./page";

export function open(site: Site): OpenPage {
  void whoAmI();
  const Page = () => <Home account={accountOf(site)} />;
  return { title: common.home, body: <Page /> };
}
