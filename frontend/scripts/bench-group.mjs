// Prints how long adding one and expelling one takes in groups of 50 and of 250,
// for who commits, who receives and who joins: medians of a few runs.
//
// All members live in this process. Of a large group only a sample follows every
// commit: the host and every eighth part's first. Of the others there is no more
// than a leaf. A tree is cold while one member has made every commit, and warm when
// the sample has made one each: then a path goes to few subtrees instead of to
// every leaf.
import { runnerImport } from "vite";

const runs = 5;
const sizes = process.argv.slice(2).map(Number);
const samples = 8;

const { module } = await runnerImport("./src/lib/group/rehearsal.ts");
/** @type {typeof import("../src/lib/group/rehearsal")} */
const { committedOf, enter, found, knockOf, makePerson, makeSigner } = module;

const signer = await makeSigner();
let born = 0;
const newcomer = () => makePerson(signer, `p${born++}`);

for (const size of sizes.length > 0 ? sizes : [50, 250]) {
  const group = await grow(size);
  await measure(`${size} cold`, group);
  await warm(group);
  await measure(`${size} warm`, group);
}

/**
 * A group of so many: the host, a sample spread over the tree, and leaves of people
 * whose browsers do not run here.
 * @param {number} size
 */
async function grow(size) {
  const founder = await makePerson(signer, `host${size}`, { role: "host" });
  const host = await found(signer, founder);
  const sample = [];
  const apart = Math.ceil((size - 1) / samples);
  for (let now = 1; now < size; now += 32) {
    const people = await Promise.all(Array.from({ length: Math.min(32, size - now) }, newcomer));
    const commit = await host.commit({ add: people.map(knockOf) });
    for (const member of [host, ...sample]) await follow(member, founder.participant, commit);
    const chosen = people.filter((_, i) => (now + i - 1) % apart === 0);
    for (const one of chosen) sample.push(await enter(signer, one, commit));
  }
  return { host, sample, by: founder.participant };
}

/** @param {Awaited<ReturnType<typeof grow>>} group */
async function warm({ host, sample }) {
  for (const one of sample) {
    const commit = await one.commit({});
    for (const member of [host, ...sample]) await follow(member, "", commit);
  }
}

/**
 * @param {string} name
 * @param {Awaited<ReturnType<typeof grow>>} group
 */
async function measure(name, { host, sample, by }) {
  const [receiver] = sample;
  if (!receiver) throw new Error("a group of one has no receiver");
  /** @type {Record<string, number[]>} */
  const took = {};
  /** @template T @param {string} what @param {() => Promise<T>} task */
  const time = async (what, task) => {
    const start = performance.now();
    const result = await task();
    took[what] = [...(took[what] ?? []), performance.now() - start];
    return result;
  };
  let bytes = "";
  for (let run = 0; run < runs; run++) {
    const person = await newcomer();
    const add = await time("add: commits", () => host.commit({ add: [knockOf(person)] }));
    await host.committed(committedOf(by, add), new Set());
    await time("add: receives", () => follow(receiver, by, add));
    for (const other of sample.slice(1)) await follow(other, by, add);
    await time("add: joins", () => enter(signer, person, add));
    const leaf = host.leafOfParticipant(person.participant) ?? -1;
    const expel = await time("expel: commits", () => host.commit({ remove: [leaf] }));
    await host.committed(committedOf(by, expel), new Set());
    await time("expel: receives", () => follow(receiver, by, expel));
    for (const other of sample.slice(1)) await follow(other, by, expel);
    bytes = `${size(add.tree)} bytes of tree, ${size(expel.commit)} of expel`;
  }
  const keys = new Set(
    await Promise.all([host, ...sample].map(async (one) => String(await one.baseKey()))),
  );
  if (keys.size !== 1) throw new Error("the members parted");
  console.log(`${name}: ${bytes}; ${sample.length} members follow beside the committer`);
  for (const [what, times] of Object.entries(took))
    console.log(`  ${what.padEnd(16)} ${median(times).toFixed(0).padStart(6)} ms`);
}

/**
 * @param {import("../src/lib/group/group").Group} member
 * @param {string} by
 * @param {import("../src/lib/wire.gen").Commit} commit
 */
function follow(member, by, commit) {
  return member.committed(committedOf(by, commit), new Set());
}

/** How many bytes base64url stands for. @param {string} [text] */
function size(text = "") {
  return Math.floor(text.length * 0.75);
}

/** @param {number[]} times */
function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
