import "../style/reports.css";
import "../style/meetings.css";
import "../style/people.css";
import { signal } from "@preact/signals";
import {
  addPerson,
  approveRequest,
  deletePerson,
  denyRequest,
  editPerson,
  type Handed,
  type Listed,
  linkPerson,
  morePeople,
  type PasswordRequest,
  type Person,
  passwordRequests,
  people,
} from "../lib/people";
import { siteRights } from "../lib/policy.gen";
import { people as words } from "../text/people";
import type { Values } from "../view/form";
import { People } from "../view/people";
import { AddPerson, DeletePerson, EditPerson, HandOver } from "../view/people-dialogs";
import { accountOf } from "./account";
import { Front } from "./front";
import { askedToSignIn, askWho, login } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

interface Named {
  readonly name: string;
  readonly email: string;
}

type Shown =
  | { readonly is: "add" }
  | { readonly is: "edit" | "delete"; readonly person: Person }
  | { readonly is: "hand"; readonly to: Named; readonly handed: Handed };

/** The site's people: who they are, and who waits for a new password. */
class Page {
  readonly people = signal<readonly Person[] | null>(null);
  readonly requests = signal<readonly PasswordRequest[]>([]);
  readonly next = signal<string | undefined>(undefined);
  readonly front = new Front<Shown>();
  readonly list = new Task();
  readonly #site: Site;
  #search = "";

  constructor(site: Site) {
    this.#site = site;
    void askWho();
    void this.load();
  }

  async load(): Promise<void> {
    await this.#run(this.list, async () => {
      const [found, waiting] = await Promise.all([people(this.#search), passwordRequests()]);
      this.#show([], found);
      this.requests.value = waiting.items;
    });
  }

  async search(text: string): Promise<void> {
    this.#search = text;
    await this.load();
  }

  async more(): Promise<void> {
    const { value } = this.next;
    if (value === undefined) return;
    await this.#run(this.list, async () => {
      this.#show(this.people.value ?? [], await morePeople(value));
    });
  }

  async add({ name = "", email = "", role = "" }: Values): Promise<void> {
    await this.#change(async () => {
      const made = await addPerson({ name: name.trim(), email: email.trim(), role });
      this.front.open({ is: "hand", to: made, handed: made });
    });
  }

  async edit(person: Person, { name = "", role = "", disabled }: Values): Promise<void> {
    await this.#change(async () => {
      await editPerson(person.id, { name: name.trim(), role, disabled: disabled === "yes" });
      this.front.close();
    });
  }

  async link(person: Person): Promise<void> {
    await this.#change(async () => {
      this.front.open({ is: "hand", to: person, handed: await linkPerson(person.id) });
    });
  }

  async delete(person: Person): Promise<void> {
    await this.#change(async () => {
      await deletePerson(person.id);
      this.front.close();
    });
  }

  async decide(request: PasswordRequest, approved: boolean): Promise<void> {
    await this.#run(this.list, async () => {
      if (approved) {
        this.front.open({ is: "hand", to: request.user, handed: await approveRequest(request.id) });
      } else {
        await denyRequest(request.id);
      }
      this.requests.value = this.requests.value.filter(({ id }) => id !== request.id);
    });
  }

  #show(before: readonly Person[], { items, next }: Listed<Person>): void {
    this.people.value = [...before, ...items];
    this.next.value = next;
  }

  async #change(work: () => Promise<void>): Promise<void> {
    if (await this.front.task.run(work)) await this.load();
  }

  #run(task: Task, work: () => Promise<void>): Promise<boolean> {
    return task.run(work, askedToSignIn(this.#site));
  }
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const Body = () => (
    <>
      <People
        account={accountOf(site, true)}
        manages={siteRights.manage_users.includes(login.value?.role ?? "")}
        people={page.people.value}
        requests={page.requests.value}
        more={page.next.value !== undefined}
        problem={page.list.problem.value}
        onSearch={(text) => void page.search(text)}
        onMore={() => void page.more()}
        onAdd={() => page.front.open({ is: "add" })}
        onEdit={(person) => page.front.open({ is: "edit", person })}
        onApprove={(request) => void page.decide(request, true)}
        onDeny={(request) => void page.decide(request, false)}
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
      return <AddPerson {...common} onSubmit={(values) => void page.add(values)} />;
    case "edit":
      return (
        <EditPerson
          {...common}
          person={front.person}
          onSubmit={(values) => void page.edit(front.person, values)}
          onLink={() => void page.link(front.person)}
          onDelete={() => page.front.open({ is: "delete", person: front.person })}
        />
      );
    case "delete":
      return (
        <DeletePerson
          {...common}
          person={front.person}
          onYes={() => void page.delete(front.person)}
        />
      );
    case "hand":
      return (
        <HandOver
          to={front.to}
          handed={front.handed}
          copied={page.front.copied.value}
          onCopy={(link) => void page.front.copy(link)}
          onClose={common.onClose}
        />
      );
  }
}
