import { fromBase64url } from "../base64url";
import type { EpochKeys } from "../media/epoch";
import { take } from "../media/epoch";
import { KeyRing } from "../media/keyring";
import { type Bytes, join } from "../sframe/bytes";
import { decodeHeader } from "../sframe/header";
import { contexts, originOf } from "../sframe/kid";
import { type Sealer, Sealers } from "../sframe/sealer";
import type { Group } from "./group";
import { openFor, sealFor } from "./letter";
import type { Opened } from "./messages";
import type { Newcomer } from "./newcomer";
import { type Frozen, frozenIn, noticeBytes } from "./notice";
import { makeSuite, type Suite } from "./suite";
import type { Member, To } from "./view";
import { mayWrite } from "./writing";

const version = 1;
const classes = { chat: 1, hint: 2, notice: 3 } as const;
const toCodes = { everyone: 0, hosts: 1, one: 2, presenters: 3 } as const;
/** What a hint can be: its first byte. Another is not ours to read. */
const reactionHint = 1;
const label = new TextEncoder().encode("conclave message v1");
const signatureSize = 64;
const mostText = 2_000;
const mostHeld = 64;

/** Author is who writes: with keys to sign, and to open what is for them. */
type Author = Pick<Newcomer, "signature" | "sealing">;

/** Letter is a message that was opened, and not judged yet. */
interface Letter {
  readonly header: Bytes;
  /** the SFrame header */
  readonly sframe: Bytes;
  readonly plain: Bytes;
  readonly place: Place;
}

/** Place is where a message stands among all of its sender. */
interface Place {
  readonly epoch: number;
  readonly counter: bigint;
}

/**
 * Post seals what this member writes and opens what others did (docs/e2ee.md,
 * Data). A message of an epoch that this member has not reached yet waits for it.
 */
export class Post {
  readonly #person: Author;
  readonly #suite: Promise<Suite> = makeSuite();
  readonly #ring = new KeyRing();
  readonly #sealers = new Sealers();
  #group: Group | null = null;
  #sealer: Promise<Sealer> | null = null;
  #held: Bytes[] = [];
  /** by leaf, the last notice that was taken */
  readonly #noticed = new Map<number, Place>();

  constructor(person: Author) {
    this.#person = person;
  }

  /** advance takes the keys of a new epoch; what waited for it is to be opened again. */
  advance(group: Group, keys: EpochKeys): readonly Bytes[] {
    const epoch = take({ ...keys, baseKey: new Uint8Array(keys.baseKey) });
    this.#group = group;
    this.#ring.add(epoch);
    const origin = { context: contexts.message, leaf: keys.self, epoch: keys.epoch };
    this.#sealer = this.#sealers.make(epoch.base, origin);
    this.#sealer.catch(() => {});
    return this.#held.splice(0);
  }

  /** seal makes a message ready to send; null when it cannot be, or there is nobody to read it. */
  async seal(to: To, text: string): Promise<Bytes | null> {
    if (text === "" || text.length > mostText) return null;
    return this.#seal("chat", to, new TextEncoder().encode(text));
  }

  /** sealReaction makes a sign for everyone ready to send; null as above. */
  async sealReaction(sign: number): Promise<Bytes | null> {
    return this.#seal("hint", { to: "everyone" }, Uint8Array.of(reactionHint, sign));
  }

  /** notify makes ready what one says of one's own share to everyone; null as above. */
  notify(frozen: Frozen): Promise<Bytes | null> {
    return this.#seal("notice", { to: "everyone" }, noticeBytes(frozen));
  }

