import { expect } from "vitest";
import type { Commit, Rules } from "../wire.gen";
import { committedOf, Meeting, open, type Person, type Signer } from "./rehearsal";
import { Rogue } from "./rogue";
import type { Refusal } from "./view";

/** Scene is a meeting of host, ann, mal and evil, the last two of whom can break every rule. */
export interface Scene {
  readonly meeting: Meeting;
  /** an attendee */
  readonly mal: Rogue;
  /** a host */
  readonly evil: Rogue;
  readonly newcomer: Person;
}

export async function scene(rules: Rules = open): Promise<Scene> {
  const meeting = await Meeting.start();
  const [ann, mal, evil, newcomer] = await Promise.all([
    meeting.person("ann"),
    meeting.person("mal"),
    meeting.person("evil", { role: "host" }),
    meeting.person("newcomer"),
  ]);
  const commit = await meeting.commit("host", { rules }, [ann, mal, evil]);
  const signer = credulous(meeting.signer);
  return {
    meeting,
    mal: await Rogue.enter(signer, mal, commit),
    evil: await Rogue.enter(signer, evil, commit),
    newcomer,
  };
}

/** credulous takes every signature for right: the library would not make what its others refuse. */
function credulous(signer: Signer): Signer {
  const signature = { ...signer.suite.signature, verify: async () => true };
  return { ...signer, suite: { ...signer.suite, signature } };
}

/** goesOn proves that a refused commit changed nothing, and that the next one is followed. */
async function goesOn(meeting: Meeting, before: readonly string[]): Promise<void> {
  expect(await meeting.secrets()).toEqual(before);
  await meeting.commit("host", {});
  const after = await meeting.secrets();
  expect(new Set(after).size).toBe(1);
  expect(after[0]).not.toBe(before[0]);
}

/** refuse proves that every member refuses a commit. */
export async function refuse(meeting: Meeting, commit: Commit, refusal: Refusal): Promise<void> {
  const before = await meeting.secrets();
  for (const group of meeting.groups.values()) {
    const followed = group.committed(committedOf("x", commit), meeting.gone);
    await expect(followed).rejects.toMatchObject({ name: "Refused", refusal });
  }
  await goesOn(meeting, before);
}

/** Row is a commit that every member refuses, and by which rules. */
export type Row = readonly [
  what: string,
  refusal: Refusal,
  make: (scene: Scene) => Promise<Commit>,
  rules?: Rules,
];
