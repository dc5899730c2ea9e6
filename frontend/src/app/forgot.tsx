import { signal } from "@preact/signals";
import { forgot } from "../lib/people";
import { siteInfo } from "../lib/rest";
import { account as words } from "../text/account";
import type { Values } from "../view/form";
import { Forgot } from "../view/welcome";
import type { OpenPage } from "./page";
import { Task } from "./task";

export function open(): OpenPage {
  const task = new Task();
  const done = signal(false);
  const waits = signal(false);
  const submit = ({ email = "" }: Values) =>
    task.run(async () => {
      await forgot(email.trim());
      waits.value = (await siteInfo()).approveForgotPassword;
      done.value = true;
    });
  const Page = () => (
    <Forgot
      waits={waits.value}
      done={done.value}
      busy={task.busy.value}
      problem={task.problem.value}
      onSubmit={(values) => void submit(values)}
    />
  );
  return { title: words.forgotTitle, body: <Page /> };
}