  async #seal(kind: keyof typeof classes, to: To, plain: Bytes): Promise<Bytes | null> {
    const group = this.#group;
    const sealer = await this.#sealer;
    const readers = group && readersOf(group, to);
    const self = group?.members().find(({ leaf }) => leaf === group.self);
    if (!group || !sealer || !readers || !self) return null;
    if (kind !== "notice" && !mayWrite(group, self, to)) return null;
    const header = headerOf(group, kind, to);
    const suite = await this.#suite;
    const body = to.to === "everyone" ? plain : await sealFor(suite, group, readers, plain, header);
    const sign = async (sframe: Bytes) => {
      const signed = statement(group, header, sframe, body);
      return join(await suite.signature.sign(this.#person.signature.secret, signed), body);
    };
    return sealer.seal(sign, header, header);
  }

  /** open opens a message, or keeps it until its epoch comes; null for what is not one, or not for us. */
  async open(bytes: Bytes): Promise<Opened | null> {
    const group = this.#group;
    const header = group && clearHeader(bytes);
    if (!group || !header) return null;
    const sframe = bytes.subarray(header.length);
    const about = decodeHeader(sframe);
    const origin = about && originOf(about.kid);
    if (!about || origin?.context !== contexts.message) return null;
    const found = this.#ring.find(origin);
    if (found === "unknown" && header[1] === classes.chat) this.#hold(bytes);
    if (typeof found === "string") return null;
    const opener = await found.opener;
    const plain = await opener.open(about, sframe, header);
    const from = group.members().find(({ leaf }) => leaf === origin.leaf);
    if (typeof plain === "string" || !from) return null;
    const place = { epoch: found.epoch, counter: about.counter };
    const letter = { header, sframe: sframe.subarray(0, about.length), plain, place };
    return this.#read(group, from, letter);
  }

  close(): void {
    this.#ring.close();
    this.#group = null;
    this.#sealer = null;
    this.#held = [];
  }

  #hold(bytes: Bytes): void {
    if (this.#held.length < mostHeld) this.#held.push(bytes);
  }

  async #read(group: Group, from: Member, letter: Letter): Promise<Opened | null> {
    const { header, sframe, plain } = letter;
    const key = fromBase64url(from.key);
    const body = plain.subarray(signatureSize);
    const suite = await this.#suite;
    const signed = statement(group, header, sframe, body);
    const to = toOf(group, header);
    if (!key || !to || plain.length < signatureSize) return null;
    if (!(await suite.signature.verify(key, signed, plain.subarray(0, signatureSize)))) return null;
    // Of one's own share one may say how it stands, whatever the rules of the chat.
    if (header[1] === classes.notice) {
      return this.#newest(from, letter.place) ? noticeOf(from.participant, to, body) : null;
    }
    if (!mayWrite(group, from, to)) return null;
    const readable =
      to.to === "everyone" ? body : await openFor(suite, group.self, this.#person, body, header);
    if (!readable) return null;
    return header[1] === classes.chat
      ? messageOf(from.participant, to, readable)
      : reactionOf(from.participant, to, readable);
  }

  /** #newest tells whether no later notice of the sender was taken: one that was kept back says what is over. */
  #newest({ leaf }: Member, place: Place): boolean {
    const last = this.#noticed.get(leaf);
    if (last && !isAfter(place, last)) return false;
    this.#noticed.set(leaf, place);
    return true;
  }
}

function isAfter(one: Place, other: Place): boolean {
  return one.epoch === other.epoch ? one.counter > other.counter : one.epoch > other.epoch;
}

function messageOf(from: string, to: To, body: Bytes): Opened | null {
  const text = textOf(body);
  return text === null ? null : { type: "message", message: { from, to, text } };
}

/** reactionOf reads a hint: a sign to everyone, and nothing else yet. */
function reactionOf(from: string, { to }: To, body: Bytes): Opened | null {
  const [kind, sign = 0] = body;
  if (to !== "everyone" || kind !== reactionHint || body.length !== 2) return null;
  return { type: "reaction", reaction: { from, sign } };
}

/** noticeOf reads what somebody says of their share, to everyone. */
function noticeOf(from: string, { to }: To, body: Bytes): Opened | null {
  const frozen = frozenIn(body);
  return to === "everyone" && frozen ? { type: "notice", notice: { from, frozen } } : null;
}

/** roles are those of whom a message to several of them is for. */
const roles = { hosts: "host", presenters: "presenter" } as const;

/** readersOf are whom a message is sealed for; null when there are none. */
function readersOf(group: Group, to: To): readonly number[] | null {
  const others = group.members().filter(({ leaf }) => leaf !== group.self);
  const chosen = others.filter(
    ({ role, participant }) =>
      to.to === "everyone" ||
      (to.to === "one" ? to.participant === participant : role === roles[to.to]),
  );
  return chosen.length > 0 ? chosen.map(({ leaf }) => leaf) : null;
}

function headerOf(group: Group, kind: keyof typeof classes, to: To): Bytes {
  const start = [version, classes[kind], toCodes[to.to]];
  if (to.to !== "one") return Uint8Array.from(start);
  const leaf = group.leafOfParticipant(to.participant) ?? 0;
  return Uint8Array.from([...start, leaf >> 8, leaf & 255]);
}

function clearHeader(bytes: Bytes): Bytes | null {
  const [first, kind, to] = bytes;
  if (first !== version || !Object.values(classes).some((known) => known === kind)) return null;
  if (to === undefined || to > toCodes.presenters) return null;
  return bytes.subarray(0, to === toCodes.one ? 5 : 3);
}

function toOf(group: Group, header: Bytes): To | null {
  const [, , to, high = 0, low = 0] = header;
  if (to === toCodes.everyone) return { to: "everyone" };
  if (to === toCodes.hosts) return { to: "hosts" };
  if (to === toCodes.presenters) return { to: "presenters" };
  const reader = group.members().find(({ leaf }) => leaf === high * 256 + low);
  return reader?.leaf === group.self ? { to: "one", participant: reader.participant } : null;
}

/** statement is what a sender signs: the words, and all that says where they belong. */
function statement(group: Group, header: Bytes, sframe: Bytes, body: Bytes): Bytes {
  const id = fromBase64url(group.id) ?? new Uint8Array();
  return join(label, id, header, sframe, body);
}

function textOf(bytes: Bytes): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.length <= mostText ? text : null;
  } catch {
    return null;
  }
}
