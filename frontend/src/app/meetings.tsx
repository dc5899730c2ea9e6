import "../style/meetings.css";
import { computed, signal } from "@preact/signals";
import { copyText } from "../lib/clipboard";
import {
  deleteMeeting,
  editMeeting,
  type MeetingForm as Form,
  type Meeting,
  meetings,
  schedule,
  sendInvitations,
  startMeeting,
} from "../lib/rest";
import { links } from "../lib/vault";
import { joinPath } from "../model/address";
import { zoneName } from "../model/format";
import { invitation } from "../model/invitation";
import { secretIn } from "../model/link";
import { agenda, nextHalfHour } from "../model/meetings";
import { passwordBytes, readable } from "../model/password";
import { addressesIn, formOf } from "../model/schedule";
import { meetings as words } from "../text/meetings";
import type { Values } from "../view/form";
import { DeleteMeeting, InvitationText, NewLink, PasteLink } from "../view/meeting-dialogs";
import { MeetingForm } from "../view/meeting-form";
import { Meetings } from "../view/meetings";
import { SendInvitations } from "../view/send-invitations";
import { accountOf } from "./account";
import { complete, makeLink, opens } from "./links";
import { askedToSignIn, askWho } from "./login";
import type { OpenPage, Site } from "./page";
import { Task } from "./task";

type Front =
  | { readonly is: "none" }
  | { readonly is: "form"; readonly meeting: Meeting | null; readonly password: string }
  | { readonly is: "delete"; readonly meeting: Meeting }
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "newLink" | "pasteLink" | "invite"; readonly meeting: Meeting };

/** A host's own meetings: what is planned, and everything one does with it. */
class Page {
  readonly all = signal<readonly Meeting[] | null>(null);
  readonly agenda = computed(() => this.all.value && agenda(this.all.value, new Date()));
  readonly front = signal<Front>({ is: "none" });
  readonly starting = signal("");
  readonly copied = signal("");
  readonly sent = signal({ id: "", count: 0 });
  readonly mailWorks = signal(false);
  readonly listingWorks = signal(false);
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
      const { items, mailWorks, listingWorks } = await meetings();
      this.mailWorks.value = mailWorks;
      this.listingWorks.value = listingWorks;
      this.all.value = await Promise.all(items.map(complete));
    };
    await this.list.run(work, askedToSignIn(this.#site));
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
    const form = formOf(values, meeting);
    if (!form) {
      this.dialog.problem.value = words.startMissing;
      return;
    }
    await this.#change(async () => {
      if (meeting) await editMeeting(meeting, form);
      else await this.#scheduleWithLink(form);
    });
  }

  invite(meeting: Meeting): void {
    this.sent.value = { id: "", count: 0 };
    this.#open({ is: "invite", meeting });
  }

  async send(meeting: Meeting, typed: string): Promise<void> {
    await this.#change(async () => {
      const { invited } = await sendInvitations(meeting.id, addressesIn(typed));
      this.sent.value = { id: meeting.id, count: invited };
    });
  }

  async delete(meeting: Meeting): Promise<void> {
    await this.#change(async () => {
      await deleteMeeting(meeting.id);
      await links.forget(meeting.meetingNumber);
    });
  }

  /** openLink asks before another link is made, or for the one there is. */
  openLink(is: "newLink" | "pasteLink", meeting: Meeting): void {
    this.#open({ is, meeting });
  }

  /** newLink gives the meeting another link. The one before lets nobody in any more. */
  async newLink(meeting: Meeting): Promise<void> {
    await this.#change(async () => {
      const { secret, linkProof } = await makeLink();
      await editMeeting(meeting, { linkProof });
      await links.keep(meeting.meetingNumber, secret);
    });
  }

  /** keepPasted takes the meeting's link from what somebody pasted, on a device that does not have it. */
  async keepPasted(meeting: Meeting, text: string): Promise<void> {
    const secret = secretIn(text, meeting.meetingNumber);
    if (!secret || !(await opens(meeting, secret))) {
      this.dialog.problem.value = words.notThisLink;
      return;
    }
    await links.keep(meeting.meetingNumber, secret);
    this.close();
    await this.load();
  }

  async start(meeting: Meeting): Promise<void> {
    this.starting.value = meeting.id;
    const work = async () => {
      if (meeting.state !== "inProgress") await startMeeting(meeting.id);
      this.#site.go(joinPath(meeting.meetingNumber));
    };
    await this.list.run(work, askedToSignIn(this.#site));
    this.starting.value = "";
  }

  async copy(meeting: Meeting): Promise<void> {
    const text = invitation(meeting, linkOf(meeting), zoneName());
    this.copied.value = "";
    if (await copyText(text)) this.copied.value = meeting.id;
    else this.front.value = { is: "text", text };
  }

  /** The link is made here: the server sees a proof of its secret, and never the secret. */
  async #scheduleWithLink(form: Form): Promise<void> {
    const { secret, linkProof } = await makeLink();
    const { meetingNumber } = await schedule({ ...form, linkProof });
    await links.keep(meetingNumber, secret);
  }

  async #change(work: () => Promise<unknown>): Promise<void> {
    const done = await this.dialog.run(async () => void (await work()));
    if (!done) return;
    this.close();
    await this.load();
  }

  #open(front: Front): void {
    this.dialog.problem.value = "";
    this.front.value = front;
  }
}

