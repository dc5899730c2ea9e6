import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Commit, Role, Rules } from "../wire.gen";
import { rulesExtension } from "./extensions";
import { committedOf, Meeting, type Person } from "./rehearsal";
import { add, extensions, psk, Rogue, remove } from "./rogue";
import { changed, type RulesChange } from "./rules";

// What the other members of a group answer somebody of each role who commits what
// they like, whatever their page offers and the server says: the peers' column of the
// table that e2e/tests/roles.test.mjs keeps, with the rules of each kind of meeting
// from there. The committer is a member who follows no rules, with good keys; those
// who answer are what people have in their pages. Written anew with UPDATE=1.

type Answers = Readonly<Record<string, "taken" | "refused">>;
type Row = { peers?: Answers; answers?: Readonly<Record<string, string>> } & Record<
  string,
  unknown
>;
type Kind = { readonly rules: Rules } & Record<string, Row>;

const golden = join(import.meta.dirname, "../../../../e2e/tests/roles.golden.json");
const table: Readonly<Record<string, Kind>> = JSON.parse(readFileSync(golden, "utf8"));

/** Who commits: the host of the table owns the meeting, another host does not. */
const committers = {
  host: "owner",
  "another host": "cohost",
  presenter: "prue",
  panelist: "pan",
  attendee: "ann",
} as const;

/** Cast is everybody in a meeting of some kind, and the one of them who does what they like. */
interface Cast {
  readonly meeting: Meeting;
  readonly rogue: Rogue;
  readonly newcomer: Person;
  readonly by: string;
}

async function cast(rules: Rules, by: string): Promise<Cast> {
  const meeting = await Meeting.start(rules);
  const roles: Readonly<Record<string, Role>> = { owner: "host", cohost: "host" };
  const ids = ["owner", "cohost", "prue", "pan", "ann", "bob"];
  const people = await Promise.all(
    ids.map((id) =>
      meeting.person(id, { role: roles[id] ?? "attendee", claims: { owner: id === "owner" } }),
    ),
  );
  const commits = [await meeting.commit("host", {}, people)];
  for (const [id, role] of [
    ["prue", "presenter"],
    ["pan", "panelist"],
  ] as const) {
    const next = changed(meeting.group("host").rules, {
      person: { key: keyOf(meeting, id), role },
    });
    commits.push(await meeting.commit("host", { rules: next }));
  }
  const person = people[ids.indexOf(by)];
  const [first, ...others] = commits;
  if (!person || !first) throw new Error(`${by} is missing`);
  const rogue = await Rogue.enter(meeting.signer, person, first);
  for (const commit of others) await rogue.follow(commit);
  return { meeting, rogue, newcomer: await meeting.person("nora"), by };
}

function keyOf(meeting: Meeting, id: string): string {
  const member = meeting
    .group("host")
    .members()
    .find(({ participant }) => participant === id);
  if (!member) throw new Error(`${id} is not in`);
  return member.key;
}

/** ruled is the commit that makes these the rules, made without asking whether one may. */
function ruled({ rogue }: Cast, rules: Rules): Promise<Commit> {
  return rogue.commit([extensions([rulesExtension(rules)])]);
}

const role =
  (of: string | null, to: Role) =>
  ({ meeting, by }: Cast): RulesChange => ({ person: { key: keyOf(meeting, of ?? by), role: to } });

const changes: Readonly<Record<string, (cast: Cast) => RulesChange>> = {
  "lock the meeting": () => ({ locked: true }),
  "ask before people come in": () => ({ lobby: true }),
  "give attendees a right": () => ({ grant: ["record"] }),
  "take a right from attendees": () => ({ deny: ["chat_hosts"] }),
  "give one a right": ({ meeting }) => ({
    person: { key: keyOf(meeting, "bob"), grant: ["record"] },
  }),
  "be host oneself": role(null, "host"),
  "make another host": role("bob", "host"),
  "make another presenter": role("bob", "presenter"),
  "take a host's role": role("host", "attendee"),
  "take the owner's role": role("owner", "attendee"),
  "change nothing": () => ({}),
};

