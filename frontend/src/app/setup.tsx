import { setUp } from "../lib/rest";
import type { Place } from "../model/address";
import { account as words } from "../text/account";
import { SetUp } from "../view/account";
import type { Values } from "../view/form";
import { signedIn } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** The token is kept in memory alone: it makes an administrator. */
export function open(site: Site, _place: Place, token: string): OpenPage {
  const task = new Task();
  const submit = ({ name = "", email = "", password = "" }: Values) =>
    task.run(async () => {
      signedIn(await setUp({ token, name: name.trim(), email: email.trim(), password }));
      site.go("/meetings");
    });
  const Page = () => (
    <SetUp
      hasToken={token !== ""}
      busy={task.busy.value}
      problem={task.problem.value}
      onSubmit={(values) => void submit(values)}
    />
  );
  return { title: words.setupTitle, body: <Page /> };
}
