import type { Proposal } from "ts-mls";
import { createGroup } from "ts-mls/clientState.js";
import { type CreateCommitResult, createCommit } from "ts-mls/createCommit.js";
import { mlsExporter } from "ts-mls/keySchedule.js";
import { processPublicMessage } from "ts-mls/processMessages.js";
import type { PublicMessage } from "ts-mls/publicMessage.js";
import { zeroOutUint8Array } from "ts-mls/util/byteArray.js";
import { fromBase64url, toBase64url } from "../base64url";
import type { Commit, Committed, Door, Knock, Rules } from "../wire.gen";
import { readChange } from "./change";
import { type Code, codeLabel, codeLength, codeOf } from "./code";
import type { Site } from "./credential";
import { type Epoch, readEpoch } from "./epoch";
import { readSecrets, rulesExtension, secretsExtension } from "./extensions";
import type { StayKeys } from "./keys";
import { type Knocking, readKnock } from "./knock";
import { decodeMessage, encodeMessage, encodeTree } from "./message";
import { Notary } from "./notary";
import { allows, mayRule } from "./policy";
import { Keyring, type Psks, pskProposal } from "./psk";
import { Refused } from "./refused";
import { identityOf, type Roster } from "./roster";
import { roleIn } from "./rules";
import { makeSuite, type Suite } from "./suite";
import type { Knocker, Member } from "./view";
import { clientConfig, openWelcome, type Ticket } from "./welcome";

/** Witness is by what credentials are verified. */
export interface Witness {
  readonly site: Site;
  /** Unix time in milliseconds */
  readonly now?: () => number;
}

/** Founding is what a host founds a group with. */
export interface Founding extends Witness {
  /** the group's id, base64url */
  readonly id: string;
  readonly keys: StayKeys;
  readonly psks: Psks;
  readonly rules: Rules;
}

/** Wish is what a commit shall do; nothing is fine too, and renews the member's own keys. */
export interface Wish {
  /** all of one door */
  readonly add?: readonly Knock[];
  /** leaves */
  readonly remove?: readonly number[];
  readonly rules?: Rules;
}

/** Outcome is what became of a commit that the server took. */
export interface Outcome {
  readonly added: readonly Member[];
  readonly removed: readonly Member[];
  /** whether it was this member that was removed: the group goes on without them */
  readonly out: boolean;
}

interface Pending {
  readonly commit: string;
  readonly epoch: Epoch;
  readonly consumed: readonly Uint8Array[];
}

const nothing: Outcome = { added: [], removed: [], out: false };

/**
 * Group is one member's side of an MLS group (docs/e2ee.md, The group). It knows
 * no server: commits and what the server says of them are brought to it.
 *
 * When it throws Refused the group is as it was before; who called it sends
 * nothing more.
 */