const expel =
  (who: string) =>
  async ({ meeting, rogue }: Cast): Promise<Commit> => ({
    ...(await rogue.commit([remove(meeting.leaf(who))])),
    removed: [who],
  });

/** What is done to another is done to somebody else than who commits. */
const acts: Readonly<Record<string, (cast: Cast) => Promise<Commit>>> = {
  ...Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [
      name,
      (now: Cast) => ruled(now, changed(now.meeting.group("bob").rules, change(now))),
    ]),
  ),
  "expel a host": expel("host"),
  "expel an attendee": expel("bob"),
  "let somebody in": ({ rogue, newcomer }) =>
    rogue.commit([add(newcomer), psk("link")], undefined, [newcomer]),
};

/** What all others answer a commit: they are of one mind, and follow it or stay where they were. */
async function answer({ meeting, by }: Cast, commit: Commit): Promise<"taken" | "refused"> {
  const said = new Set<"taken" | "refused">();
  for (const [id, group] of meeting.groups) {
    if (id === by) continue;
    const before = { epoch: group.epoch, rules: group.rules };
    try {
      const { out } = await group.committed(committedOf(by, commit), new Set());
      expect(out).toBe(commit.removed?.includes(id) ?? false);
      if (!out) expect(group.epoch).toBe(before.epoch + 1);
      said.add("taken");
    } catch (thrown) {
      expect(thrown).toMatchObject({ refusal: "policy" });
      expect({ epoch: group.epoch, rules: group.rules }).toEqual(before);
      said.add("refused");
    }
  }
  const [one, ...others] = said;
  expect(others).toEqual([]);
  if (!one) throw new Error("nobody answered");
  return one;
}

/** What becomes of every act of one person. What is taken is undone, or else all begins anew. */
async function answers(rules: Rules, by: string): Promise<Answers> {
  const found: Record<string, "taken" | "refused"> = {};
  let now = await cast(rules, by);
  for (const [name, act] of Object.entries(acts)) {
    const before = now.meeting.group("bob").rules;
    const commit = await act(now);
    found[name] = await answer(now, commit);
    if (found[name] === "refused") continue;
    now.rogue.enact();
    if (name in changes) {
      expect(await answer(now, await ruled(now, before))).toBe("taken");
      now.rogue.enact();
      expect(now.meeting.group("bob").rules).toEqual(before);
    } else {
      now = await cast(rules, by);
    }
  }
  return found;
}

describe.each(Object.keys(table))("in a %s, the others answer", (kind) => {
  const { rules, ...rows } = table[kind] as Kind;
  it.each(Object.entries(committers))(
    "a %s",
    async (name, by) => {
      const found = await answers(rules, by);
      if (process.env["UPDATE"]) rows[name] = { ...rows[name], peers: found };
      expect(found).toEqual(rows[name]?.peers);
    },
    120_000,
  );

  it.runIf(process.env["UPDATE"])("as is written down now", () => {
    Object.assign(table[kind] as Kind, rows);
    writeFileSync(golden, `${JSON.stringify(table, null, 2)}\n`);
  });
});

// The control: one and the same commit is taken of one and refused of another.
it("depends on who commits, but for a host who is in: nobody is rid of them", () => {
  for (const { rules: _, ...rows } of Object.values(table)) {
    for (const act of Object.keys(acts)) {
      const all = Object.keys(committers).map((name) => rows[name]?.peers?.[act]);
      const both = act === "expel a host" ? ["refused"] : ["refused", "taken"];
      expect([...new Set(all)].sort(), act).toEqual(both);
    }
  }
});

// The server answers the same commits there, with somebody in them who is not found
// where it would take the rest.
it("is what the server answers, too", () => {
  for (const { rules: _, ...rows } of Object.values(table)) {
    for (const { peers = {}, answers = {} } of Object.values(rows)) {
      for (const [act, said] of Object.entries(peers)) {
        if (!answers[act]) continue;
        expect(answers[act], act).toBe(said === "taken" ? "not_found" : "forbidden");
      }
    }
  }
  const asked = Object.keys(table["MeetingCenter"]?.["attendee"]?.answers ?? {});
  expect(asked.filter((act) => act in changes)).toHaveLength(5);
});
