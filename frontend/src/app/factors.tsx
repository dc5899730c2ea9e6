import "../style/factors.css";
import { signal } from "@preact/signals";
import { copyText } from "../lib/clipboard";
import {
  type AppSecret,
  beginApp,
  beginLink,
  beginNewPasskey,
  deleteApp,
  deletePasskey,
  finishApp,
  finishNewPasskey,
  type MySignIn,
  mySignIn,
  newRecoveryCodes,
  unlink,
} from "../lib/factors";
import { knowsPasskeys, makePasskey } from "../lib/passkey";
import { type Drawing, drawQR } from "../lib/qr";
import type { Place } from "../model/address";
import { landing } from "../model/problem";
import { signin as words } from "../text/signin";
import { type Asked, Factors } from "../view/factors";
import type { Values } from "../view/form";
import { accountOf } from "./account";
import { askedToSignIn, factorsPath, login, returnTo, signedIn } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** What one signs in with, and everything one does with it. */
class Page {
  readonly mine = signal<MySignIn | null>(null);
  readonly asked = signal<Asked>({ is: "none" });
  readonly app = signal<{ secret: AppSecret; drawing: Drawing } | null>(null);
  readonly codes = signal<readonly string[] | null>(null);
  readonly copied = signal(false);
  readonly opened = signal(false);
  readonly task = new Task();
  readonly #site: Site;

  constructor(site: Site, fragment: string) {
    this.#site = site;
    const { problem } = landing(fragment);
    void this.#run(() => this.#load()).then(() => {
      if (problem) this.task.problem.value = problem;
    });
  }

  async #load(): Promise<void> {
    const before = this.mine.value;
    const mine = await mySignIn();
    this.mine.value = mine;
    if (before?.needed && !mine.needed) this.opened.value = true;
    if (!mine.needed && !login.value) signedIn(mine.user);
  }

  #run(work: () => Promise<void>): Promise<boolean> {
    return this.task.run(work, askedToSignIn(this.#site));
  }

  addPasskey({ name = "" }: Values): void {
    void this.#run(async () => {
      const { ceremony, publicKey } = await beginNewPasskey();
      const credential = await makePasskey(publicKey);
      if (credential === null) {
        this.task.problem.value = words.noneMade;
        return;
      }
      await finishNewPasskey({ ceremony, name: name.trim(), credential });
      await this.#load();
    });
  }

  beginApp(): void {
    void this.#run(async () => {
      const secret = await beginApp();
      this.app.value = { secret, drawing: drawQR(secret.uri) };
    });
  }

  finishApp({ code = "" }: Values): void {
    void this.#run(async () => {
      const ceremony = this.app.value?.secret.ceremony ?? "";
      this.#show((await finishApp({ ceremony, code: code.trim() })).recoveryCodes);
      this.app.value = null;
      await this.#load();
    });
  }

  newCodes(): void {
    void this.#run(async () => {
      this.#show((await newRecoveryCodes()).recoveryCodes);
      await this.#load();
    });
  }

  #show(codes: readonly string[]): void {
    this.codes.value = codes;
    this.copied.value = false;
  }

  async copyCodes(): Promise<void> {
    this.copied.value = await copyText((this.codes.value ?? []).join("\n"));
  }

  /** confirm does what was asked about. */
  confirm(): void {
    const asked = this.asked.value;
    void this.#run(async () => {
      if (asked.is === "passkey") await deletePasskey(asked.passkey.id);
      if (asked.is === "app") await deleteApp();
      if (asked.is === "identity") await unlink();
      this.asked.value = { is: "none" };
      await this.#load();
    });
  }

  ask(asked: Asked): void {
    this.task.problem.value = "";
    this.asked.value = asked;
  }

  link(): void {
    void this.#run(async () => location.assign((await beginLink()).url));
  }

  /** A new login takes the place of the one there is. */
  signInAgain(): void {
    returnTo(factorsPath);
    this.#site.go("/signin");
  }
}

export function open(site: Site, _place: Place, fragment: string): OpenPage {
  const page = new Page(site, fragment);
  const Body = () => (
    <Factors
      account={accountOf(site, true)}
      mine={page.mine.value}
      asked={page.asked.value}
      app={page.app.value}
      codes={page.codes.value}
      copied={page.copied.value}
      opened={page.opened.value}
      knowsPasskeys={knowsPasskeys()}
      busy={page.task.busy.value}
      problem={page.task.problem.value}
      ask={(asked) => page.ask(asked)}
      confirm={() => page.confirm()}
      addPasskey={(values) => page.addPasskey(values)}
      beginApp={() => page.beginApp()}
      finishApp={(values) => page.finishApp(values)}
      cancelApp={() => {
        page.app.value = null;
      }}
      newCodes={() => page.newCodes()}
      copyCodes={() => void page.copyCodes()}
      keptCodes={() => {
        page.codes.value = null;
      }}
      link={() => page.link()}
      signInAgain={() => page.signInAgain()}
    />
  );
  return { title: words.title, body: <Body /> };
}