/** linkOf is a meeting's link as far as it has its secret. */
function linkOf({ webLink }: Meeting): string | null {
  return webLink.includes("#") ? webLink : null;
}

function linksOf(all: readonly Meeting[]): ReadonlyMap<string, string> {
  return new Map(
    all.flatMap((meeting) => {
      const link = linkOf(meeting);
      return link === null ? [] : [[meeting.id, link] as const];
    }),
  );
}

function newPassword(): string {
  return readable(crypto.getRandomValues(new Uint8Array(passwordBytes)));
}

export function open(site: Site): OpenPage {
  const page = new Page(site);
  const actions = {
    start: (meeting: Meeting) => void page.start(meeting),
    copy: (meeting: Meeting) => void page.copy(meeting),
    edit: (meeting: Meeting) => page.edit(meeting),
    remove: (meeting: Meeting) => page.remove(meeting),
    invite: (meeting: Meeting) => page.invite(meeting),
  };
  const Body = () => (
    <>
      <Meetings
        account={accountOf(site, true)}
        agenda={page.agenda.value}
        links={linksOf(page.all.value ?? [])}
        zone={zoneName()}
        problem={page.list.problem.value}
        starting={page.starting.value}
        copied={page.copied.value}
        sent={page.sent.value}
        mailWorks={page.mailWorks.value}
        actions={actions}
        onSchedule={() => page.schedule()}
        onNewLink={(meeting) => page.openLink("newLink", meeting)}
        onPasteLink={(meeting) => page.openLink("pasteLink", meeting)}
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
    case "newLink":
      return (
        <NewLink
          meeting={front.meeting}
          problem={page.dialog.problem.value}
          onYes={() => void page.newLink(front.meeting)}
          onClose={close}
        />
      );
    case "pasteLink":
      return (
        <PasteLink
          busy={page.dialog.busy.value}
          problem={page.dialog.problem.value}
          onLink={(text) => void page.keepPasted(front.meeting, text)}
          onClose={close}
        />
      );
    case "invite":
      return (
        <SendInvitations
          meeting={front.meeting}
          busy={page.dialog.busy.value}
          problem={page.dialog.problem.value}
          onSend={(typed) => void page.send(front.meeting, typed)}
          onClose={close}
        />
      );
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
          mailWorks={page.mailWorks.value}
          listingWorks={page.listingWorks.value}
          busy={page.dialog.busy.value}
          problem={page.dialog.problem.value}
          onSubmit={(values) => void page.save(front.meeting, values)}
          onClose={close}
        />
      );
  }
}
