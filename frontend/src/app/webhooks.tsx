import "../style/reports.css";
import "../style/meetings.css";
import "../style/people.css";
import { signal } from "@preact/signals";
import type { Problem } from "../lib/http";
import {
  deadLetters,
  deleteWebhook,
  deliveries,
  discardDead,
  editWebhook,
  type Hooks,
  makeWebhook,
  type NewWebhook,
  retryDead,
  rotateSecret,
  testWebhook,
  type Webhook,
  webhooks,
} from "../lib/webhooks";
import { chosen, outcomeWords, retriedWords } from "../model/webhooks";
import { webhooks as words } from "../text/webhooks";
import type { Values } from "../view/form";
import {
  AddWebhook,
  DeleteWebhook,
  DiscardAll,
  EditWebhook,
  RotateSecret,
  Secret,
} from "../view/webhook-dialogs";
import type { Log } from "../view/webhook-log";
import { Webhooks } from "../view/webhooks";
import { accountOf } from "./account";
import { Front } from "./front";
import { askedToSignIn, askWho } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

type Shown =
  | { readonly is: "add" }
  | { readonly is: "edit" | "delete" | "rotate" | "discard"; readonly webhook: Webhook }
  | { readonly is: "secret"; readonly made: NewWebhook };

/** Where the site's events go, and what became of them. */
class Page {
  readonly hooks = signal<Hooks | null>(null);
  readonly shown = signal<{ readonly webhook: Webhook; readonly log: Log } | null>(null);
  readonly front = new Front<Shown>();
  readonly said = signal("");
  readonly list = new Task();
  readonly test = new Task();
  readonly #failed: (problem: Problem) => boolean;

  constructor(site: Site) {
    const away = askedToSignIn(site);
    this.#failed = (problem) => away(problem) || this.#forbidden(problem);
    void askWho();
    void this.load();
  }

  async load(): Promise<void> {
    await this.list.run(() => this.#read(), this.#failed);
  }

  async show(webhook: Webhook | null): Promise<void> {
    this.said.value = "";
    this.shown.value = null;
    if (!webhook) return;
    await this.list.run(async () => {
      this.shown.value = { webhook, log: await readLog(webhook) };
    }, this.#failed);
  }

  async add(values: Values): Promise<void> {
    await this.#change(async () => {
      this.front.open({ is: "secret", made: await makeWebhook(this.#form(values)) });
    });
  }

  async edit(webhook: Webhook, values: Values): Promise<void> {
    await this.#change(async () => {
      await editWebhook(webhook, { ...this.#form(values), enabled: values["enabled"] === "yes" });
      this.front.close();
    });
  }

  async rotate(webhook: Webhook): Promise<void> {
    await this.#change(async () => {
      this.front.open({ is: "secret", made: await rotateSecret(webhook) });
    });
  }

  async delete(webhook: Webhook): Promise<void> {
    await this.#change(async () => {
      await deleteWebhook(webhook);
      this.shown.value = null;
      this.front.close();
    });
  }

  async send(webhook: Webhook): Promise<void> {
    this.said.value = "";
    await this.test.run(async () => {
      const outcome = outcomeWords(await testWebhook(webhook));
      await this.#refresh();
      this.#say(webhook, words.tested(outcome));
    }, this.#failed);
    if (this.test.problem.value) this.#say(webhook, this.test.problem.value);
  }

  async retry(webhook: Webhook, event?: string): Promise<void> {
    this.said.value = "";
    await this.list.run(async () => {
      const { events } = await retryDead(webhook, event);
      await this.#read();
      this.#say(webhook, retriedWords(events, this.#now(webhook), event));
    }, this.#failed);
  }

  /** discard asks before all of them are gone. */
  async discard(webhook: Webhook, event?: string): Promise<void> {
    if (event === undefined) return this.front.open({ is: "discard", webhook });
    await this.list.run(async () => {
      await discardDead(webhook, event);
      await this.#read();
    }, this.#failed);
  }

  async discardAll(webhook: Webhook): Promise<void> {
    await this.#change(async () => {
      await discardDead(webhook);
      this.front.close();
    });
  }

  #form(values: Values) {
    return {
      url: (values["url"] ?? "").trim(),
      events: chosen(this.hooks.value?.events ?? [], values),
    };
  }

  async #read(): Promise<void> {
    this.hooks.value = await webhooks();
    await this.#refresh();
  }

  /** refresh reads the log again that is shown, unless another is by the time it came. */
  async #refresh(): Promise<void> {
    const before = this.shown.value?.webhook;
    if (!before) return;
    const webhook = this.#now(before);
    const log = webhook ? await readLog(webhook) : null;
    if (!this.#shows(before)) return;
    this.shown.value = webhook && log ? { webhook, log } : null;
  }

  /** now is a webhook as it was read last. */
  #now({ id }: Webhook): Webhook | undefined {
    return this.hooks.value?.items.find((one) => one.id === id);
  }

  #shows({ id }: Webhook): boolean {
    return this.shown.value?.webhook.id === id;
  }

  #say(webhook: Webhook, said: string): void {
    if (this.#shows(webhook)) this.said.value = said;
  }

  async #change(work: () => Promise<void>): Promise<void> {
    if (await this.front.task.run(work)) await this.load();
  }

  #forbidden({ code }: Problem): boolean {
    if (code === "forbidden") this.list.problem.value = words.adminsOnly;
    return code === "forbidden";
  }
}

