import type { EpochKeys } from "../media/epoch";
import type {
  Admitted,
  Command,
  Commit,
  Committed,
  Event,
  Knock,
  LeaveReason,
  Rules,
} from "../wire.gen";
import { type Duty, duty, type Left, type Waiting } from "./duty";
import type { Group, Wish } from "./group";
import { Refused } from "./refused";
import { changed, type RulesChange } from "./rules";
import type { GroupView, Refusal } from "./view";

/** MembershipOut is whom a membership tells what it does. */
export interface MembershipOut {
  view(view: GroupView): void;
  /** the keys of a new epoch */
  epoch(group: Group, keys: EpochKeys): void;
  /** a command for the socket; what came of it is told to replied, by its id */
  command(id: number, command: Command): void;
  refused(refusal: Refusal): void;
  /** something that this person changes of the rules was not taken, and why */
  unruled(code: string): void;
}

/** How long a commit that the server did not take, for a reason of its own, is left alone. */
const patience = 2_000;

/**
 * Membership is one person's part in the group: it follows the commits, and
 * makes those that are this member's to make. Events are heard one after the
 * other, in order. After a refusal nothing is followed and nothing made any more.
 */
export class Membership {
  readonly #enter: (admitted: Admitted) => Promise<Group>;
  readonly #out: MembershipOut;
  readonly #present = new Set<string>();
  readonly #left = new Map<string, Left>();
  readonly #waiting = new Map<string, Waiting>();
  #group: Group | null = null;
  #inside = false;
  #closed = false;
  /** what this person changes of the rules, until the server has taken it */
  #changes: RulesChange[] = [];
  /** how many of them are in the commit that the server has to answer */
  #sent = 0;
  /** the command of the commit the server has to answer; 0 when there is none */
  #inFlight = 0;
  #commands = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(enter: (admitted: Admitted) => Promise<Group>, out: MembershipOut) {
    this.#enter = enter;
    this.#out = out;
  }

  /** hear takes in what the socket says about who is in. */
  hear(event: Event): void {
    this.#inTurn(async () => {
      await this.#take(event);
      await this.#show();
    });
  }

  /** admit lets people in who wait; it is the host who says so. */
  admit(participants: readonly string[]): void {
    this.#inTurn(async () => {
      for (const id of participants) {
        const waiting = this.#waiting.get(id);
        if (waiting) this.#waiting.set(id, { ...waiting, admitted: true, since: Date.now() });
      }
    });
  }

  /** setRules changes the group's rules, with the next commit. */
  setRules(change: RulesChange): void {
    this.#inTurn(async () => {
      this.#changes.push(change);
    });
  }

  /**
   * expel: this person expels who has that key, and so they are expelled, whatever the
   * server says of how they went. Not so any more when the server says that it would not:
   * then the person is told.
   */
  expel(key: string, expelled: boolean): void {
    this.#inTurn(async () => {
      const member = this.#group?.members().find((m) => m.key === key);
      // No host is rid of those, and the server will say so.
      if (expelled && (member?.owner || member?.role === "host")) return;
      this.#group?.expelled(key, expelled);
      if (!member) return;
      if (expelled)
        this.#left.set(member.participant, { since: Date.now(), expelled, lost: false });
      else if (this.#present.has(member.participant)) this.#left.delete(member.participant);
    });
  }

  /** replied: the server took a command, or did not. A commit it took comes back as committed. */
  replied(id: number, code: string): void {
    if (code === "ok") return;
    this.#inTurn(async () => {
      if (id !== this.#inFlight) return;
      this.#inFlight = 0;
      await this.#group?.withdraw();
      if (code === "stale") return;
      if (this.#changes.splice(0, this.#sent).length > 0) this.#out.unruled(code);
      this.#postpone();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closed = true;
  }

  /** #inTurn does one thing after the other, and then sees whether there is a commit to make. */
  #inTurn(task: () => Promise<void>): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#closed) return;
      try {
        await task();
        this.#schedule();
      } catch (thrown) {
        this.#refuse(thrown);
      }
    });
  }

  async #take(event: Event): Promise<void> {
    switch (event.type) {
      case "admitted":
        this.#group = await this.#enter(event.data);
        return this.#reached([]);
      case "welcome":
        this.#inside = true;
        for (const { id } of event.data.participants) this.#present.add(id);
        for (const id of event.data.gone)
          this.#leave(id, event.data.lost?.includes(id) ? "connection_lost" : "left");
        return;
      case "participant_joined":
        this.#present.add(event.data.participant.id);
        return;
      case "participant_left":
        return this.#leave(event.data.participant, event.data.reason);
      case "knock":
        return this.#knock(event.data);
      case "knock_over":
        this.#waiting.delete(event.data.participant);
        return;
      case "committed":
        return this.#follow(event.data);
      default:
        return;
    }
  }

  #leave(participant: string, reason: LeaveReason): void {
    this.#present.delete(participant);
    const before = this.#left.get(participant);
    const expelled = reason === "expelled" || before?.expelled === true;
    const lost = reason === "connection_lost";
    // Saying it again makes it no later.
    this.#left.set(participant, { since: before?.since ?? Date.now(), expelled, lost });
    const member = this.#group?.members().find((m) => m.participant === participant);
    if (expelled && member) this.#group?.expelled(member.key);
  }

  /** Who cannot prove who they are is not shown to anybody, and is not let in. */
  async #knock(knock: Knock): Promise<void> {
    const knocker = await this.#group?.verifyKnock(knock);
    if (!knocker) return;
    for (const [id, { key }] of this.#waiting) if (key === knocker.key) this.#waiting.delete(id);
    const waiting = { keyPackage: knock.keyPackage, since: Date.now(), admitted: false };
    this.#waiting.set(knock.participant, { ...knocker, ...waiting });
  }

  async #follow(event: Committed): Promise<void> {
    const group = this.#group;
    if (!group) return;
    const before = group.epoch;
    // Those it removes are in nobody's room: a newcomer who catches up has not heard of them.
    const gone = new Set([...this.#left.keys(), ...(this.#inside ? [] : (event.removed ?? []))]);
    const { added, removed, out } = await group.committed(event, gone);
    if (out) return this.close();
    if (group.epoch === before) return;
    if (this.#inFlight && event.by === this.#selfIn(group)) this.#changes.splice(0, this.#sent);
    this.#inFlight = 0;
    for (const { participant } of added) this.#waiting.delete(participant);
    for (const { participant } of removed) this.#left.delete(participant);
    await this.#reached(removed.map(({ leaf }) => leaf));
  }

  async #reached(removed: readonly number[]): Promise<void> {
    const group = this.#group;
    if (!group) return;
    const { epoch, self } = group;
    const leaves = group.members().map(({ leaf }) => leaf);
    const baseKey = await group.baseKey();
    const urgent = removed.length > 0;
    this.#out.epoch(group, { epoch, baseKey, self, leaves, removed, urgent });
    baseKey.fill(0);
    if (this.#inside) {
      this.#out.command(++this.#commands, { type: "reached", data: { epoch } });
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#inFlight || !this.#inside) return;
    const at = this.#changes.length > 0 ? 0 : this.#duty()?.at;
    if (at === undefined) return;
    const act = () => this.#inTurn(() => this.#act());
    this.#timer = setTimeout(act, Math.max(0, at - Date.now()));
  }

  #duty(): Duty | null {
    const group = this.#group;
    return (
      group &&
      duty({
        self: group.self,
        members: group.members(),
        present: this.#present,
        left: this.#left,
        waiting: [...this.#waiting.values()],
        rules: group.rules,
        knows: (door) => group.knows(door),
      })
    );
  }

  async #act(): Promise<void> {
    const group = this.#group;
    const next = this.#duty();
    const rules = group && this.#nextRules(group);
    const due = rules || (next && next.at <= Date.now());
    if (!group || this.#inFlight || !due) return;
    this.#sent = rules ? this.#changes.length : 0;
    const commit = await this.#commit(group, wish(next, rules));
    if (!commit) return;
    this.#inFlight = ++this.#commands;
    this.#out.command(this.#inFlight, { type: "commit", data: commit });
  }

  /** #commit makes a commit. Who cannot be added is forgotten: they must not stop the others. */
  async #commit(group: Group, wish: Wish): Promise<Commit | null> {
    const gone = new Set(this.#left.keys());
    try {
      return await group.commit(wish, gone);
    } catch (thrown) {
      const [first, ...others] = wish.add ?? [];
      if (!first) throw thrown;
      if (others.length > 0)
        return (
          (await this.#commit(group, { add: [first] })) ?? this.#commit(group, { add: others })
        );
      this.#waiting.delete(first.participant);
      return null;
    }
  }

  /** #nextRules are the rules after this person's changes; null when there are none they may make. */
  #nextRules(group: Group): Rules | null {
    let { rules } = group;
    // Some may have become impossible meanwhile: the person left, or the right to it is gone.
    const wanted = this.#changes.length;
    this.#changes = this.#changes.filter((change) => {
      const next = changed(rules, change);
      const may = group.mayRule(next);
      if (may) rules = next;
      return may;
    });
    if (this.#changes.length < wanted) this.#out.unruled("forbidden");
    return this.#changes.length > 0 ? rules : null;
  }

  #selfIn(group: Group): string | undefined {
    return group.members().find(({ leaf }) => leaf === group.self)?.participant;
  }

  /** #postpone leaves those alone for a while whom the server would not take just now. */
  #postpone(): void {
    const since = Date.now() + patience;
    for (const [id, waiting] of this.#waiting) this.#waiting.set(id, { ...waiting, since });
    for (const [id, left] of this.#left) this.#left.set(id, { ...left, since });
  }

  async #show(): Promise<void> {
    const group = this.#group;
    if (!group) return;
    const { code, pictures } = await group.code();
    this.#out.view({
      epoch: group.epoch,
      self: group.self,
      members: group.members(),
      knockers: [...this.#waiting.values()].map(knocker),
      rules: group.rules,
      code,
      pictures,
    });
  }

  #refuse(thrown: unknown): void {
    this.close();
    this.#out.refused(thrown instanceof Refused ? thrown.refusal : "broken");
  }
}

function wish(next: Duty | null, rules: Rules | null): Wish {
  if (rules) return { rules };
  switch (next?.kind) {
    case "remove":
      return { remove: next.leaves.map(({ leaf }) => leaf) };
    case "swap":
      return { remove: [next.leaf.leaf], add: [next.person] };
    default:
      return { add: next?.people ?? [] };
  }
}

/** knocker is what of somebody who waits may leave the worker. */
function knocker({ keyPackage: _, since: __, admitted: ___, ...rest }: Waiting) {
  return rest;
}
