import type { ClientState } from "ts-mls";
import { mlsExporter } from "ts-mls/keySchedule.js";
import { describe, expect, it } from "vitest";
import { toBase64url } from "../base64url";
import { decodeMessage } from "./message";
import { Meeting, type Signer } from "./rehearsal";
import { Rogue } from "./rogue";

// Who was expelled has the state of the epoch before, and sees the commit, which
// is public. In ts-mls 2.0.0-rc.10 that was enough for the key of the next epoch.

async function stage(): Promise<{ meeting: Meeting; eve: Rogue; bob: Rogue }> {
  const meeting = await Meeting.start();
  const people = await Promise.all(["ann", "bob", "eve", "dan"].map((id) => meeting.person(id)));
  const commit = await meeting.commit("host", {}, people);
  const [, bob, eve] = await Promise.all(
    people.map((one) => Rogue.enter(meeting.signer, one, commit)),
  );
  if (!bob || !eve) throw new Error("nobody came");
  // Paths of others, so that eve has keys of nodes above her too.
  for (const by of ["ann", "dan"]) {
    const update = await meeting.commit(by, {});
    await Promise.all([bob.follow(update), eve.follow(update)]);
  }
  return { meeting, eve, bob };
}

/** asLeaf is eve's state as if she sat elsewhere, with all keys she ever had. */
function asLeaf(state: ClientState, leafIndex: number): ClientState {
  const { privateKeys } = state.privatePath;
  const own = privateKeys[2 * state.privatePath.leafIndex] ?? new Uint8Array();
  return {
    ...state,
    privatePath: { leafIndex, privateKeys: { ...privateKeys, [2 * leafIndex]: own } },
  };
}

async function baseKey(state: ClientState, { suite }: Signer): Promise<string> {
  const { exporterSecret } = state.keySchedule;
  const label = "SFrame 1.0 Base Key";
  return toBase64url(await mlsExporter(exporterSecret, label, new Uint8Array(), 16, suite));
}

describe("who was expelled", () => {
  it("does not reach the next key, whatever leaf they claim", async () => {
    const { meeting, eve, bob } = await stage();
    const { commit } = await meeting.commit("host", { remove: [meeting.leaf("eve")] });
    const key = toBase64url(await meeting.group("host").baseKey());

    // The control: bob, who is in, reaches it in the very same way.
    expect(await baseKey(await bob.replay(commit), meeting.signer)).toBe(key);
    const leaves = [0, 1, 2, 3, 4, 5, 6, 7];
    for (const leaf of leaves.filter((one) => one !== eve.state.privatePath.leafIndex)) {
      const state = asLeaf(eve.state, leaf);
      await expect(eve.replay(commit, state), `as leaf ${leaf}`).rejects.toThrow();
    }
    expect(await baseKey(await eve.replay(commit), meeting.signer)).not.toBe(key);
  });

  it("would reach it by a commit without a path, which is what this probes", async () => {
    const { meeting, eve } = await stage();
    const { commit } = await meeting.admit("someone");
    const key = toBase64url(await meeting.group("host").baseKey());
    const state = await eve.replay(commit, asLeaf(eve.state, meeting.leaf("ann")));
    expect(await baseKey(state, meeting.signer)).toBe(key);
  });

  it.each([
    ["a single Remove", ["eve"], []],
    ["two Removes", ["eve", "ann"], []],
    ["a Remove and an Add", ["eve"], ["someone"]],
  ])("is expelled by a commit with a path: %s", async (_, out, add) => {
    const { meeting } = await stage();
    const newcomers = await Promise.all(add.map((id) => meeting.person(id)));
    const { commit } = await meeting.commit(
      "host",
      { remove: out.map((id) => meeting.leaf(id)) },
      newcomers,
    );
    const message = decodeMessage(commit);
    if (message?.wireformat !== "mls_public_message") throw new Error("not a commit");
    const { content } = message.publicMessage;
    const path = content.contentType === "commit" ? content.commit.path : undefined;
    expect(path?.nodes.length).toBeGreaterThan(0);
  });
});
