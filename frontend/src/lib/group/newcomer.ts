import { fromBase64url, toBase64url } from "../base64url";
import type { Admitted, Door } from "../wire.gen";
import { readCredential, type Site } from "./credential";
import { deviceKey } from "./device";
import { Group } from "./group";
import { type KeyPair, makeSealingKeys, makeStayKeys, type StayKeys } from "./keys";
import type { Credentials } from "./messages";
import type { Psks } from "./psk";
import { linkPsk, passwordPsk } from "./secrets";
import { makeSuite } from "./suite";

/** Ticket is what waits at the server until somebody adds it. */
export interface Ticket {
  readonly keyPackage: string;
  readonly door: Door;
}

interface Identified {
  readonly site: Site;
  readonly keys: StayKeys;
  readonly door: Door;
  readonly psks: Promise<Psks>;
}

const noRules = { locked: false, lobby: false, membersAdd: false };

/** Newcomer is somebody who is not in the group yet: with keys, then with a credential, then in. */
export class Newcomer {
  readonly signature: KeyPair;
  readonly sealing: KeyPair;
  #identified: Identified | null = null;

  private constructor(signature: KeyPair, sealing: KeyPair) {
    this.signature = signature;
    this.sealing = sealing;
  }

  static async make(): Promise<Newcomer> {
    return new Newcomer(await deviceKey(), await makeSealingKeys());
  }

  /** identify makes the ticket; null when the credential is not one for these keys, or no key of the meeting is known. */
  async identify(given: Credentials): Promise<Ticket | null> {
    const site = siteOf(given);
    const credential = site && (await readCredential(given.credential, site, Date.now()));
    const link = fromBase64url(given.link);
    const door = doorOf(link, given.password);
    if (!site || !credential || !door) return null;
    if (credential.key !== toBase64url(this.signature.public)) return null;
    if (toBase64url(credential.seal) !== toBase64url(this.sealing.public)) return null;
    const keys = await makeStayKeys(this.signature, given.credential, await makeSuite());
    const psks = derive(given, link);
    psks.catch(() => {}); // whoever enters hears of it
    this.#identified = { site, keys, door, psks };
    return { keyPackage: keys.keyPackage, door };
  }

  /** enter founds the group, or joins it by the Welcome. It throws Refused. */
  async enter(admitted: Admitted): Promise<Group> {
    if (!this.#identified) throw new Error("enter: not identified");
    const { site, keys, door, psks } = this.#identified;
    const known = await psks;
    if (admitted.welcome === undefined) {
      return Group.found({
        id: admitted.group,
        keys,
        psks: known,
        rules: admitted.rules ?? noRules,
        site,
      });
    }
    const psk = known[door];
    if (!psk) throw new Error("enter: no key for the door");
    return Group.join({ admitted, keys, door, psk, site });
  }
}

function siteOf({ siteKey, issuer, number }: Credentials): Site | null {
  const key = fromBase64url(siteKey);
  return key?.length === 32 ? { key, iss: issuer, aud: number } : null;
}

const secretSize = 32;

function doorOf(link: Uint8Array | null, password: string): Door | null {
  if (link?.length === secretSize) return "link";
  return password ? "password" : null;
}

async function derive(
  { number, password }: Credentials,
  link: Uint8Array<ArrayBuffer> | null,
): Promise<Psks> {
  return {
    ...(link?.length === secretSize && { link: await linkPsk(link, number) }),
    ...(password && { password: await passwordPsk(password, number) }),
  };
}
