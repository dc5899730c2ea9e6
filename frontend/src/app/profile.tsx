import "../style/meetings.css";
import "../style/people.css";
import { signal } from "@preact/signals";
import {
  changePassword,
  deleteToken,
  editProfile,
  endLogin,
  endLogins,
  logins,
  type Profile as Me,
  makeToken,
  profile,
  type SignedIn,
  type Token,
  tokens,
} from "../lib/people";
import { type SiteAction, siteRights } from "../lib/policy.gen";
import { zoneName, zoneNames } from "../model/format";
import { profile as words } from "../text/profile";
import type { Values } from "../view/form";
import { Profile } from "../view/profile";
import { MakeToken, NewToken } from "../view/token-dialogs";
import { accountOf } from "./account";
import { Front } from "./front";
import { adopt } from "./language";
import { askedToSignIn, signedIn, signedOut } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

type Shown = { readonly is: "make" } | { readonly is: "made"; readonly token: string };

/** A form of the page: its request, and whether it went well. */
class Part {
  readonly task = new Task();
  readonly done = signal(false);
  readonly times = signal(0);

  get shown() {
    const { busy, problem } = this.task;
    return {
      busy: busy.value,
      problem: problem.value,
      done: this.done.value,
      times: this.times.value,
    };
  }
}

/** One's own account, and everything that comes in with it. */
class Page {
  readonly me = signal<Me | null>(null);
  readonly logins = signal<readonly SignedIn[]>([]);
  readonly tokens = signal<readonly Token[]>([]);
  readonly front = new Front<Shown>();
  readonly page = new Task();
  readonly about = new Part();
  readonly password = new Part();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    void this.#run(this.page, async () => {
      const [me, there, programs] = await Promise.all([profile(), logins(), tokens()]);
      signedIn(me);
      this.me.value = me;
      this.logins.value = there.items;
      this.tokens.value = programs.items;
    });
  }

  async save({ name = "", timeZone = "", language = "", minutes = "" }: Values): Promise<void> {
    const meetingDefaults = { durationMinutes: Number(minutes) };
    await this.#submit(this.about, async () => {
      const me = await editProfile({ name: name.trim(), timeZone, language, meetingDefaults });
      signedIn(me);
      adopt(language);
      this.me.value = me;
    });
  }

  async change({ current = "", password = "" }: Values): Promise<void> {
    await this.#submit(this.password, async () => {
      await changePassword(current, password);
      this.logins.value = this.logins.value.filter((login) => login.current);
      this.tokens.value = [];
    });
  }

  async endLogin({ id }: SignedIn): Promise<void> {
    await this.#run(this.page, async () => {
      await endLogin(id);
      this.logins.value = this.logins.value.filter((login) => login.id !== id);
    });
  }

  async endLogins(): Promise<void> {
    await this.#run(this.page, async () => {
      await endLogins();
      signedOut();
      this.#site.go("/signin");
    });
  }

  /** scopes are those that are of any use to the user's role. */
  get scopes(): (keyof typeof words.scopes)[] {
    const may = (action: SiteAction) => siteRights[action].includes(this.me.value?.role ?? "");
    return [
      "read",
      ...(may("schedule_meetings") ? (["meetings"] as const) : []),
      ...(may("manage_users") ? (["users"] as const) : []),
      ...(may("manage_join_keys") ? (["joinKeys"] as const) : []),
    ];
  }

  async make({ name = "", days = "", ...ticked }: Values): Promise<void> {
    const scopes = this.scopes.filter((scope) => ticked[scope] === "yes");
    if (scopes.length === 0) {
      this.front.task.problem.value = words.tokenNothing;
      return;
    }
    await this.front.task.run(async () => {
      const made = await makeToken({ name: name.trim(), scopes, days: Number(days) });
      this.tokens.value = [made, ...this.tokens.value];
      this.front.open({ is: "made", token: made.token });
    });
  }

  async deleteToken({ id }: Token): Promise<void> {
    await this.#run(this.page, async () => {
      await deleteToken(id);
      this.tokens.value = this.tokens.value.filter((token) => token.id !== id);
    });
  }

  async #submit(part: Part, work: () => Promise<void>): Promise<void> {
    part.done.value = false;
    part.done.value = await part.task.run(work);
    if (part.done.value) part.times.value++;
  }

  #run(task: Task, work: () => Promise<void>): Promise<boolean> {
    return task.run(work, askedToSignIn(this.#site));
  }
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <>
      <Profile
        account={accountOf(site, true)}
        me={page.me.value}
        logins={page.logins.value}
        tokens={page.tokens.value}
        zone={zoneName()}
        zones={zoneNames()}
        problem={page.page.problem.value}
        about={page.about.shown}
        password={page.password.shown}
        onAbout={(values) => void page.save(values)}
        onPassword={(values) => void page.change(values)}
        onEndLogin={(login) => void page.endLogin(login)}
        onEndLogins={() => void page.endLogins()}
        onMakeToken={() => page.front.open({ is: "make" })}
        onDeleteToken={(token) => void page.deleteToken(token)}
      />
      <InFront page={page} />
    </>
  );
  return { title: words.title, body: <Body /> };
}

function InFront({ page }: { page: Page }) {
  const front = page.front.shown.value;
  const common = page.front.props;
  switch (front.is) {
    case "none":
      return null;
    case "make":
      return (
        <MakeToken scopes={page.scopes} {...common} onSubmit={(values) => void page.make(values)} />
      );
    case "made":
      return (
        <NewToken
          token={front.token}
          copied={page.front.copied.value}
          onCopy={() => void page.front.copy(front.token)}
          onClose={common.onClose}
        />
      );
  }
}
