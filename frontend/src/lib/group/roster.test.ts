import type { LeafNode, RatchetTree } from "ts-mls";
import { describe, expect, it } from "vitest";
import { toBase64url } from "../base64url";
import { Notary } from "./notary";
import { makePerson, makeSigner, type Person, type Signer } from "./rehearsal";
import { readLeaf, readRoster } from "./roster";

interface Cast {
  readonly signer: Signer;
  readonly notary: Notary;
  readonly ann: Person;
  readonly bob: Person;
}

async function cast(): Promise<Cast> {
  const signer = await makeSigner();
  const ann = await makePerson(signer, "ann", { role: "host" });
  const bob = await makePerson(signer, "bob");
  return { signer, notary: new Notary(signer.site, Date.now), ann, bob };
}

const leafOf = ({ keys }: Person): LeafNode => keys.publicPackage.leafNode;

/** ann, a parent, and somebody beside her. */
function tree(
  { ann }: Cast,
  beside: LeafNode,
  parentKey: Uint8Array = new Uint8Array(32),
): RatchetTree {
  const parent = { hpkePublicKey: parentKey, parentHash: new Uint8Array(), unmergedLeaves: [] };
  return [
    { nodeType: "leaf", leaf: leafOf(ann) },
    { nodeType: "parent", parent },
    { nodeType: "leaf", leaf: beside },
  ];
}

describe("a roster", () => {
  it("says who is at which leaf", async () => {
    const here = await cast();
    const roster = await readRoster(tree(here, leafOf(here.bob)), here.notary);
    expect(roster?.members()).toMatchObject([
      { leaf: 0, participant: "ann", role: "host" },
      { leaf: 1, participant: "bob", role: "attendee" },
    ]);
    expect(roster?.leafOfKey(toBase64url(here.bob.signature.public))).toBe(1);
    expect(roster?.leafOfParticipant("ann")).toBe(0);
    expect(roster?.leafOfParticipant("eve")).toBeUndefined();
  });

  it.each<[string, (here: Cast) => Promise<RatchetTree>]>([
    [
      "one browser twice",
      async (here) => {
        const { signature } = here.ann;
        return tree(here, leafOf(await makePerson(here.signer, "again", { signature })));
      },
    ],
    [
      "one participant twice",
      async (here) => tree(here, leafOf(await makePerson(here.signer, "ann"))),
    ],
    [
      "the encryption key of one member for another",
      async (here) => {
        const { hpkePublicKey } = leafOf(here.ann);
        return tree(here, { ...leafOf(here.bob), hpkePublicKey });
      },
    ],
    [
      "the encryption key of a member for a parent",
      async (here) => tree(here, leafOf(here.bob), leafOf(here.ann).hpkePublicKey),
    ],
    [
      "an encryption key that is none",
      async (here) => tree(here, leafOf(here.bob), new Uint8Array(1_000_000)),
    ],
    [
      "somebody whom another site vouches for",
      async (here) => tree(here, leafOf(await makePerson(await makeSigner(), "eve"))),
    ],
  ])("does not have %s", async (_, make) => {
    const here = await cast();
    expect(await readRoster(await make(here), here.notary)).toBeNull();
    expect(await readRoster(tree(here, leafOf(here.bob)), here.notary)).not.toBeNull();
  });

  it("does not take a credential for another key, also not one it has seen", async () => {
    const { notary, ann, bob } = await cast();
    const stolen = { ...leafOf(bob), credential: leafOf(ann).credential };
    expect(await readLeaf(stolen, notary)).toBeNull();
    expect(await readLeaf(leafOf(ann), notary)).not.toBeNull();
    expect(await readLeaf(stolen, notary)).toBeNull();
  });
});
