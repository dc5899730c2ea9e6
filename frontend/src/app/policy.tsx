import "../style/policy.css";
import { computed, signal } from "@preact/signals";
import { siteRights } from "../lib/policy.gen";
import { type Policy, policy, setPolicy, type Tagged } from "../lib/rest";
import { changes, merged, none, same, withQuestionNames } from "../model/policy";
import { policy as words } from "../text/policy";
import { PolicyPage } from "../view/policy";
import { accountOf } from "./account";
import { askedToSignIn, askWho, login } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** The site's policy: read, edited as a whole, and saved over the version that was read. */
class Page {
  readonly draft = signal<Policy | null>(null);
  readonly saved = signal(false);
  readonly theirs = signal<readonly string[]>([]);
  readonly task = new Task();
  readonly changed = computed(
    () => this.draft.value !== null && !same(this.draft.value, this.#kept.value.value),
  );
  readonly readOnly = computed(() => !siteRights.set_policy.includes(login.value?.role ?? ""));
  readonly #kept = signal<Tagged<Policy>>({ value: none, tag: "" });

  constructor(site: Site) {
    void askWho();
    void this.task.run(async () => this.#keep(await policy()), askedToSignIn(site));
  }

  change(change: Partial<Policy>): void {
    if (this.draft.value) this.draft.value = { ...this.draft.value, ...change };
    this.saved.value = false;
  }

  async save(): Promise<void> {
    const draft = this.draft.value;
    if (!draft || this.readOnly.value) return;
    let stale = false;
    await this.task.run(
      async () => {
        const kept = await setPolicy(withQuestionNames(draft), this.#kept.value.tag);
        const typed = this.draft.value ?? draft;
        this.#kept.value = kept;
        this.draft.value = merged(draft, typed, kept.value); // typed while it was saved
        this.theirs.value = [];
        this.saved.value = !this.changed.value;
      },
      (problem) => {
        stale = problem.code === "stale";
        return stale;
      },
    );
    if (stale) await this.#compare(draft);
  }

  /** #compare shows what somebody else changed, and takes it into the form. */
  async #compare(draft: Policy): Promise<void> {
    const base = this.#kept.value.value;
    await this.task.run(async () => {
      const newest = await policy();
      this.theirs.value = changes(base, newest.value);
      this.#kept.value = newest;
      this.draft.value = merged(base, draft, newest.value);
    });
  }

  #keep(kept: Tagged<Policy>): void {
    this.#kept.value = kept;
    this.draft.value = kept.value;
  }
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <PolicyPage
      account={accountOf(site, true)}
      policy={page.draft.value}
      readOnly={page.readOnly.value}
      changed={page.changed.value}
      saved={page.saved.value}
      theirs={page.theirs.value}
      busy={page.task.busy.value}
      problem={page.task.problem.value}
      onChange={(change) => page.change(change)}
      onSave={() => void page.save()}
    />
  );
  return { title: words.title, body: <Body /> };
}
