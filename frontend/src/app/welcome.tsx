import { signal } from "@preact/signals";
import { problemOf } from "../lib/http";
import { choosePassword, previewWelcome, type Welcome } from "../lib/people";
import type { Place } from "../model/address";
import { sentence } from "../model/problem";
import { account as words } from "../text/account";
import type { Values } from "../view/form";
import { Choose } from "../view/welcome";
import { signedIn } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** The token is kept in memory alone: whoever has it chooses the password. */
export function open(site: Site, _place: Place, token: string): OpenPage {
  const task = new Task();
  const welcome = signal<Welcome | null>(null);
  const refused = signal("");
  const look = async () => {
    try {
      welcome.value = await previewWelcome(token);
    } catch (thrown) {
      refused.value = sentence(problemOf(thrown));
    }
  };
  if (token) void look();
  const submit = ({ password = "" }: Values) =>
    task.run(
      async () => {
        const user = await choosePassword(token, password);
        signedIn(user);
        site.go(user.role === "auditor" ? "/reports" : "/meetings");
      },
      (problem) => {
        if (problem.code !== "link_refused") return false;
        refused.value = sentence(problem);
        return true;
      },
    );
  const Page = () => (
    <Choose
      hasToken={token !== ""}
      welcome={welcome.value}
      refused={refused.value}
      busy={task.busy.value}
      problem={task.problem.value}
      onSubmit={(values) => void submit(values)}
    />
  );
  return { title: words.welcomeTitle.invite, body: <Page /> };
}
