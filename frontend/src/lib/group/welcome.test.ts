import { describe, expect, it } from "vitest";
import type { Admitted, Commit } from "../wire.gen";
import { Group } from "./group";
import { decodeMessage, encodeMessage } from "./message";
import { groupId, knockOf, Meeting, makeSigner, type Person, psks } from "./rehearsal";
import { add, psk, Rogue } from "./rogue";

interface Arrival {
  readonly meeting: Meeting;
  readonly joiner: Person;
  readonly commit: Commit;
}

async function arrival(door: "link" | "password" = "link"): Promise<Arrival> {
  const meeting = await Meeting.start();
  await meeting.admit("ann");
  const joiner = await meeting.person("joiner", { door });
  const commit = await meeting.group("host").commit({ add: [knockOf(joiner)] });
  return { meeting, joiner, commit };
}

function admitted({ joiner, commit }: Arrival): Admitted {
  const { epoch, added = [], welcome = "", tree = "" } = commit;
  const leaf = added.find((one) => one.participant === joiner.participant)?.leaf ?? -1;
  return { group: groupId, leaf, epoch: epoch + 1, welcome, tree };
}

function join(here: Arrival, said: Partial<Admitted> = {}, key = psks[here.joiner.door]) {
  const { keys, door } = here.joiner;
  const ticket = { admitted: { ...admitted(here), ...said }, keys, door, psk: key };
  return Group.join({ ...ticket, site: here.meeting.signer.site });
}

/** byRogue has somebody added by a host who follows no rules. */
async function byRogue(make: (evil: Rogue, joiner: Person) => Promise<Commit>): Promise<Arrival> {
  const meeting = await Meeting.start();
  const [evil, joiner] = [
    await meeting.person("evil", { role: "host" }),
    await meeting.person("joiner"),
  ];
  const rogue = await Rogue.enter(meeting.signer, evil, await meeting.commit("host", {}, [evil]));
  return { meeting, joiner, commit: await make(rogue, joiner) };
}

describe("who was added", () => {
  it.each(["link", "password"] as const)("comes in by the key of their door: %s", async (door) => {
    const here = await arrival(door);
    const group = await join(here);
    expect(group.members().map((one) => one.participant)).toEqual(["host", "ann", "joiner"]);
    expect(group.self).toBe(2);
    expect(group.knows("link") && group.knows("password")).toBe(true);
  });

  it("does not come in by another key, and is told that it was the key", async () => {
    const here = await arrival();
    const wrong = join(here, {}, new Uint8Array(32).fill(9));
    await expect(wrong).rejects.toMatchObject({ refusal: "wrong_key" });
    expect((await join(here)).epoch).toBe(2);
  });

  it("does not take a Welcome that needs no key: its maker need not have known one", async () => {
    const here = await byRogue((evil, joiner) => evil.commit([add(joiner)], psks, [joiner]));
    await expect(join(here)).rejects.toMatchObject({ refusal: "policy" });
    const control = await byRogue((evil, joiner) =>
      evil.commit([add(joiner), psk("link")], psks, [joiner]),
    );
    expect((await join(control)).epoch).toBe(2);
  });

  it("does not take a Welcome of the other door", async () => {
    const here = await byRogue((evil, joiner) =>
      evil.commit([add(joiner), psk("password")], psks, [joiner]),
    );
    await expect(join(here)).rejects.toMatchObject({ refusal: "broken" });
  });

  it("does not learn another key than their own", async () => {
    const link = new Uint8Array(32).fill(9);
    const here = await byRogue((evil, joiner) =>
      evil.commit([add(joiner), psk("link")], { link }, [joiner]),
    );
    await expect(join(here, {}, link)).rejects.toMatchObject({ refusal: "broken" });
  });

  it.each<[string, (here: Admitted) => Partial<Admitted>]>([
    ["nothing", () => ({ welcome: "", tree: "" })],
    ["no tree", () => ({ tree: "" })],
    ["what is no Welcome", () => ({ welcome: "AAEAAg" })],
    ["a Welcome with something behind it", ({ welcome = "" }) => ({ welcome: `${welcome}AAAA` })],
    ["another group than said", () => ({ group: "b3RoZXI" })],
    ["another epoch than said", ({ epoch }) => ({ epoch: epoch + 1 })],
    ["another leaf than said", ({ leaf }) => ({ leaf: leaf - 1 })],
  ])("refuses %s", async (_, said) => {
    const here = await arrival();
    await expect(join(here, said(admitted(here)))).rejects.toMatchObject({ refusal: "broken" });
    expect((await join(here)).epoch).toBe(2);
  });

  it("is not told that it was the key when the Welcome was touched on the way", async () => {
    const here = await arrival();
    const message = decodeMessage(here.commit.welcome ?? "");
    const secrets = message?.wireformat === "mls_welcome" ? message.welcome.secrets[0] : undefined;
    const ciphertext = secrets?.encryptedGroupSecrets.ciphertext;
    if (!message || !ciphertext) throw new Error("not a welcome");
    ciphertext[0] = (ciphertext[0] ?? 0) ^ 1;
    const touched = join(here, { welcome: encodeMessage(message) });
    await expect(touched).rejects.toMatchObject({ refusal: "broken" });
  });

  it("refuses a tree of another epoch", async () => {
    const here = await arrival();
    const host = here.meeting.group("host");
    await host.withdraw();
    const other = await here.meeting.person("other");
    const { tree = "" } = await host.commit({ add: [knockOf(other)] });
    await expect(join(here, { tree })).rejects.toMatchObject({ refusal: "broken" });
  });

  it("refuses a group in which another site vouches for somebody", async () => {
    const here = await arrival();
    const { site } = await makeSigner();
    const { keys, door } = here.joiner;
    const other = Group.join({ admitted: admitted(here), keys, door, psk: psks[door], site });
    await expect(other).rejects.toMatchObject({ refusal: "broken" });
  });
});
