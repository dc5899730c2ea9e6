import { describe, expect, it } from "vitest";
import type { Newcomer } from "./newcomer";
import { frozenIn, noticeBytes } from "./notice";
import { Post } from "./post";
import { Meeting } from "./rehearsal";

/** post is somebody's; as says at whose leaf it claims to be, by whose key it signs. */
async function post(meeting: Meeting, as: { leaf: string; key: string }): Promise<Post> {
  const { signature } = meeting.people.get(as.key) ?? {};
  const made = new Post({ signature } as Newcomer);
  const group = meeting.group(as.leaf);
  const leaves = group.members().map(({ leaf }) => leaf);
  const baseKey = await group.baseKey();
  const { epoch } = group;
  made.advance(group, {
    epoch,
    baseKey,
    self: meeting.leaf(as.leaf),
    leaves,
    removed: [],
    urgent: false,
  });
  return made;
}

describe("a notice", () => {
  it("says how a share stands, and comes from who says so", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann");
    const host = await post(meeting, { leaf: "host", key: "host" });
    const ann = await post(meeting, { leaf: "ann", key: "ann" });
    for (const frozen of ["picture", "blank", "no"] as const) {
      const sealed = await host.notify(frozen);
      expect(sealed && (await ann.open(sealed))).toEqual({
        type: "notice",
        notice: { from: "host", frozen },
      });
    }
  });

  it("of somebody else cannot be made, not even by a member, who has the key around it", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann", "mal");
    const forged = await post(meeting, { leaf: "host", key: "mal" });
    const ann = await post(meeting, { leaf: "ann", key: "ann" });
    const sealed = await forged.notify("picture");
    expect(sealed).not.toBeNull();
    expect(sealed && (await ann.open(sealed))).toBeNull();
  });

  it("is none when it was changed, or came before", async () => {
    const meeting = await Meeting.start();
    await meeting.admit("ann");
    const host = await post(meeting, { leaf: "host", key: "host" });
    const ann = await post(meeting, { leaf: "ann", key: "ann" });
    const sealed = await host.notify("picture");
    if (!sealed) throw new Error("nothing was sealed");
    const asChat = sealed.slice();
    asChat[1] = 1;
    expect(await ann.open(asChat)).toBeNull();
    expect(await ann.open(sealed.slice())).not.toBeNull();
    expect(await ann.open(sealed)).toBeNull();
  });

  it("of what this version does not know says nothing", () => {
    expect(frozenIn(noticeBytes("blank"))).toBe("blank");
    for (const bytes of [[], [1], [1, 3], [2, 1], [1, 1, 1]]) {
      expect(frozenIn(Uint8Array.from(bytes))).toBeNull();
    }
  });
});
