import type { ClientState, Extension, Proposal } from "ts-mls";
import { joinGroup, makePskIndex } from "ts-mls/clientState.js";
import {
  createCommit,
  createGroupInfoWithExternalPub,
  joinGroupExternal,
} from "ts-mls/createCommit.js";
import { createProposal } from "ts-mls/createMessage.js";
import { processPublicMessage } from "ts-mls/processMessages.js";
import { bytesToBase64 } from "ts-mls/util/byteArray.js";
import type { Commit, Door } from "../wire.gen";
import { secretsExtension } from "./extensions";
import { decodeMessage, decodeTree, encodeMessage, encodeTree } from "./message";
import { pskProposal } from "./psk";
import { type Person, psks, type Signer } from "./rehearsal";

export const add = ({ keys: { publicPackage } }: Person): Proposal => ({
  proposalType: "add",
  add: { keyPackage: publicPackage },
});

export const remove = (removed: number): Proposal => ({
  proposalType: "remove",
  remove: { removed },
});

export const extensions = (list: Extension[]): Proposal => ({
  proposalType: "group_context_extensions",
  groupContextExtensions: { extensions: list },
});

export const psk: (door: Door) => Proposal = pskProposal;

type Keys = Readonly<Record<string, Uint8Array>>;

/**
 * Rogue is a member who follows no rules: the library as it is, for tests. With
 * the keys of somebody who was added in earnest it can do whatever a member can.
 */
export class Rogue {
  state: ClientState;
  #made: ClientState | null = null;
  readonly #signer: Signer;

  private constructor(signer: Signer, state: ClientState) {
    this.#signer = signer;
    this.state = state;
  }

  static async enter(signer: Signer, { keys }: Person, commit: Commit): Promise<Rogue> {
    const message = decodeMessage(commit.welcome ?? "");
    if (message?.wireformat !== "mls_welcome") throw new Error("not a welcome");
    const { publicPackage, privatePackage } = keys;
    const index = makePskIndex(undefined, named(psks));
    const tree = decodeTree(commit.tree ?? "") ?? undefined;
    const { welcome } = message;
    return new Rogue(
      signer,
      await joinGroup(welcome, publicPackage, privatePackage, index, signer.suite, tree),
    );
  }

  /** commit makes a commit of any proposals, with any pre-shared keys, and does not apply it. */
  async commit(extraProposals: Proposal[], keys: Keys = psks, to: Person[] = []): Promise<Commit> {
    const made = await createCommit(
      {
        state: this.state,
        cipherSuite: this.#signer.suite,
        pskIndex: makePskIndex(this.state, named(keys)),
      },
      { wireAsPublicMessage: true, extraProposals, groupInfoExtensions: [secretsExtension(psks)] },
    );
    this.#made = made.newState;
    const tree = made.newState.ratchetTree;
    const leafOf = (one: Person) => {
      const key = bytesToBase64(one.keys.publicPackage.leafNode.hpkePublicKey);
      return (
        tree.findIndex(
          (n) => n?.nodeType === "leaf" && bytesToBase64(n.leaf.hpkePublicKey) === key,
        ) / 2
      );
    };
    return {
      epoch: Number(this.state.groupContext.epoch),
      commit: encodeMessage(made.commit),
      ...(made.welcome && {
        added: to.map((one) => ({ participant: one.participant, leaf: leafOf(one) })),
        welcome: encodeMessage({
          version: "mls10",
          wireformat: "mls_welcome",
          welcome: made.welcome,
        }),
        tree: encodeTree(tree),
      }),
    };
  }

  /** propose makes a proposal of its own message, and the commit that refers to it. */
  async propose(proposal: Proposal): Promise<[Commit, Commit]> {
    const made = await createProposal(this.state, true, proposal, this.#signer.suite);
    const epoch = Number(this.state.groupContext.epoch);
    this.state = made.newState;
    return [{ epoch, commit: encodeMessage(made.message) }, await this.commit([])];
  }

  /** intrude lets somebody in from outside, as a server would with the public group information. */
  async intrude({ keys }: Person): Promise<Commit> {
    const { suite } = this.#signer;
    const info = await createGroupInfoWithExternalPub(this.state, [], suite);
    const { publicMessage } = await joinGroupExternal(
      info,
      keys.publicPackage,
      keys.privatePackage,
      false,
      suite,
      this.state.ratchetTree,
    );
    const commit = encodeMessage({
      version: "mls10",
      wireformat: "mls_public_message",
      publicMessage,
    });
    return { epoch: Number(this.state.groupContext.epoch), commit };
  }

  /** replay gives the state after a commit, as seen from another state. */
  async replay(commit: string, from: ClientState = this.state): Promise<ClientState> {
    const message = decodeMessage(commit);
    if (message?.wireformat !== "mls_public_message") throw new Error("not a commit");
    const index = makePskIndex(from, named(psks));
    return (await processPublicMessage(from, message.publicMessage, index, this.#signer.suite))
      .newState;
  }

  /** enact applies the last commit that was made here: the others have taken it. */
  enact(): void {
    if (!this.#made) throw new Error("no commit was made");
    this.state = this.#made;
  }

  async follow({ commit }: Commit): Promise<void> {
    this.state = await this.replay(commit);
  }
}

function named(keys: Keys): Record<string, Uint8Array> {
  const name = (id: string) => bytesToBase64(new TextEncoder().encode(id));
  return Object.fromEntries(Object.entries(keys).map(([id, key]) => [name(id), key]));
}
