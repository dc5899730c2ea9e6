import { isGranted } from "../../lib/devices";
import type { GroupView } from "../../lib/group/view";
import { noteStay, stayed } from "../../lib/note";
import type { JoinForm } from "../../lib/rest";
import { vanish, vanished } from "../../lib/vanished";
import type { RoomEvent } from "../../model/room";
import { known } from "../../model/source";
import type { Sources } from "../sources";
import type { Phase } from "./phase";
import type { Entrance } from "./stay";

/** Milliseconds before each try. The first is at once: most often the network is there again. */
const delays = [0, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];

/** How long somebody may be away and is not asked about again: what a restart of the server may take. */
const mostAway = 180_000;

/**
 * wayBack is with what, by the note of the page before, somebody goes straight back in, who loaded the page again in a
 * meeting; null for anybody else. Of their devices those are on again that were and
 * need no question: the same ones, and the camera blurred if it was. Nobody looks into a
 * mirror before, so one that is not there any more stays off, and no other takes its place.
 */
export async function wayBack(
  note: string,
  number: string,
  sources: Sources,
): Promise<JoinForm | null> {
  const back = vanished(note, number);
  if (!back) return null;
  const { chosen } = back;
  sources.chosen.value = chosen;
  sources.plain.value = back.plain;
  sources.blurred.value = back.blurred;
  await sources.list();
  const open = async (kind: "microphone" | "camera") => {
    const there = known(sources.devices.value[`${kind}s`], chosen[kind]) === chosen[kind];
    if (there && (await isGranted(kind))) await sources.start(kind);
  };
  await Promise.all(back.on.map(open));
  return back.form;
}

/**
 * Returning is the way back into a meeting, one's own and that of others: as whom
 * this tab was in, so that the server lets the stay go on (with the cookie, which
 * no page sees), when to try again, and who is let in without a question, because
 * they were in when the connection was lost.
 */
export class Returning {
  readonly #number: string;
  /** when the connection was lost of whom, by their keys */
  readonly #lost = new Map<string, number>();
  /** who was let in because of that */
  readonly #admitted = new Set<string>();
  #group = "";
  #tries = 0;

  constructor(number: string) {
    this.#number = number;
  }

  /** as is a form by which one comes back as who this tab was last, also after loading the page again. */
  as<Form extends JoinForm>(form: Form): Form {
    const previous = stayed(this.#number);
    return previous ? { ...form, previousParticipantId: previous } : form;
  }

  /**
   * note: this tab is in as that from here on, or waits to be: a token of the page around
   * it is used up, and opens again only for who says so.
   */
  note(participant: string): void {
    noteStay(this.#number, participant);
  }

  /**
   * over: the stay is, and there is none to come back to; but who came with a token shows
   * by it that they are who used that, unless a host took them out.
   */
  over(phase: Phase, { joinToken }: JoinForm): void {
    const expelled = phase.at === "turned_away" && phase.why === "expelled";
    if (!joinToken || expelled) noteStay(this.#number, "");
  }

  /** vanish: the page goes while the person is in, perhaps to be loaded again. */
  vanish({ secret, ...form }: Entrance, sources: Sources): void {
    // Who came by a password is asked for it again: it is kept nowhere.
    if (!secret) return;
    const on = (["microphone", "camera"] as const).filter((k) => sources[k].value.state === "on");
    const [chosen, plain, blurred] = [sources.chosen, sources.plain, sources.blurred];
    vanish({ form, on, chosen: chosen.value, plain: plain.value, blurred: blurred.value });
  }

  /** delay is how long to wait for the next try, or null when there were enough. */
  delay(): number | null {
    const delay = delays[this.#tries++];
    const jitter = 0.75 + Math.random() / 2;
    return delay === undefined ? null : delay * jitter;
  }

  /** afresh: what was tried before does not count. */
  afresh(): void {
    this.#tries = 0;
  }

  /** hear takes in who comes and goes; view is the group as it was until then. */
  hear(event: RoomEvent, view: GroupView | null): void {
    if (event.type === "welcome") this.note(event.data.self);
    if (event.type === "admitted") {
      // The group went on meanwhile: who was lost there has been seen to.
      if (event.data.group === this.#group) this.#lost.clear();
      this.#group = event.data.group;
    }
    if (event.type !== "participant_left") return;
    const { participant, reason } = event.data;
    const key = view?.members.find((m) => m.participant === participant)?.key;
    if (!key) return;
    if (reason === "connection_lost") this.#lost.set(key, Date.now());
    else this.#lost.delete(key);
  }

  /** cut: the connection was lost, and with it everybody, until the group is there again. */
  cut(view: GroupView | null): void {
    for (const { key } of view?.members ?? []) this.#lost.set(key, Date.now());
  }

  /** back lets in who knocks and was in: a host has let them in once. */
  back(view: GroupView, admit: (participants: readonly string[]) => void): void {
    const since = Date.now() - mostAway;
    const back = view.knockers
      .filter(({ key }) => (this.#lost.get(key) ?? 0) > since)
      .map(({ participant }) => participant)
      .filter((participant) => !this.#admitted.has(participant));
    for (const participant of back) this.#admitted.add(participant);
    if (back.length > 0) admit(back);
  }
}
