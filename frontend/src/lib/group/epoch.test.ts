import { describe, expect, it } from "vitest";
import { readEpoch } from "./epoch";
import { Notary } from "./notary";
import { Meeting } from "./rehearsal";
import { Rogue } from "./rogue";

describe("an epoch", () => {
  it("keeps nothing of those before, nor keys of nodes that are blank", async () => {
    const meeting = await Meeting.start();
    const people = await Promise.all(["ann", "bob", "dan"].map((id) => meeting.person(id)));
    const commit = await meeting.commit("host", {}, people);
    const [ann] = people;
    if (!ann) throw new Error("nobody came");
    const { state, ...rogue } = await lived(
      meeting,
      await Rogue.enter(meeting.signer, ann, commit),
    );
    const blank = (node: string) => rogue.tree[Number(node)] === undefined;
    // The control: the library keeps both.
    expect(state.historicalReceiverData.size).toBeGreaterThan(0);
    expect(Object.keys(state.privatePath.privateKeys).some(blank)).toBe(true);

    const notary = new Notary(meeting.signer.site, Date.now);
    const epoch = await readEpoch(state, notary);
    expect(epoch.state.historicalReceiverData.size).toBe(0);
    const kept = Object.keys(epoch.state.privatePath.privateKeys);
    expect(kept.some(blank)).toBe(false);
    expect(kept).toContain(String(2 * state.privatePath.leafIndex));
  });
});

/** ann commits, so that all nodes above her have keys; then somebody beside her is removed. */
async function lived(meeting: Meeting, ann: Rogue) {
  await ann.follow(await meeting.commit("host", {}));
  await ann.follow(await meeting.commit("dan", {}));
  await ann.follow(await meeting.commit("dan", {}));
  await ann.follow(await meeting.commit("host", { remove: [meeting.leaf("bob")] }));
  await ann.follow(await meeting.commit("host", { remove: [meeting.leaf("dan")] }));
  return { state: ann.state, tree: ann.state.ratchetTree };
}
