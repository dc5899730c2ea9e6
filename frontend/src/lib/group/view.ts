import type { Door, Role, Rules } from "../wire.gen";

/** Identity is what a verified credential says of somebody (docs/e2ee.md, Identity). */
export interface Identity {
  readonly participant: string;
  readonly name: string;
  /** the site's name */
  readonly org: string;
  readonly role: Role;
  readonly guest: boolean;
  /** the meeting is theirs: nobody else takes their role away */
  readonly owner: boolean;
  /** the signature key, base64url: the same for as long as the person keeps their browser */
  readonly key: string;
}

/** Member is somebody who can read what is sent now: a leaf of the group, in the role that the rules give. */
export interface Member extends Identity {
  readonly leaf: number;
}

/** Knocker is somebody who waits to be added. */
export interface Knocker extends Identity {
  readonly door: Door;
}

/** GroupView is the group as its epoch stands. The roster on screen is members. */
export interface GroupView {
  readonly epoch: number;
  /** one's own leaf */
  readonly self: number;
  /** by leaf */
  readonly members: readonly Member[];
  readonly knockers: readonly Knocker[];
  readonly rules: Rules;
  /** six groups of five digits, the same for every member */
  readonly code: readonly string[];
  /** six numbers from 0 to 63: the code's pictures */
  readonly pictures: readonly number[];
}

/** Refusal is why a member does not follow the group any further, and sends nothing more. */
export type Refusal =
  /** a change of members or rules that the rules do not allow */
  | "policy"
  /** a commit that does not verify, or does not fit what came before */
  | "broken"
  /** the Welcome cannot be opened with the key this person has */
  | "wrong_key";

/** To is who may read a message: everyone, the hosts, the presenters, or one participant. */
export type To =
  | { readonly to: "everyone" }
  | { readonly to: "hosts" }
  | { readonly to: "presenters" }
  | { readonly to: "one"; readonly participant: string };

/** Message is a chat message that was opened and verified. */
export interface Message {
  readonly from: string;
  readonly to: To;
  readonly text: string;
}

/** Reaction is a sign somebody gives in passing, opened and verified. */
export interface Reaction {
  readonly from: string;
  /** its number; one may come that this page does not know */
  readonly sign: number;
}
