import "../style/reports.css";
import { signal } from "@preact/signals";
import type { Problem } from "../lib/http";
import { attendees, type Listed, moreUsage, type Usage, usage } from "../lib/rest";
import { zoneName } from "../model/format";
import { reports as words } from "../text/reports";
import { type Opened, Reports } from "../view/reports";
import { accountOf } from "./account";
import { askWho, signedOut } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** The records of sessions, read a page at a time. */
class Page {
  readonly sessions = signal<readonly Usage[] | null>(null);
  readonly next = signal<string | undefined>(undefined);
  readonly opened = signal<Opened | null>(null);
  readonly task = new Task();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    void askWho();
    void this.#load(usage);
  }

  async more(): Promise<void> {
    const next = this.next.value;
    if (next !== undefined) await this.#load(() => moreUsage(next));
  }

  /** open shows a session's attendees, or hides them again. */
  async open(session: string): Promise<void> {
    if (this.opened.value?.session === session) {
      this.opened.value = null;
      return;
    }
    this.opened.value = { session, attendees: null };
    await this.#run(async () => {
      const { items } = await attendees(session);
      if (this.opened.value?.session === session) this.opened.value = { session, attendees: items };
    });
  }

  async #load(read: () => Promise<Listed<Usage>>): Promise<void> {
    await this.#run(async () => {
      const { items, next } = await read();
      this.sessions.value = [...(this.sessions.value ?? []), ...items];
      this.next.value = next;
    });
  }

  async #run(work: () => Promise<void>): Promise<void> {
    await this.task.run(work, ({ code }: Problem) => {
      if (code !== "login_required") return false;
      signedOut();
      this.#site.go("/signin");
      return true;
    });
  }
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <Reports
      account={accountOf(site, true)}
      sessions={page.sessions.value}
      more={page.next.value !== undefined}
      opened={page.opened.value}
      zone={zoneName()}
      problem={page.task.problem.value}
      onOpen={(session) => void page.open(session)}
      onMore={() => void page.more()}
    />
  );
  return { title: words.title, body: <Body /> };
}
