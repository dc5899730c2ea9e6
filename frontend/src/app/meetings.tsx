import "../style/meetings.css";
import { computed, signal } from "@preact/signals";
import { copyText } from "../lib/clipboard";
import type { Problem } from "../lib/http";
import {
  deleteMeeting,
  editMeeting,
  type MeetingForm as Form,
  type Meeting,
  meetings,
  schedule,
  startMeeting,
} from "../lib/rest";
import { joinPath } from "../model/address";
import { zoneName } from "../model/format";
import { invitation } from "../model/invitation";
import { agenda, fromLocalInput, nextHalfHour } from "../model/meetings";
import { passwordBytes, readable } from "../model/password";
import { meetings as words } from "../text/meetings";
import type { Values } from "../view/form";
import { DeleteMeeting, InvitationText, MeetingForm } from "../view/meeting-dialogs";
import { Meetings } from "../view/meetings";
import { accountOf } from "./account";
import { askWho, signedOut } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

type Front =
  | { readonly is: "none" }
  | { readonly is: "form"; readonly meeting: Meeting | null; readonly password: string }
  | { readonly is: "delete"; readonly meeting: Meeting }
  | { readonly is: "text"; readonly text: string };

/** A host's own meetings: what is planned, and everything one does with it. */
class Page {
  readonly all = signal<readonly Meeting[] | null>(null);
  readonly agenda = computed(() => this.all.value && agenda(this.all.value, new Date()));
  readonly front = signal<Front>({ is: "none" });
  readonly starting = signal("");
  readonly copied = signal("");
  readonly list = new Task();
  readonly dialog = new Task();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    void askWho();
    void this.load();
  }

  async load(): Promise<void> {
    const work = async () => {
      this.all.value = (await meetings()).items;
    };
    await this.list.run(work, (problem) => this.#signedOut(problem));
  }

  schedule(): void {
    this.#open({ is: "form", meeting: null, password: newPassword() });
  }

  edit(meeting: Meeting): void {
    this.#open({ is: "form", meeting, password: meeting.password });
  }

  remove(meeting: Meeting): void {
    this.#open({ is: "delete", meeting });
  }

  close(): void {
    this.front.value = { is: "none" };
  }

  async save(meeting: Meeting | null, values: Values): Promise<void> {
    const form = formOf(values);
    if (!form) {
      this.dialog.problem.value = words.startMissing;
      return;
    }
    const work = () => (meeting ? editMeeting(meeting.id, form) : schedule(form));
    await this.#change(work);
  }

  async delete(meeting: Meeting): Promise<void> {
    await this.#change(() => deleteMeeting(meeting.id));
  }

  async start(meeting: Meeting): Promise<void> {
    this.starting.value = meeting.id;
    const work = async () => {
      if (meeting.state !== "inProgress") await startMeeting(meeting.id);
      this.#site.go(joinPath(meeting.meetingNumber));
    };
    await this.list.run(work, (problem) => this.#signedOut(problem));
    this.starting.value = "";
  }

  async copy(meeting: Meeting): Promise<void> {
    const text = invitation(meeting, zoneName());
    this.copied.value = "";
    if (await copyText(text)) this.copied.value = meeting.id;
    else this.front.value = { is: "text", text };
  }

  async #change(work: () => Promise<unknown>): Promise<void> {
    const done = await this.dialog.run(
      async () => void (await work()),
      (problem) => this.#signedOut(problem),
    );
    if (!done) return;
    this.close();
    await this.load();
  }

  #open(front: Front): void {
    this.dialog.problem.value = "";
    this.front.value = front;
  }

  #signedOut({ code }: Problem): boolean {
    if (code !== "login_required") return false;
    signedOut();
    this.#site.go("/signin");
    return true;
  }
}

function newPassword(): string {
  return readable(crypto.getRandomValues(new Uint8Array(passwordBytes)));
}

function formOf({ title = "", start = "", password = "" }: Values): Form | null {
  const date = fromLocalInput(start);
  return date && { title: title.trim(), start: date.toISOString(), password: password.trim() };
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const actions = {
    start: (meeting: Meeting) => void page.start(meeting),
    copy: (meeting: Meeting) => void page.copy(meeting),
    edit: (meeting: Meeting) => page.edit(meeting),
    remove: (meeting: Meeting) => page.remove(meeting),
  };
  const Body = () => (
    <>
      <Meetings
        account={accountOf(site, true)}
        agenda={page.agenda.value}
        zone={zoneName()}
        problem={page.list.problem.value}
        starting={page.starting.value}
        copied={page.copied.value}
        actions={actions}
        onSchedule={() => page.schedule()}
      />
      <InFront page={page} />
    </>
  );
  return { title: words.title, body: <Body /> };
}

function InFront({ page }: { page: Page }) {
  const front = page.front.value;
  const close = () => page.close();
  switch (front.is) {
    case "none":
      return null;
    case "text":
      return <InvitationText text={front.text} onClose={close} />;
    case "delete":
      return (
        <DeleteMeeting
          meeting={front.meeting}
          problem={page.dialog.problem.value}
          onYes={() => void page.delete(front.meeting)}
          onClose={close}
        />
      );
    case "form":
      return (
        <MeetingForm
          meeting={front.meeting}
          start={front.meeting ? new Date(front.meeting.start) : nextHalfHour(new Date())}
          password={front.password}
          zone={zoneName()}
          busy={page.dialog.busy.value}
          problem={page.dialog.problem.value}
          onSubmit={(values) => void page.save(front.meeting, values)}
          onClose={close}
        />
      );
  }
}
