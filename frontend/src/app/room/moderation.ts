import { signal } from "@preact/signals";
import type { RulesChange } from "../../lib/group/rules";
import type { Right } from "../../lib/policy.gen";
import type { Code, Role } from "../../lib/wire.gen";
import { person, type RoomState } from "../../model/room";
import { room as words } from "../../text/room";
import type { Gathering } from "./gathering";
import type { Stay } from "./stay";

export interface ModerationEvents {
  stay(): Stay | null;
  state(): RoomState;
  /** said to the person, when something did not go */
  notice(text: string): void;
}

/** Moderation is what this person does about others: each act is one command, or one change of the rules. */
export class Moderation {
  /** who asked this person to unmute; "" for nobody */
  readonly asked = signal("");
  readonly #gathering: Gathering;
  readonly #events: ModerationEvents;

  constructor(gathering: Gathering, events: ModerationEvents) {
    this.#gathering = gathering;
    this.#events = events;
  }

  readonly mute = (participant: string) =>
    this.#told((stay) => stay.command("mute", { participant }));
  readonly muteAll = () => this.#told((stay) => stay.command("mute_all", {}));
  readonly askToUnmute = (participant: string) =>
    this.#told((stay) => stay.command("ask_to_unmute", { participant }));
  /** stopShares stops what somebody shows, or what everybody does. */
  readonly stopShares = (participant?: string) =>
    this.#told((stay) => stay.command("stop_shares", participant ? { participant } : {}));
  readonly lowerHand = (participant: string) =>
    this.#told((stay) => stay.command("lower_hand", { participant }));
  /** raiseHand puts one's own hand up, or down. */
  readonly raiseHand = (raised: boolean) =>
    this.#told((stay) => stay.command("raise_hand", { raised }));
  readonly deny = (participant: string) =>
    this.#told((stay) => stay.command("deny", { participant }));
  /** expel has somebody taken out: whatever the server then says of them, they are not let in again. */
  readonly expel = (participant: string) =>
    this.#told(async (stay) => {
      const key = person(this.#events.state(), participant)?.key;
      const answer = stay.command("expel", { participant });
      if (key) stay.expelled(key, true);
      const code = await answer;
      if (key && code !== "ok") stay.expelled(key, false);
      return code;
    });
  readonly endMeeting = () => this.#told((stay) => stay.command("end_meeting", {}));

  /** admit lets people in; their names go from the list once they are. */
  admit(participants: readonly string[]): void {
    this.#gathering.admit(participants);
    this.#events.stay()?.admit(participants);
  }

  /** setRules changes some of the group's rules. */
  setRules(change: RulesChange): void {
    this.#events.stay()?.setRules(change);
  }

  /** setRole gives somebody another role. */
  setRole(participant: string, role: Role): void {
    const key = person(this.#events.state(), participant)?.key;
    if (key !== undefined) this.setRules({ person: { key, role } });
  }

  /** setRight gives or takes a right: one attendee's, by their key, or all attendees'. */
  setRight(key: string | null, right: Right, on: boolean): void {
    const change = on ? { grant: [right] } : { deny: [right] };
    this.setRules(key === null ? change : { person: { key, ...change } });
  }

  async #told(command: (stay: Stay) => Promise<Code>): Promise<void> {
    const stay = this.#events.stay();
    if (!stay) return;
    this.answered(await command(stay).catch((): Code => "ok"));
  }

  /** answered tells the person what did not go, unless the stay is over. */
  answered(code: string): void {
    if (code === "forbidden") this.#events.notice(words.refused.forbidden);
    else if (!["ok", "ended", "lost"].includes(code)) this.#events.notice(words.refused.failed);
  }
}
