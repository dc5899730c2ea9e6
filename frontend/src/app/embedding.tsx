import "../style/reports.css";
import "../style/meetings.css";
import "../style/people.css";
import { signal } from "@preact/signals";
import { copyText } from "../lib/clipboard";
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
import { askedToSignIn, askWho, login } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

type Front =
  | { readonly is: "none" | "add" }
  | { readonly is: "rename" | "revoke"; readonly key: JoinKey }
  | { readonly is: "sample"; readonly key: JoinKey; readonly text: string };

/** Who may show the site's meetings in their own pages, and with which keys they sign people in. */
class Page {
  readonly origins = signal<readonly string[] | null>(null);
  readonly keys = signal<JoinKeys | null>(null);
  readonly front = signal<Front>({ is: "none" });
  readonly copied = signal(false);
  readonly list = new Task();
  readonly dialog = new Task();
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

  open(front: Front): void {
    this.dialog.problem.value = "";
    this.copied.value = false;
    this.front.value = front;
  }

  close(): void {
    this.open({ is: "none" });
  }

  sample(key: JoinKey): void {
    const text = sample(key, this.keys.value?.audience ?? "", new Date());
    this.open({ is: "sample", key, text });
  }

  async add({ name = "", publicKey = "", maxRole = "" }: Values): Promise<void> {
    await this.#change(async () => {
      this.sample(await addJoinKey({ name: name.trim(), publicKey, maxRole }));
    });
  }

  async rename(key: JoinKey, { name = "" }: Values): Promise<void> {
    await this.#change(async () => {
      await renameJoinKey(key.id, name.trim());
      this.close();
    });
  }

  async revoke(key: JoinKey): Promise<void> {
    await this.#change(async () => {
      await revokeJoinKey(key.id);
      this.close();
    });
  }

  async copy(text: string): Promise<void> {
    this.copied.value = await copyText(text);
  }

  async #change(work: () => Promise<void>): Promise<void> {
    if (await this.dialog.run(work)) await this.load();
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
        onAdd={() => page.open({ is: "add" })}
        onSample={(key) => page.sample(key)}
        onRename={(key) => page.open({ is: "rename", key })}
        onRevoke={(key) => page.open({ is: "revoke", key })}
      />
      <InFront page={page} />
    </>
  );
  return { title: words.title, body: <Body /> };
}

function InFront({ page }: { page: Page }) {
  const front = page.front.value;
  const common = {
    busy: page.dialog.busy.value,
    problem: page.dialog.problem.value,
    onClose: () => page.close(),
  };
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
          copied={page.copied.value}
          onCopy={() => void page.copy(front.text)}
          onClose={common.onClose}
        />
      );
  }
}
