import { describe, expect, it } from "vitest";
import type { GroupView, Member } from "../lib/group/view";
import { pictures } from "../text/pictures";
import { lasting, nextLasting, seen } from "./lasting";
import { nobody } from "./room";
import { picturesOf, protection, readers, standing } from "./security";

const group: GroupView = {
  ...{ epoch: 1, self: 0, members: [], knockers: [], code: [], pictures: [] },
  rules: { locked: false, lobby: false, membersAdd: false },
};

describe("the pictures of a code", () => {
  it("are 64, and no two look or sound alike", () => {
    const all = Object.entries(pictures);
    expect(all).toHaveLength(64);
    expect(new Set(all.map(([, name]) => name.toLowerCase())).size).toBe(64);
    for (const [picture, name] of all) {
      expect(picture, name).toMatch(/^\p{Emoji_Presentation}$/u);
      expect(name).toMatch(/^[A-Z][a-z]+$/);
    }
  });

  it("are found by their numbers", () => {
    expect(picturesOf([0, 63]).map((p) => p.name)).toEqual(["Dog", "Robot"]);
  });
});

describe("protection", () => {
  it("is there with a group, comes before it, and ends with a refusal", () => {
    expect(protection(group, null)).toBe("encrypted");
    expect(protection(null, null)).toBe("joining");
    expect(protection(group, "policy")).toBe("stopped");
    expect(protection(null, "wrong_key")).toBe("stopped");
  });
});

describe("who can read", () => {
  const member = (participant: string): Member => ({
    ...{ participant, leaf: 0, name: participant, org: "", role: "attendee" },
    ...{ guest: true, owner: false, key: participant },
  });
  const known = (id: string) => ({ ...member(id), id, joined: 0, live: [], hand: 0 });
  const members = [member("host"), member("me"), member("other")];
  const state = { ...nobody, group: { ...group, members }, people: [known("host"), known("me")] };

  it("is everybody in the group, also who is not in the room", () => {
    expect(readers(state, false)).toEqual(members);
    expect(readers(nobody, false)).toEqual([]);
  });

  it("names those alone whom one is to see, where the list is hidden", () => {
    expect(readers(state, true).map(({ name }) => name)).toEqual(["host", "me"]);
  });
});

describe("what vouches for a name", () => {
  it("is the site for who signed in, and nobody for a guest", () => {
    expect(standing({ guest: false, org: "Acme" })).toBe("Signed in at Acme");
    expect(standing({ guest: true, org: "Acme" })).not.toContain("Acme");
  });
});

describe("what lasts", () => {
  const first = seen(new Map(), ["a", "b"], 1_000);
  const later = seen(first, ["b", "c"], 3_000);

  it("is what has been there long enough, from when it was first seen", () => {
    expect(lasting(first, 1_000, 3_000)).toEqual([]);
    expect(lasting(later, 4_000, 3_000)).toEqual(["b"]);
    expect(lasting(seen(later, ["a"], 9_000), 9_000, 3_000)).toEqual([]);
  });

  it("says when to look again", () => {
    expect(nextLasting(later, 3_500, 3_000)).toBe(500);
    expect(nextLasting(later, 4_000, 3_000)).toBe(2_000);
    expect(nextLasting(later, 6_000, 3_000)).toBeNull();
  });
});
