import { signIn } from "../lib/rest";
import { account as words } from "../text/account";
import { SignIn } from "../view/account";
import type { Values } from "../view/form";
import { signedIn } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

export function open(site: Site): OpenPage {
  const task = new Task();
  const submit = ({ email = "", password = "" }: Values) =>
    task.run(async () => {
      signedIn(await signIn({ email: email.trim(), password }));
      site.go("/meetings");
    });
  const Page = () => (
    <SignIn
      busy={task.busy.value}
      problem={task.problem.value}
      onSubmit={(values) => void submit(values)}
    />
  );
  return { title: words.signInTitle, body: <Page /> };
}