async function readLog(webhook: Webhook): Promise<Log> {
  const [tries, dead] = await Promise.all([deliveries(webhook), deadLetters(webhook)]);
  return { deliveries: tries.items, dead: dead.items };
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <>
      <Webhooks
        account={accountOf(site, true)}
        hooks={page.hooks.value}
        shown={page.shown.value}
        problem={page.list.problem.value}
        testing={page.test.busy.value}
        said={page.said.value}
        onAdd={() => page.front.open({ is: "add" })}
        onEdit={(webhook) => page.front.open({ is: "edit", webhook })}
        onShow={(webhook) => void page.show(webhook)}
        onTest={(webhook) => void page.send(webhook)}
        onRetry={(webhook, event) => void page.retry(webhook, event)}
        onDiscard={(webhook, event) => void page.discard(webhook, event)}
      />
      <InFront page={page} />
    </>
  );
  return { title: words.title, body: <Body /> };
}

function InFront({ page }: { page: Page }) {
  const front = page.front.shown.value;
  const common = page.front.props;
  const ask = { problem: common.problem, onClose: common.onClose };
  const events = page.hooks.value?.events ?? [];
  switch (front.is) {
    case "none":
      return null;
    case "add":
      return (
        <AddWebhook {...common} events={events} onSubmit={(values) => void page.add(values)} />
      );
    case "edit":
      return (
        <EditWebhook
          {...common}
          events={events}
          webhook={front.webhook}
          onSubmit={(values) => void page.edit(front.webhook, values)}
          onSecret={() => page.front.open({ is: "rotate", webhook: front.webhook })}
          onDelete={() => page.front.open({ is: "delete", webhook: front.webhook })}
        />
      );
    case "rotate":
      return <RotateSecret {...ask} onYes={() => void page.rotate(front.webhook)} />;
    case "delete":
      return (
        <DeleteWebhook
          {...ask}
          webhook={front.webhook}
          onYes={() => void page.delete(front.webhook)}
        />
      );
    case "discard":
      return <DiscardAll {...ask} onYes={() => void page.discardAll(front.webhook)} />;
    case "secret":
      return (
        <Secret
          secret={front.made.secret}
          oldUntil={front.made.oldSecretUntil}
          copied={page.front.copied.value}
          onCopy={() => void page.front.copy(front.made.secret)}
          onClose={common.onClose}
        />
      );
  }
}