export class Group {
  readonly #suite: Suite;
  readonly #notary: Notary;
  readonly #psks: Psks;
  readonly #expelled = new Set<string>();
  #epoch: Epoch;
  #pending: Pending | null = null;
  #out = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(suite: Suite, notary: Notary, psks: Psks, epoch: Epoch) {
    this.#suite = suite;
    this.#notary = notary;
    this.#psks = psks;
    this.#epoch = epoch;
  }

  /** found makes a group of one host. */
  static async found({ id, keys, psks, rules, site, now = Date.now }: Founding): Promise<Group> {
    const suite = await makeSuite();
    const notary = new Notary(site, now);
    const groupId = fromBase64url(id);
    if (!groupId) throw new Error("found a group: its id is not base64url");
    const { publicPackage, privatePackage } = keys;
    const extensions = [rulesExtension(rules)];
    const config = clientConfig(notary);
    const state = await createGroup(
      groupId,
      publicPackage,
      privatePackage,
      extensions,
      suite,
      config,
    );
    const epoch = await readEpoch(state, notary);
    if (epoch.roster.at(0)?.role !== "host") throw new Refused("policy", "found a group");
    return new Group(suite, notary, psks, epoch);
  }

  /** join makes a member of who was added by a commit. */
  static async join({ site, now = Date.now, ...ticket }: Ticket & Witness): Promise<Group> {
    const suite = await makeSuite();
    const notary = new Notary(site, now);
    const [state, extensions] = await openWelcome(ticket, notary, suite);
    const epoch = await readEpoch(state, notary);
    const psks = readSecrets(extensions);
    const same = psks?.[ticket.door];
    if (!same || toBase64url(same) !== toBase64url(ticket.psk))
      throw new Refused("broken", "learn the pre-shared keys");
    return new Group(suite, notary, psks, epoch);
  }

  get epoch(): number {
    return Number(this.#epoch.state.groupContext.epoch);
  }

  /** One's own leaf. */
  get self(): number {
    return this.#epoch.state.privatePath.leafIndex;
  }

  /** The group's id, base64url. */
  get id(): string {
    return toBase64url(this.#epoch.state.groupContext.groupId);
  }

  get rules(): Rules {
    return this.#epoch.rules;
  }

  /** members lists everybody in the group, by leaf. */
  members(): Member[] {
    const { roster, rules } = this.#epoch;
    return roster.members().map((one) => ({ ...one, role: roleIn(rules, one) }));
  }

  /** mayRule says whether this member may make these rules the group's. */
  mayRule(rules: Rules): boolean {
    const self = this.#epoch.roster.at(this.self);
    return self !== undefined && mayRule(this.#epoch, self, rules);
  }

  leafOfKey(key: string): number | undefined {
    return this.#epoch.roster.leafOfKey(key);
  }

  leafOfParticipant(participant: string): number | undefined {
    return this.#epoch.roster.leafOfParticipant(participant);
  }

  /** sealOf gives the X25519 key that private messages to a leaf are sealed with. */
  sealOf(leaf: number): Uint8Array | undefined {
    return this.#epoch.roster.at(leaf)?.seal;
  }

  /** knows says whether members of this group can add who comes by a door. */
  knows(door: Door): boolean {
    return this.#psks[door] !== undefined;
  }

  /** expelled has nobody with this signature key added again; or lets them be, when not. */
  expelled(key: string, expelled = true): void {
    if (expelled) this.#expelled.add(key);
    else this.#expelled.delete(key);
  }

  /** verifyKnock says who waits to be added; null when it is nobody whom a credential proves. */
  async verifyKnock(knock: Knock): Promise<Knocker | null> {
    const knocking = await this.#read(knock);
    if (!knocking) return null;
    const who = identityOf(knocking.credential);
    return { ...who, role: roleIn(this.rules, who), door: knock.door };
  }

  exporter(label: string, context: Uint8Array, length: number): Promise<Uint8Array> {
    const { exporterSecret } = this.#epoch.state.keySchedule;
    return mlsExporter(exporterSecret, label, context, length, this.#suite);
  }

  /** baseKey is the key that this epoch's frame keys come from (RFC 9605 §5.2). */
  baseKey(): Promise<Uint8Array> {
    return this.exporter("SFrame 1.0 Base Key", new Uint8Array(), 16);
  }

  async code(): Promise<Code> {
    const { groupId } = this.#epoch.state.groupContext;
    return codeOf(await this.exporter(codeLabel, groupId, codeLength));
  }

  /**
   * commit makes a commit for the server, and changes nothing yet: committed does,
   * or withdraw when the server did not take it. What others would refuse is
   * refused here.
   */
  commit(wish: Wish, gone: ReadonlySet<string> = new Set()): Promise<Commit> {
    return this.#inTurn(async () => {
      if (this.#out || this.#pending) throw new Error("commit: out of the group, or still waiting");
      const knocks = await Promise.all((wish.add ?? []).map((knock) => this.#read(knock)));
      const adds = knocks.filter((knock) => knock !== null);
      if (adds.length < knocks.length) throw new Refused("policy", "add a key package");
      const made = await this.#make(this.#proposals(wish, adds), gone);
      const epoch = await readEpoch(made.newState, this.#notary);
      const commit = encodeMessage(made.commit);
      this.#pending = { commit, epoch, consumed: made.consumed };
      return this.#wire(wish, made, adds, epoch);
    });
  }

  /** withdraw forgets a commit that the server did not take. */
  withdraw(): Promise<void> {
    return this.#inTurn(async () => {
      this.#pending = null;
    });
  }

  /**
   * committed follows a commit that the server took. gone are the participants
   * whom the server has named so, those of this commit included. A commit that
   * was followed before changes nothing.
   */
  committed(event: Committed, gone: ReadonlySet<string>): Promise<Outcome> {
    return this.#inTurn(async () => {
      if (this.#out || event.epoch <= this.epoch) return nothing;
      const pending = this.#pending;
      this.#pending = null;
      if (event.epoch !== this.epoch + 1)
        throw new Refused("broken", "follow: a commit is missing");
      if (pending?.commit === event.commit) return this.#enter(pending.epoch, pending.consumed);
      return this.#follow(event.commit, gone);
    });
  }

  async #follow(commit: string, gone: ReadonlySet<string>): Promise<Outcome> {
    const message = decodeMessage(commit);
    if (message?.wireformat !== "mls_public_message") throw new Refused("broken", "read a commit");
    await this.#judge(message.publicMessage, gone);
    const keyring = new Keyring(this.#psks);
    const { newState, actionTaken, consumed } = await processPublicMessage(
      this.#epoch.state,
      message.publicMessage,
      keyring,
      this.#suite,
      // What was judged is a member's commit. The library would accept anything.
      (incoming) =>
        incoming.kind === "commit" && incoming.senderLeafIndex !== undefined ? "accept" : "reject",
    ).catch((cause: unknown) => {
      throw new Refused("broken", "process a commit", { cause });
    });
    if (actionTaken === "reject") throw new Refused("policy", "process a commit");
    if (newState.groupActiveState.kind !== "active") return this.#leave();
    return this.#enter(await readEpoch(newState, this.#notary), consumed);
  }

  /** judge refuses what the rules do not allow, before any of it is processed. */
  async #judge({ content }: PublicMessage, gone: ReadonlySet<string>): Promise<void> {
    const { groupContext } = this.#epoch.state;
    if (toBase64url(content.groupId) !== this.id || content.epoch !== groupContext.epoch)
      throw new Refused("broken", "judge a commit of another group or epoch");
    if (content.contentType !== "commit" || content.sender.senderType !== "member")
      throw new Refused("policy", "judge what is not a member's commit");
    const change = await readChange(content.sender.leafIndex, content.commit, this.#notary);
    const { roster, rules } = this.#epoch;
    if (!change || !allows({ roster, rules, gone, expelled: this.#expelled }, change))
      throw new Refused("policy", "judge a commit");
  }

  #enter(epoch: Epoch, consumed: readonly Uint8Array[]): Outcome {
    const before = this.#epoch.roster;
    this.#epoch = epoch;
    for (const secret of consumed) zeroOutUint8Array(secret);
    return {
      added: lacking(epoch.roster, before),
      removed: lacking(before, epoch.roster),
      out: false,
    };
  }

  #leave(): Outcome {
    this.#out = true;
    const self = this.members().filter(({ leaf }) => leaf === this.self);
    return { added: [], removed: self, out: true };
  }

  #proposals({ add = [], remove = [], rules }: Wish, adds: readonly Knocking[]): Proposal[] {
    const [door] = add.map((knock) => knock.door);
    if (add.some((knock) => knock.door !== door)) throw new Error("commit: adds of two doors");
    return [
      ...remove.map((removed): Proposal => ({ proposalType: "remove", remove: { removed } })),
      ...adds.map(({ keyPackage }): Proposal => ({ proposalType: "add", add: { keyPackage } })),
      ...(door ? [pskProposal(door)] : []),
      ...(rules ? [rulesProposal(rules)] : []),
    ];
  }

  async #make(extraProposals: Proposal[], gone: ReadonlySet<string>): Promise<CreateCommitResult> {
    const made = await createCommit(
      { state: this.#epoch.state, cipherSuite: this.#suite, pskIndex: new Keyring(this.#psks) },
      {
        wireAsPublicMessage: true,
        extraProposals,
        groupInfoExtensions: [secretsExtension(this.#psks)],
      },
    ).catch((cause: unknown) => {
      throw new Refused("broken", "make a commit", { cause });
    });
    if (made.commit.wireformat !== "mls_public_message") throw new Error("commit: not public");
    await this.#judge(made.commit.publicMessage, gone);
    return made;
  }

  #wire(
    { remove = [], rules }: Wish,
    { commit, welcome }: CreateCommitResult,
    adds: readonly Knocking[],
    next: Epoch,
  ): Commit {
    const added = adds.map(({ credential: { participant } }) => ({
      participant,
      leaf: next.roster.leafOfParticipant(participant) ?? -1,
    }));
    const removed = remove.map((leaf) => this.#epoch.roster.at(leaf)?.participant ?? "");
    return {
      epoch: this.epoch,
      commit: encodeMessage(commit),
      ...(welcome && {
        added,
        welcome: encodeMessage({ version: "mls10", wireformat: "mls_welcome", welcome }),
        tree: encodeTree(next.state.ratchetTree),
      }),
      ...(removed.length > 0 && { removed }),
      ...(rules && { rules }),
    };
  }

  async #read(knock: Knock): Promise<Knocking | null> {
    const knocking = await readKnock(knock.keyPackage, this.#notary, this.#suite);
    if (knocking?.credential.participant !== knock.participant) return null;
    return this.#expelled.has(knocking.credential.key) ? null : knocking;
  }

  /** One change after the other: a commit that is being made must not see the epoch move. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => {});
    return result;
  }
}

function rulesProposal(rules: Rules): Proposal {
  const extensions = [rulesExtension(rules)];
  return { proposalType: "group_context_extensions", groupContextExtensions: { extensions } };
}

/** lacking lists the members of one roster who are not in another. */
function lacking(one: Roster, other: Roster): Member[] {
  return one
    .members()
    .filter(({ participant }) => other.leafOfParticipant(participant) === undefined);
}
