import type { Proposal } from "ts-mls";
import { describe, expect, it } from "vitest";
import type { Role } from "../wire.gen";
import { rulesExtension } from "./extensions";
import { decodeMessage, encodeMessage } from "./message";
import { open, type Person } from "./rehearsal";
import { add, extensions, psk, remove } from "./rogue";
import { type Row, refuse, type Scene, scene } from "./scene.fixture";

/** person is somebody who comes, the site saying something unusual of them. */
function person({ meeting }: Scene, claims: object, role: Role = "attendee"): Promise<Person> {
  return meeting.person("odd", { role, claims: { ...claims } });
}

const required = {
  extensionType: "required_capabilities" as const,
  extensionData: new Uint8Array(3),
};
const hour = 3600;
const now = () => Math.floor(Date.now() / 1000);

const rows: readonly Row[] = [
  ["a commit from outside", "policy", ({ mal, newcomer }) => mal.intrude(newcomer)],
  [
    "a reinitialisation",
    "policy",
    ({ evil }) => {
      const reinit = {
        groupId: new Uint8Array(4),
        version: "mls10" as const,
        cipherSuite: "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519" as const,
        extensions: [],
      };
      return evil.commit([{ proposalType: "reinit", reinit }]);
    },
  ],
  [
    "a proposal of a kind of its own",
    "policy",
    ({ evil }) => evil.commit([{ proposalType: 0xff11, proposalData: new Uint8Array(2) }]),
  ],
  ["a proposal by reference", "policy", async ({ evil }) => (await evil.propose(remove(1)))[1]],
  [
    "a proposal that is no commit",
    "policy",
    async ({ evil }) => (await evil.propose(remove(1)))[0],
  ],
  [
    "rules by another than a host",
    "policy",
    ({ mal }) => mal.commit([extensions([rulesExtension({ ...open, membersAdd: true })])]),
  ],
  ["no rules at all", "policy", ({ evil }) => evil.commit([extensions([])])],
  [
    "rules of a kind nobody knows",
    "policy",
    ({ evil }) =>
      evil.commit([extensions([{ extensionType: 0xff01, extensionData: Uint8Array.of(8) }])]),
  ],
  [
    "another extension beside the rules",
    "policy",
    ({ evil }) => evil.commit([extensions([rulesExtension(open), required])]),
  ],
  [
    "an Add without a pre-shared key",
    "policy",
    ({ evil, newcomer }) => evil.commit([add(newcomer)]),
  ],
  [
    "an Add by a key that is none of the two",
    "policy",
    ({ evil, newcomer }) => {
      const pskNonce = new Uint8Array(32);
      const pskId = new TextEncoder().encode("backdoor");
      const preSharedKeyId = { psktype: "external" as const, pskId, pskNonce };
      const backdoor: Proposal = { proposalType: "psk", psk: { preSharedKeyId } };
      return evil.commit([add(newcomer), backdoor], { backdoor: new Uint8Array(32) });
    },
  ],
  [
    "an Add by a key with a short nonce",
    "policy",
    ({ evil, newcomer }) => {
      const pskNonce = new Uint8Array(31);
      const pskId = new TextEncoder().encode("link");
      const preSharedKeyId = { psktype: "external" as const, pskId, pskNonce };
      return evil.commit([add(newcomer), { proposalType: "psk", psk: { preSharedKeyId } }]);
    },
  ],
  [
    "an Add by both keys",
    "policy",
    ({ evil, newcomer }) => evil.commit([add(newcomer), psk("link"), psk("password")]),
  ],
  [
    "an Add by a wrong key",
    "broken",
    ({ evil, newcomer }) =>
      evil.commit([add(newcomer), psk("link")], { link: new Uint8Array(32).fill(9) }),
  ],
  [
    "an Add by another than a host",
    "policy",
    ({ mal, newcomer }) => mal.commit([add(newcomer), psk("link")]),
  ],
  [
    "an Add while locked",
    "policy",
    ({ evil, newcomer }) => evil.commit([add(newcomer), psk("link")]),
    { ...open, locked: true },
  ],
  [
    "an Add while locked that unlocks at once",
    "policy",
    ({ evil, newcomer }) =>
      evil.commit([add(newcomer), psk("link"), extensions([rulesExtension(open)])]),
    { ...open, locked: true },
  ],
  [
    "an Add of who was expelled",
    "policy",
    ({ meeting, evil, newcomer }) => {
      const key = Buffer.from(newcomer.signature.public).toString("base64url");
      for (const group of meeting.groups.values()) group.expelled(key);
      return evil.commit([add(newcomer), psk("link")]);
    },
  ],
  [
    "an Add of somebody whom another site vouches for",
    "policy",
    async (here) =>
      here.evil.commit([add(await person(here, { iss: "https://evil.example" })), psk("link")]),
  ],
  [
    "an Add of somebody for another meeting",
    "policy",
    async (here) => here.evil.commit([add(await person(here, { aud: "987654321" })), psk("link")]),
  ],
  [
    "an Add of an expired credential",
    "policy",
    async (here) =>
      here.evil.commit([
        add(await person(here, { iat: now() - 25 * hour, exp: now() - hour })),
        psk("link"),
      ]),
  ],
  [
    "an Add of a credential for another key",
    "policy",
    async (here) =>
      here.evil.commit([
        add(await person(here, { sig: Buffer.alloc(32, 7).toString("base64url") })),
        psk("link"),
      ]),
  ],
  [
    "an Add of a participant who is there already",
    "broken",
    async (here) => here.evil.commit([add(await person(here, { sub: "ann" })), psk("link")]),
  ],
  [
    "an Add of more people than a commit may",
    "policy",
    async ({ meeting, evil }) => {
      const many = Array.from({ length: 33 }, (_, i) => meeting.person(`many${i}`));
      return evil.commit([...(await Promise.all(many)).map(add), psk("link")]);
    },
  ],
  ["a pre-shared key without an Add", "policy", ({ evil }) => evil.commit([psk("link")])],
  [
    "a Remove by another than a host of somebody who is there",
    "policy",
    ({ meeting, mal }) => mal.commit([remove(meeting.leaf("ann"))]),
  ],
  [
    "a committer who calls themselves something else",
    "policy",
    async ({ meeting, mal }) => {
      const { signature } = meeting.people.get("mal") ?? (await meeting.person("x"));
      const host = await meeting.person("mal", { role: "host", signature });
      const tree = [...mal.state.ratchetTree];
      const at = 2 * meeting.leaf("mal");
      const node = tree[at];
      if (node?.nodeType !== "leaf") throw new Error("no leaf");
      const { credential } = host.keys.publicPackage.leafNode;
      tree[at] = { ...node, leaf: { ...node.leaf, credential } };
      mal.state = { ...mal.state, ratchetTree: tree };
      return mal.commit([]);
    },
  ],
  [
    "a commit that was touched on the way",
    "broken",
    async ({ evil }) => {
      const commit = await evil.commit([]);
      const message = decodeMessage(commit.commit);
      if (message?.wireformat !== "mls_public_message") throw new Error("not a commit");
      message.publicMessage.auth.signature[0] = (message.publicMessage.auth.signature[0] ?? 0) ^ 1;
      return { ...commit, commit: encodeMessage(message) };
    },
  ],
  [
    "what is no message",
    "broken",
    async ({ evil }) => ({ ...(await evil.commit([])), commit: "AAAA" }),
  ],
  [
    "a commit after one that is missing",
    "broken",
    async ({ evil, mal }) => {
      await evil.follow(await mal.commit([]));
      return evil.commit([]);
    },
  ],
  [
    "a commit of another epoch than said",
    "broken",
    async ({ evil, mal }) => {
      await evil.follow(await mal.commit([]));
      return { ...(await evil.commit([])), epoch: 1 };
    },
  ],
];

describe("every member refuses, and the group goes on without it,", () => {
  for (const [what, refusal, make, rules] of rows)
    it(what, async () => {
      const here = await scene(rules);
      await refuse(here.meeting, await make(here), refusal);
    });

  it("the same commits not when a rule allows them", async () => {
    const { meeting, mal, newcomer } = await scene({ ...open, membersAdd: true });
    await meeting.spread(
      "mal",
      await mal.commit([add(newcomer), psk("link")], undefined, [newcomer]),
      [newcomer],
    );
    expect(new Set(await meeting.secrets()).size).toBe(1);
    expect(meeting.group("newcomer").members()).toHaveLength(5);
  });
});
