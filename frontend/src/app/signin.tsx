import "../style/factors.css";
import { signal } from "@preact/signals";
import { beginPasskey, finishPasskey, providerPath, signInByCode, waysIn } from "../lib/factors";
import type { Problem } from "../lib/http";
import { knowsPasskeys, usePasskey } from "../lib/passkey";
import { signIn, siteInfo } from "../lib/rest";
import { outside } from "../lib/site";
import type { Place } from "../model/address";
import { landing } from "../model/problem";
import { account as words } from "../text/account";
import { signin as factors } from "../text/signin";
import { SignIn } from "../view/account";
import type { Values } from "../view/form";
import { CodeStep, Others } from "../view/signin";
import { arrive } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

/** The sign-in page: by password, and then a code where one is wanted, by passkey, or elsewhere. */
class Page {
  readonly task = new Task();
  readonly challenge = signal("");
  readonly passkeys = signal(false);
  readonly provider = signal<string | null>(null);
  readonly registers = signal(false);
  readonly #site: Site;

  constructor(site: Site, fragment: string) {
    this.#site = site;
    const { challenge, problem } = landing(fragment);
    this.challenge.value = challenge;
    this.task.problem.value = problem;
    void this.#ask();
    siteInfo().then(
      ({ allowSelfRegistration }) => {
        this.registers.value = allowSelfRegistration;
      },
      () => {}, // then nobody is offered to register
    );
  }

  /** Nobody is offered what does not work here; when that cannot be found out, nothing. */
  async #ask(): Promise<void> {
    try {
      const { passkeys, provider } = await waysIn();
      this.passkeys.value = passkeys && knowsPasskeys();
      this.provider.value = provider;
    } catch {
      this.provider.value = null;
    }
  }

  byPassword({ email = "", password = "" }: Values): Promise<boolean> {
    return this.task.run(
      async () => this.#site.go(await arrive(await signIn({ email: email.trim(), password }))),
      (problem) => this.#wantsCode(problem),
    );
  }

  #wantsCode({ code, members }: Problem): boolean {
    const { challenge } = members;
    if (code !== "second_factor_required" || typeof challenge !== "string") return false;
    this.challenge.value = challenge;
    return true;
  }

  byCode({ code = "" }: Values): Promise<boolean> {
    const form = { challenge: this.challenge.value, code: code.trim() };
    return this.task.run(
      async () => this.#site.go(await arrive(await signInByCode(form))),
      (problem) => {
        if (problem.code === "expired") this.challenge.value = "";
        return false;
      },
    );
  }

  byPasskey(): Promise<boolean> {
    return this.task.run(async () => {
      const { ceremony, publicKey } = await beginPasskey();
      const credential = await usePasskey(publicKey);
      if (credential === null) this.task.problem.value = factors.noPasskey;
      else this.#site.go(await arrive(await finishPasskey({ ceremony, credential })));
    });
  }

  startOver(): void {
    this.challenge.value = "";
    this.task.problem.value = "";
  }
}

export function open(site: Site, _place: Place, fragment: string): OpenPage {
  const page = new Page(site, fragment);
  const Body = () => {
    const state = { busy: page.task.busy.value, problem: page.task.problem.value };
    if (page.challenge.value)
      return (
        <CodeStep
          {...state}
          onSubmit={(values) => void page.byCode(values)}
          startOver={() => page.startOver()}
        />
      );
    return (
      <SignIn
        {...state}
        registers={page.registers.value}
        onSubmit={(values) => void page.byPassword(values)}
        others={
          <Others
            passkey={page.passkeys.value ? () => void page.byPasskey() : null}
            provider={page.provider.value}
            toProvider={() => location.assign(outside(providerPath))}
          />
        }
      />
    );
  };
  return { title: words.signInTitle, body: <Body /> };
}
