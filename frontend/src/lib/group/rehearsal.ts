import { toBase64url } from "../base64url";
import type { Commit, Committed, Door, Knock, Role, Rules } from "../wire.gen";
import type { Site } from "./credential";
import { Group, type Wish } from "./group";
import {
  type KeyPair,
  makeSealingKeys,
  makeSignatureKeys,
  makeStayKeys,
  type StayKeys,
} from "./keys";
import type { Psks } from "./psk";
import { makeSuite, type Suite } from "./suite";

/**
 * A meeting without a network, for tests and measurements: a site that signs
 * credentials, people, and a server that takes one commit for each epoch. Nothing
 * of it is in the product.
 */

export const open: Rules = { locked: false, lobby: false, membersAdd: false };

export const psks = {
  link: new Uint8Array(32).fill(1),
  password: new Uint8Array(32).fill(2),
} satisfies Psks;

export type Claims = Readonly<Record<string, unknown>>;

/** Signer is a site with its private key. */
export interface Signer {
  readonly site: Site;
  readonly suite: Suite;
  sign(claims: Claims, header?: object): Promise<string>;
}

export async function makeSigner(): Promise<Signer> {
  const keys = await makeSignatureKeys();
  const suite = await makeSuite();
  const json = (value: object) => toBase64url(new TextEncoder().encode(JSON.stringify(value)));
  return {
    site: { key: Uint8Array.from(keys.public), iss: "https://meet.example", aud: "123456789" },
    suite,
    async sign(claims, header = { alg: "EdDSA", typ: "conclave-credential" }) {
      const message = `${json(header)}.${json(claims)}`;
      const signed = await suite.signature.sign(keys.secret, new TextEncoder().encode(message));
      return `${message}.${toBase64url(signed)}`;
    },
  };
}

/** claimsOf is what the site says of somebody who comes in now. */
export function claimsOf(participant: string, role: Role, keys: KeyPair, seal: KeyPair): Claims {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: "https://meet.example",
    aud: "123456789",
    sub: participant,
    name: `Name of ${participant}`,
    org: "Example",
    role,
    guest: role !== "host",
    owner: false,
    iat,
    exp: iat + 86_400,
    sig: toBase64url(keys.public),
    seal: toBase64url(seal.public),
  };
}

export interface Person {
  readonly participant: string;
  readonly role: Role;
  readonly signature: KeyPair;
  readonly sealing: KeyPair;
  readonly keys: StayKeys;
  readonly door: Door;
}

interface About {
  readonly role?: Role;
  readonly door?: Door;
  /** the browser that somebody had before */
  readonly signature?: KeyPair;
  readonly claims?: Claims;
}

export async function makePerson(
  signer: Signer,
  participant: string,
  { role = "attendee", door = "link", signature, claims }: About = {},
): Promise<Person> {
  const own = signature ?? (await makeSignatureKeys());
  const sealing = await makeSealingKeys();
  const said = claimsOf(participant, role, own, sealing);
  const credential = await signer.sign({ ...said, ...claims });
  const keys = await makeStayKeys(own, credential, signer.suite);
  return { participant, role, signature: own, sealing, keys, door };
}

export function knockOf({ participant, keys, door }: Person): Knock {
  return { participant, keyPackage: keys.keyPackage, door };
}

export const groupId = "Z3JvdXAtMQ";

export function found(signer: Signer, host: Person, rules: Rules = open): Promise<Group> {
  return Group.found({ id: groupId, keys: host.keys, psks, rules, site: signer.site });
}

/** enter has somebody join by the commit that added them. */
export function enter(
  signer: Signer,
  { participant, keys, door }: Person,
  { epoch, added = [], welcome = "", tree = "" }: Commit,
  psk: Uint8Array = psks[door],
): Promise<Group> {
  const leaf = added.find((one) => one.participant === participant)?.leaf ?? -1;
  const admitted = { group: groupId, leaf, epoch: epoch + 1, welcome, tree };
  return Group.join({ admitted, keys, door, psk, site: signer.site });
}

export function committedOf(by: string, { epoch, commit, removed }: Commit): Committed {
  return { by, epoch: epoch + 1, commit, ...(removed && { removed }) };
}

/** Meeting is everybody's group, and the server between them. */
export class Meeting {
  readonly groups = new Map<string, Group>();
  readonly people = new Map<string, Person>();
  readonly gone = new Set<string>();
  readonly signer: Signer;

  constructor(signer: Signer) {
    this.signer = signer;
  }

  static async start(rules: Rules = open): Promise<Meeting> {
    const meeting = new Meeting(await makeSigner());
    const host = await makePerson(meeting.signer, "host", { role: "host" });
    meeting.people.set("host", host);
    meeting.groups.set("host", await found(meeting.signer, host, rules));
    return meeting;
  }

  group(participant: string): Group {
    const group = this.groups.get(participant);
    if (!group) throw new Error(`${participant} is not in`);
    return group;
  }

  leaf(participant: string): number {
    const [any] = this.groups.values();
    const leaf = any?.leafOfParticipant(participant);
    if (leaf === undefined) throw new Error(`${participant} has no leaf`);
    return leaf;
  }

  person(participant: string, about?: About): Promise<Person> {
    return makePerson(this.signer, participant, about);
  }

  /** commit has a member commit, the server take it, and everybody follow. */
  async commit(by: string, wish: Wish, newcomers: readonly Person[] = []): Promise<Commit> {
    const add = newcomers.map(knockOf);
    const commit = await this.group(by).commit(
      { ...wish, ...(add.length > 0 && { add }) },
      this.gone,
    );
    await this.spread(by, commit, newcomers);
    return commit;
  }

  /** spread gives everybody the commit that the server took, the newcomers the Welcome. */
  async spread(by: string, commit: Commit, newcomers: readonly Person[] = []): Promise<void> {
    const follow = async (participant: string, group: Group) => {
      const { out } = await group.committed(committedOf(by, commit), this.gone);
      if (out !== (commit.removed?.includes(participant) ?? false))
        throw new Error(`${participant} does not know whether they are out`);
      if (out) this.groups.delete(participant);
    };
    await Promise.all([...this.groups].map(([participant, group]) => follow(participant, group)));
    const groups = newcomers.map((one) => enter(this.signer, one, commit));
    for (const [i, group] of (await Promise.all(groups)).entries()) {
      const one = newcomers[i];
      if (one) this.people.set(one.participant, one);
      if (one) this.groups.set(one.participant, group);
    }
  }

  /** admit adds new attendees by the host. */
  async admit(...participants: string[]): Promise<Commit> {
    return this.commit("host", {}, await Promise.all(participants.map((id) => this.person(id))));
  }

  /** secrets lists what every member exports, and the code each sees: equal while they agree. */
  async secrets(): Promise<string[]> {
    const each = [...this.groups.values()].map(async (group) => {
      const { code } = await group.code();
      return `${group.epoch} ${toBase64url(await group.baseKey())} ${code.join(" ")}`;
    });
    return Promise.all(each);
  }
}
