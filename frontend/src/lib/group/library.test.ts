import type { Hash, Node, RatchetTree } from "ts-mls";
import { createCommit } from "ts-mls/createCommit.js";
import { verifyParentHashes } from "ts-mls/parentHash.js";
import { filteredDirectPath } from "ts-mls/ratchetTree.js";
import { directPath, left, parent, toLeafIndex, toNodeIndex } from "ts-mls/treemath.js";
import { describe, expect, it } from "vitest";
import { decodeMessage, decodeTree, encodeTree } from "./message";
import { enter, knockOf, Meeting, open } from "./rehearsal";
import { Rogue } from "./rogue";

// Each patch of patches/README.md, by what goes wrong without it.

describe("an index outside of the tree", () => {
  it.each([-2, 7, 8, 2 ** 32, 1.5, Number.NaN])("has no parent: %d", (index) => {
    expect(() => parent(toNodeIndex(index), 4)).toThrow("outside of the tree");
    expect(() => directPath(toNodeIndex(index), 4)).toThrow("outside of the tree");
  });

  it("has no children where all bits are set", () => {
    expect(() => left(toNodeIndex(0x7fffffff))).toThrow("out of range");
    expect(() => left(toNodeIndex(0xffffffff))).toThrow("out of range");
  });

  it("does not keep the last leaf from its path", () => {
    expect(directPath(toNodeIndex(6), 4)).toEqual([5, 3]);
    const blank: RatchetTree = Array.from({ length: 7 }, () => undefined);
    expect(filteredDirectPath(toLeafIndex(3), blank)).toEqual([]);
  });

  it("makes a joiner refuse a tree that names it", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob");
    await meeting.commit("ann", {});
    const joiner = await meeting.person("joiner");
    const next = await meeting.group("host").commit({ add: [knockOf(joiner)] });
    const tree = changed(next.tree, (node) =>
      node?.nodeType === "parent"
        ? { ...node, parent: { ...node.parent, unmergedLeaves: [0xffffffff].map(toLeafIndex) } }
        : node,
    );
    await expect(enter(meeting.signer, joiner, { ...next, tree })).rejects.toMatchObject({
      refusal: "broken",
    });
  });
});

function changed(
  tree: string | undefined,
  change: (node: Node | undefined, index: number) => Node | undefined,
) {
  return encodeTree((decodeTree(tree ?? "") ?? []).map(change));
}

/** Seven members, in a tree whose right half has keys of its own. */
async function seven(): Promise<Meeting> {
  const meeting = await Meeting.start();
  await meeting.admit("p1", "p2", "p3", "p4", "p5", "p6");
  await meeting.commit("p4", {});
  return meeting;
}

describe("a parent above one that lists an unmerged leaf", () => {
  it("need not list it too", async () => {
    const meeting = await seven();
    // The eighth leaf is unmerged in the right half, and then merged at the root only.
    await meeting.admit("p7");
    await meeting.commit("host", {});
    await meeting.admit("p8");
    expect(new Set(await meeting.secrets()).size).toBe(1);
    expect(meeting.group("p8").members()).toHaveLength(9);
  });

  it("must list it when it lies between", async () => {
    const meeting = await seven();
    const { tree } = await meeting.admit("p7");
    const nodes = decodeTree(tree ?? "") ?? [];
    expect(unmerged(nodes, 11)).toEqual([7]);
    expect(unmerged(nodes, 7)).toEqual([7]);
    const joiner = await meeting.person("joiner");
    const next = await meeting.group("host").commit({ add: [knockOf(joiner)] });
    const forged = changed(next.tree, (node, index) =>
      node?.nodeType === "parent" && index === 11
        ? { ...node, parent: { ...node.parent, unmergedLeaves: [] } }
        : node,
    );
    await expect(enter(meeting.signer, joiner, { ...next, tree: forged })).rejects.toMatchObject({
      cause: { message: expect.stringContaining("non-blank intermediate node") },
    });
  });
});

function unmerged(tree: RatchetTree, index: number): readonly number[] {
  const node = tree[index];
  return node?.nodeType === "parent" ? node.parent.unmergedLeaves : [];
}

describe("verifying parent hashes", () => {
  async function warm(): Promise<{ tree: RatchetTree; hash: Hash }> {
    const meeting = await Meeting.start();
    const names = Array.from({ length: 15 }, (_, i) => `p${i}`);
    await meeting.admit(...names);
    for (const by of names.slice(0, 8)) await meeting.commit(by, {});
    const { tree } = await meeting.admit("last");
    return { tree: decodeTree(tree ?? "") ?? [], hash: meeting.signer.suite.hash };
  }

  it("computes the hash of each node about once", { timeout: 30_000 }, async () => {
    const { tree, hash } = await warm();
    let digests = 0;
    const counting: Hash = {
      ...hash,
      digest: (data) => {
        digests += 1;
        return hash.digest(data);
      },
    };
    expect(await verifyParentHashes(tree, counting)).toBe(true);
    expect(tree.filter((node) => node?.nodeType === "parent").length).toBeGreaterThan(8);
    expect(digests).toBeLessThan(1.5 * tree.length);

    // The control: a key that nobody's parent hash covers.
    const at = tree.findIndex((node) => node?.nodeType === "parent");
    const forged = tree.map((node, i) =>
      i === at && node?.nodeType === "parent"
        ? { ...node, parent: { ...node.parent, hpkePublicKey: new Uint8Array(32) } }
        : node,
    );
    expect(await verifyParentHashes(forged, hash)).toBe(false);
  });
});

describe("private messages", () => {
  it("have no keys", async () => {
    const meeting = await Meeting.start();
    const ann = await meeting.person("ann");
    const { state } = await Rogue.enter(
      meeting.signer,
      ann,
      await meeting.commit("host", {}, [ann]),
    );
    expect(state.secretTree).toEqual([]);
    const { suite } = meeting.signer;
    await expect(createCommit({ state, cipherSuite: suite })).rejects.toThrow("secret tree");
  });
});

describe("a member whose leaf is taken at once", () => {
  it("knows that they are out", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob");
    const leaf = meeting.leaf("ann");
    const ann = meeting.group("ann");
    const before = ann.epoch;
    const newcomer = await meeting.person("dan");
    // spread fails when ann does not find out.
    await meeting.commit("host", { remove: [leaf] }, [newcomer]);
    expect(meeting.leaf("dan")).toBe(leaf);
    expect(ann.epoch).toBe(before);
    expect(meeting.groups.has("ann")).toBe(false);
    expect(new Set(await meeting.secrets()).size).toBe(1);
  });
});

describe("a change of extensions", () => {
  it("carries a path that everybody can read", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "bob", "dan");
    const commit = await meeting.commit("host", { rules: { ...open, lobby: true } });
    const message = decodeMessage(commit.commit);
    if (message?.wireformat !== "mls_public_message") throw new Error("not a commit");
    const { content } = message.publicMessage;
    expect(content.contentType === "commit" && content.commit.path).toBeTruthy();
    await meeting.commit("host", { rules: open, remove: [meeting.leaf("ann")] });
    expect(new Set(await meeting.secrets()).size).toBe(1);
    expect(meeting.group("dan").rules).toEqual(open);
  });
});
