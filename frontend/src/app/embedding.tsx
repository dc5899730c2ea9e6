import "../style/reports.css";
import "../style/meetings.css";
import "../style/people.css";
import { signal } from "@preact/signals";
import {
  addJoinKey,
  type JoinKey,
  type JoinKeys,
  joinKeys,
  renameJoinKey,
  revokeJoinKey,
} from "../lib/join-keys";
import { siteRights } from "../lib/policy.gen";
import { policy } from "../lib/rest";
import { sample } from "../model/sample";
import { embedding as words } from "../text/embedding";
import { Embedding } from "../view/embedding";
import { AddKey, RenameKey, RevokeKey, SampleToken } from "../view/embedding-dialogs";
import type { Values } from "../view/form";
import { accountOf } from "./account";
import { Front } from "./front";
import { askedToSignIn, askWho, login } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

type Shown =
  | { readonly is: "add" }
  | { readonly is: "rename" | "revoke"; readonly key: JoinKey }
  | { readonly is: "sample"; readonly key: JoinKey; readonly text: string };

/** Who may show the site's meetings in their own pages, and with which keys they sign people in. */
class Page {
  readonly origins = signal<readonly string[] | null>(null);
  readonly keys = signal<JoinKeys | null>(null);
  readonly front = new Front<Shown>();
  readonly list = new Task();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    void askWho();
    void this.load();
  }

  async load(): Promise<void> {
    await this.list.run(async () => {
      const [rules, keys] = await Promise.all([policy(), joinKeys()]);
      this.origins.value = rules.value.embedOrigins;
      this.keys.value = keys;
    }, askedToSignIn(this.#site));
  }

  sample(key: JoinKey): void {
    const text = sample(key, this.keys.value?.audience ?? "", new Date());
    this.front.open({ is: "sample", key, text });
  }

  async add({ name = "", publicKey = "", maxRole = "" }: Values): Promise<void> {
    await this.#change(async () => {
      this.sample(await addJoinKey({ name: name.trim(), publicKey, maxRole }));
    });
  }

  async rename(key: JoinKey, { name = "" }: Values): Promise<void> {
    await this.#change(async () => {
      await renameJoinKey(key.id, name.trim());
      this.front.close();
    });
  }

  async revoke(key: JoinKey): Promise<void> {
    await this.#change(async () => {
      await revokeJoinKey(key.id);
      this.front.close();
    });
  }

  async #change(work: () => Promise<void>): Promise<void> {
    if (await this.front.task.run(work)) await this.load();
  }
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <>
      <Embedding
        account={accountOf(site, true)}
        manages={siteRights.manage_join_keys.includes(login.value?.role ?? "")}
        origins={page.origins.value}
        keys={page.keys.value?.items ?? null}
        problem={page.list.problem.value}
        onAdd={() => page.front.open({ is: "add" })}
        onSample={(key) => page.sample(key)}
        onRename={(key) => page.front.open({ is: "rename", key })}
        onRevoke={(key) => page.front.open({ is: "revoke", key })}
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
    case "add":
      return <AddKey {...common} onSubmit={(values) => void page.add(values)} />;
    case "rename":
      return (
        <RenameKey
          {...common}
          of={front.key}
          onSubmit={(values) => void page.rename(front.key, values)}
        />
      );
    case "revoke":
      return <RevokeKey {...common} of={front.key} onYes={() => void page.revoke(front.key)} />;
    case "sample":
      return (
        <SampleToken
          of={front.key}
          text={front.text}
          copied={page.front.copied.value}
          onCopy={() => void page.front.copy(front.text)}
          onClose={common.onClose}
        />
      );
  }
}
