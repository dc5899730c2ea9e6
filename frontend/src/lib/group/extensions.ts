import type { Extension } from "ts-mls";
import { fromBase64url, toBase64url } from "../base64url";
import { allRights, type Right } from "../policy.gen";
import type { PersonRules, Role, Rules } from "../wire.gen";
import { type Psks, pskLength } from "./psk";

/** Our extensions, of private use (docs/e2ee.md, The group). */
const rulesType = 0xff01;
const secretsType = 0xff02;
export const extensionTypes = [rulesType, secretsType];

const keySize = 32;
const headSize = 3;
const personSize = keySize + 5;
/** As many as a meeting has people; the server takes no more either. */
export const mostPeople = 250;
const roles: readonly (Role | undefined)[] = [
  undefined,
  ...(["host", "presenter", "panelist", "attendee"] as const),
];

/** rulesExtension writes rules as docs/e2ee.md has them: flags, rights, then people by key. */
export function rulesExtension(rules: Rules): Extension {
  const { locked, lobby, membersAdd, rights, people = [] } = rules;
  const data = new Uint8Array(headSize + people.length * personSize);
  const view = new DataView(data.buffer);
  data[0] = Number(locked) + 2 * Number(lobby) + 4 * Number(membersAdd);
  view.setUint16(1, bitsOf(rights));
  for (const [i, { key, role, grant, deny }] of inOrder(people).entries()) {
    const at = headSize + i * personSize;
    data.set(key, at);
    data[at + keySize] = roles.indexOf(role);
    view.setUint16(at + keySize + 1, bitsOf(grant));
    view.setUint16(at + keySize + 3, bitsOf(deny));
  }
  return { extensionType: rulesType, extensionData: data };
}

/** readRules reads the extensions of a GroupContext: the rules, written in the one way there is, and nothing else. */
export function readRules(extensions: readonly Extension[]): Rules | null {
  const [only, ...rest] = extensions;
  if (only?.extensionType !== rulesType || rest.length > 0) return null;
  const data = only.extensionData;
  const count = (data.length - headSize) / personSize;
  const [flags = 8] = data;
  if (flags > 7 || !Number.isInteger(count) || count < 0 || count > mostPeople) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const rights = rightsOf(view.getUint16(1));
  const people: PersonRules[] = [];
  for (let at = headSize; at < data.length; at += personSize) {
    const person = readPerson(data.subarray(at, at + personSize));
    if (person) people.push(person);
  }
  if (!rights || people.length < count || !ascending(data)) return null;
  return {
    locked: (flags & 1) !== 0,
    lobby: (flags & 2) !== 0,
    membersAdd: (flags & 4) !== 0,
    ...(rights.length > 0 && { rights }),
    ...(people.length > 0 && { people }),
  };
}

/** readPerson reads what holds for one person; null where that is nothing, or nobody knows it. */
function readPerson(data: Uint8Array): PersonRules | null {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const code = view.getUint8(keySize);
  const grant = rightsOf(view.getUint16(keySize + 1));
  const deny = rightsOf(view.getUint16(keySize + 3));
  if (code >= roles.length || !grant || !deny || data.subarray(keySize).every((byte) => byte === 0))
    return null;
  const role = roles[code];
  return {
    key: toBase64url(data.slice(0, keySize)),
    ...(role && { role }),
    ...(grant.length > 0 && { grant }),
    ...(deny.length > 0 && { deny }),
  };
}

/** inOrder lists people by the bytes of their keys: nobody is there twice, and there is one order. */
function inOrder(people: readonly PersonRules[]) {
  const keyed = people.map((person) => ({
    ...person,
    key: fromBase64url(person.key) ?? new Uint8Array(keySize),
  }));
  return keyed.sort((a, b) => compare(a.key, b.key));
}

function ascending(data: Uint8Array): boolean {
  for (let at = headSize + personSize; at < data.length; at += personSize) {
    const before = data.subarray(at - personSize, at - personSize + keySize);
    if (compare(before, data.subarray(at, at + keySize)) >= 0) return false;
  }
  return true;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function bitsOf(rights: readonly Right[] = []): number {
  return rights.reduce((bits, right) => bits | (1 << allRights.indexOf(right)), 0);
}

/** rightsOf is what bits stand for; null where one stands for nothing. */
function rightsOf(bits: number): readonly Right[] | null {
  if (bits >> allRights.length !== 0) return null;
  return allRights.filter((_, i) => (bits & (1 << i)) !== 0);
}

/** secretsExtension tells a newcomer the pre-shared keys, so that they can follow every commit. */
export function secretsExtension({ link, password }: Psks): Extension {
  const data = new Uint8Array(2 * pskLength);
  if (link) data.set(link);
  if (password) data.set(password, pskLength);
  return { extensionType: secretsType, extensionData: data };
}

/** readSecrets finds the pre-shared keys among the extensions of a GroupInfo. */
export function readSecrets(extensions: readonly Extension[]): Psks | null {
  const data = extensions.find((one) => one.extensionType === secretsType)?.extensionData;
  if (data?.length !== 2 * pskLength) return null;
  const link = data.slice(0, pskLength);
  const password = data.slice(pskLength);
  return {
    ...(link.some(Boolean) && { link }),
    ...(password.some(Boolean) && { password }),
  };
}
