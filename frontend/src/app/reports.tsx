import "../style/reports.css";
import { signal } from "@preact/signals";
import { problemOf } from "../lib/http";
import { days, recordsFile, type Wanted } from "../lib/records";
import { attendees, type Listed, moreUsage, type Usage, usage } from "../lib/rest";
import { type Course, courseOf, spanOf } from "../model/course";
import { zoneName } from "../model/format";
import { sentence } from "../model/problem";
import { wantedOf } from "../model/span";
import { reports as words } from "../text/reports";
import type { Draw } from "../view/course";
import { type Opened, Reports } from "../view/reports";
import { accountOf } from "./account";
import { askedToSignIn, askWho } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** What was held over time, of the same sessions. The charts are loaded when there are any. */
class OverTime {
  readonly course = signal<Course | null>(null);
  readonly draw = signal<Draw | null>(null);
  readonly problem = signal("");
  #wanted: Wanted = {};

  /** read shows the days of what is wanted; of two questions the later one counts. */
  async read(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    this.problem.value = "";
    const span = spanOf(wanted, new Date());
    if (!span) {
      this.course.value = null;
      return;
    }
    try {
      const { items } = await days(ofDays(wanted, span.from, span.to));
      if (this.#wanted !== wanted) return;
      this.course.value = courseOf(items, span);
      if (items.length > 0) this.draw.value ??= (await import("../lib/chart")).drawBars;
    } catch (thrown) {
      if (this.#wanted === wanted) this.problem.value = sentence(problemOf(thrown));
    }
  }
}

/** ofDays asks for days of the person's own, which have no order to choose. */
function ofDays(wanted: Wanted, from: Date, to: Date): Wanted {
  const span = { from: from.toISOString(), to: to.toISOString() };
  return { ...wanted, ...span, sort: "", timezone: zoneName() };
}

/** The records of sessions, read a page at a time. */
class Page {
  readonly sessions = signal<readonly Usage[] | null>(null);
  readonly next = signal<string | undefined>(undefined);
  readonly wanted = signal<Wanted>({});
  readonly opened = signal<Opened | null>(null);
  readonly overTime = new OverTime();
  readonly task = new Task();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    void askWho();
    void this.filter({});
  }

  async filter(wanted: Wanted): Promise<void> {
    this.wanted.value = wanted;
    this.opened.value = null;
    await Promise.all([this.#load([], () => usage(wanted)), this.overTime.read(wanted)]);
  }

  async more(): Promise<void> {
    const next = this.next.value;
    if (next !== undefined) await this.#load(this.sessions.value ?? [], () => moreUsage(next));
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

  async #load(before: readonly Usage[], read: () => Promise<Listed<Usage>>): Promise<void> {
    await this.#run(async () => {
      const { items, next } = await read();
      this.sessions.value = [...before, ...items];
      this.next.value = next;
    });
  }

  async #run(work: () => Promise<void>): Promise<void> {
    await this.task.run(work, askedToSignIn(this.#site));
  }
}

/** forRows leaves out an order that only sessions have. */
function forRows(report: string, wanted: Wanted): Wanted {
  return report === "usage" ? wanted : { ...wanted, sort: "" };
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <Reports
      account={accountOf(site, true)}
      sessions={page.sessions.value}
      more={page.next.value !== undefined}
      opened={page.opened.value}
      course={page.overTime.course.value}
      draw={page.overTime.draw.value}
      zone={zoneName()}
      narrowed={Object.values(page.wanted.value).some((value) => value !== "")}
      file={(report, format) => recordsFile(report, format, forRows(report, page.wanted.value))}
      onFilter={(values) => void page.filter(wantedOf(values))}
      problem={page.task.problem.value || page.overTime.problem.value}
      onOpen={(session) => void page.open(session)}
      onMore={() => void page.more()}
    />
  );
  return { title: words.title, body: <Body /> };
}
