import { signal } from "@preact/signals";
import { register } from "../lib/people";
import { siteInfo } from "../lib/rest";
import { account as words } from "../text/account";
import type { Values } from "../view/form";
import { Register } from "../view/welcome";
import type { OpenPage } from "./page";
import { Task } from "./task";

export function open(): OpenPage {
  const task = new Task();
  const done = signal(false);
  const openTo = signal<boolean | null>(null);
  siteInfo().then(
    (site) => {
      openTo.value = site.allowSelfRegistration;
    },
    () => {}, // the server says so when it is asked
  );
  const submit = ({ name = "", email = "" }: Values) =>
    task.run(async () => {
      await register({ name: name.trim(), email: email.trim() });
      done.value = true;
    });
  const Page = () => (
    <Register
      open={openTo.value}
      done={done.value}
      busy={task.busy.value}
      problem={task.problem.value}
      onSubmit={(values) => void submit(values)}
    />
  );
  return { title: words.registerTitle, body: <Page /> };
}
