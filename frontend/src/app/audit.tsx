import "../style/reports.css";
import "../style/people.css";
import { signal } from "@preact/signals";
import {
  type AuditEvent,
  auditEvents,
  auditFile,
  type Listed,
  moreAuditEvents,
  type Wanted,
} from "../lib/records";
import { zoneName } from "../model/format";
import { wantedOf } from "../model/span";
import { audit as words } from "../text/audit";
import { Audit } from "../view/audit";
import { accountOf } from "./account";
import { askedToSignIn, askWho } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** The audit log, read a page at a time. */
class Page {
  readonly events = signal<readonly AuditEvent[] | null>(null);
  readonly next = signal<string | undefined>(undefined);
  readonly wanted = signal<Wanted>({});
  readonly task = new Task();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    void askWho();
    void this.filter({});
  }

  async filter(wanted: Wanted): Promise<void> {
    this.wanted.value = wanted;
    await this.#load([], () => auditEvents(wanted));
  }

  async more(): Promise<void> {
    const next = this.next.value;
    if (next !== undefined) await this.#load(this.events.value ?? [], () => moreAuditEvents(next));
  }

  async #load(
    before: readonly AuditEvent[],
    read: () => Promise<Listed<AuditEvent>>,
  ): Promise<void> {
    const work = async () => {
      const { items, next } = await read();
      this.events.value = [...before, ...items];
      this.next.value = next;
    };
    await this.task.run(work, askedToSignIn(this.#site));
  }
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <Audit
      account={accountOf(site, true)}
      events={page.events.value}
      more={page.next.value !== undefined}
      zone={zoneName()}
      file={auditFile(page.wanted.value)}
      problem={page.task.problem.value}
      onFilter={(values) => void page.filter(wantedOf(values))}
      onMore={() => void page.more()}
    />
  );
  return { title: words.title, body: <Body /> };
}
