// The server holds only ciphertext. A build of it that writes down what arrives is
// compared with what the encoders in the browser gave, with the keys at hand, and
// everything it has in memory, in its log and on its disk is searched. The same
// search finds what is there: when a browser encrypts nothing, it says so.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { compare, decode } from "../lib/evidence.mjs";
import { tapFrames, tapGroup } from "../lib/prelude.mjs";
import { movingVideos } from "../lib/probe.mjs";
import { metric, root, until } from "../lib/server.mjs";
import { baseKeyOf, derive, linkPsk } from "../lib/sframe.mjs";
import { endForEveryone, joinByLink } from "../lib/steps.mjs";
import { patience, sendAll, startTapped } from "../lib/tapped.mjs";
import { scanMemory } from "../lib/wiretap.mjs";

const password = "seven herons at the weir";
const canaries = {
  "chat to everyone": "A heron stood in the weir at dawn and waited for nobody in particular.",
  "chat to one": "Under the third stone from the left lies the key to the boat house.",
};

let tapped;
before(async () => {
  tapped = await startTapped(password);
});
after(() => tapped?.stop());

/** Waits until the encoders gave enough to compare. */
const enough = (host) =>
  until("camera and microphone", async () => {
    const { frames } = await host.tapped();
    const count = (source) => frames.filter((frame) => frame.source === source).length;
    return count("camera") >= 90 && count("microphone") >= 150;
  }, patience);

/** What came and what was given. What came was given before, so it is read first. */
async function evidence(host) {
  const dump = await host.dump();
  return { dump, taps: await host.tapped() };
}

const sources = ["camera", "microphone"];

test("a worker that is not the built one is not started, and nothing is sent", async () => {
  const asked = tapped.sent.length;
  const host = await tapped.host({ frames: [tapFrames], trusting: false });
  await host.press("Join");
  await host.sees("a file is not the one that belongs to this page. Nothing was sent.");
  assert.match(host.problems.join("\n"), /integrity.*frames\.worker/);
  assert.equal((await host.tapped()).frames.length, 0);
  assert.equal((await host.dump()).size, 0);
  const joins = tapped.sent.slice(asked).filter((text) => /meetings\/join|\/v1\/socket/.test(text));
  assert.deepEqual(joins, []);
  await host.close();
});

test("where a browser encrypts nothing, the same search finds it, and nobody gets to see it", async () => {
  const host = await tapped.host({ frames: [tapFrames], passThrough: true });
  await sendAll(host);
  const guest = await tapped.guest();
  await joinByLink(guest, tapped.meeting.link, "Grace");
  const refused = () => metric(tapped.server, "conclave_frames_refused_total");
  const before = await refused();
  await enough(host);
  await until("frames refused", async () => (await refused()) >= before + 50, patience);
  assert.equal(await guest.evaluate(movingVideos), 0);
  assert.ok(await host.has("Stop camera"), "the page noticed nothing");

  const { dump, taps } = await evidence(host);
  for (const source of sources) {
    const found = compare(dump, taps, source);
    console.log(`${source}, not encrypted:`, JSON.stringify(found));
    assert.ok(found.matches > 1_000);
    assert.ok(found.plain > 0);
    assert.equal(found.opened, 0);
  }
  const { truth, asTheyCame } = await decode(dump, taps, guest);
  console.log("decoded, not encrypted:", JSON.stringify(asTheyCame));
  assert.ok(truth.length >= 20 && truth.every(isGreen));
  assert.deepEqual(asTheyCame, { pictures: truth.length, right: truth.length, problem: null });
  await guest.close();
  await host.close();
});

describe("a meeting of two", () => {
  let host, guest;
  before(async () => {
    host = await tapped.host({ frames: [tapFrames], group: [tapGroup] });
    await sendAll(host);
    guest = await tapped.guest();
    await joinByLink(guest, tapped.meeting.link, "Grace");
  });
  after(async () => {
    await guest?.close();
    await host?.close();
  });

  test("the guest sees the host", () =>
    until("a moving picture", async () => (await guest.evaluate(movingVideos)) >= 1, patience));

  test("no 16 bytes of an encoder's output arrive at the server", async () => {
    await enough(host);
    const { dump, taps } = await evidence(host);
    for (const source of sources) {
      const found = compare(dump, taps, source);
      console.log(`${source}:`, JSON.stringify(found));
      assert.ok(found.windows > 5_000, "the encoder gave enough to find");
      assert.ok(found.frames >= 50, "and the server got enough to search");
      assert.equal(found.matches, 0);
      assert.equal(found.plain, 0);
      assert.equal(found.repeated, 0, "no counter is used twice under one key");
      assert.equal(found.opened, found.frames, "all of it opens with the keys of the group");
      assert.equal(found.known, found.frames, "and is what the encoder gave");
      assert.ok(found.openedMatches > 5_000, "in which the same search finds it");
    }
  });

  test("what arrives shows nothing without the key, and the picture with it", async () => {
    const { dump, taps } = await evidence(host);
    const { truth, ...shown } = await decode(dump, taps, guest);
    console.log("decoded:", JSON.stringify(shown));
    assert.ok(truth.length >= 20 && truth.every(isGreen), "the camera of the test is green");
    assert.equal(shown.encoded, shown.frames);
    assert.deepEqual(shown.opened, { pictures: truth.length, right: truth.length, problem: null });
    assert.equal(shown.asTheyCame.right, 0);
  });

  test("what they write arrives, and not at the server", async () => {
    for (const person of [host, guest]) await person.press("Chat");
    await write(canaries["chat to everyone"], "Everyone");
    await write(canaries["chat to one"], "Grace");
    const { dump } = await evidence(host);
    const messages = [...dump].filter(([name]) => name.endsWith(".data"));
    assert.equal(messages.length, 1);
  });

  /** Writes a message, and waits until the guest reads it. */
  async function write(text, to) {
    await host.page.getByLabel("To", { exact: true }).selectOption({ label: to });
    await host.fill("Message", text);
    await host.press("Send");
    await guest.sees(text);
  }

  test("the server has no secret in memory, log or files, neither now nor after the meeting", async () => {
    const taps = await host.tapped();
    const needles = secrets(taps);
    await search("during the meeting", needles);
    await guest.press("Leave");
    await endForEveryone(host);
    await search("after the meeting", { ...needles, ...secrets(await host.tapped()) });
  });

  test("no page sent a secret to anybody", () => {
    const sent = tapped.sent.join("\n");
    assert.ok(sent.includes("/v1/meetings/join") && sent.includes('"commit"'), "requests and sockets were seen");
    const found = Object.entries(secretTexts()).filter(([, text]) => sent.includes(text));
    assert.deepEqual(found.map(([name]) => name), []);
  });
});

/** The fake camera's ground, whatever moves on it. */
function isGreen(colours) {
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    colours.filter((_, at) => at % 4 === channel).reduce((sum, value) => sum + value),
  );
  return green > 60 * (colours.length / 4) && green > 4 * red && green > 4 * blue;
}

/** What no server may have, as the pages write it. */
function secretTexts() {
  return { "link secret": tapped.meeting.link.split("#")[1], ...canaries };
}

/** Everything that no server may have. */
function secrets({ bases, macs }) {
  const link = secretTexts()["link secret"];
  const secret = Buffer.from(link, "base64url");
  const psk = linkPsk(secret, tapped.meeting.number);
  const needles = { ...secretTexts(), "link secret's bytes": secret, "link's PSK": psk };
  const exporters = macs.filter((key) => bases.some((base) => base.equals(baseKeyOf(key))));
  assert.ok(bases.length >= 2 && exporters.length === bases.length, "the exporter secret of each epoch was seen");
  bases.forEach((base, at) => {
    needles[`base key ${at}`] = base;
    for (const kid of kids()) {
      const { key, salt } = derive(base, kid);
      needles[`key ${at} ${kid}`] = key;
      needles[`salt ${at} ${kid}`] = salt;
    }
  });
  macs.forEach((key, at) => {
    needles[`secret of the group ${at}`] = key;
  });
  return Object.fromEntries(Object.entries(needles).flatMap(spelled));
}

/** The key ids of two leaves in two epochs: of what they say, show and write. */
const kids = () =>
  [0, 1, 2, 3, 4].flatMap((context) => [0x000, 0x001, 0x100, 0x101].map((rest) => (context << 24) | rest));

/** A secret as it is, and as it would be written down. */
function spelled([name, value]) {
  const bytes = Buffer.from(value);
  return [[name, bytes], [`${name} in base64url`, Buffer.from(bytes.toString("base64url"))]];
}

/** Looks through all that the server has. What it does know is found, so the rest would be, too. */
async function search(when, needles) {
  const all = { ...needles, "the password": Buffer.from(password) };
  const started = performance.now();
  const inMemory = await scanMemory(tapped.server.pid, all);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { log, data } = tapped.server;
  const written = [Buffer.from(log.join("\n")), ...(await filesOf(data))];
  const inFiles = Object.keys(all).filter((name) => written.some((bytes) => bytes.includes(all[name])));
  console.log(
    `${when}: ${Object.keys(needles).length} secrets; found ${inMemory} in memory (${seconds} s), ` +
      `${inFiles} in ${log.length} lines of log and ${written.length - 1} files`,
  );
  assert.deepEqual(inMemory, ["the password"]);
  assert.deepEqual(inFiles, ["the password"]);
}

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name))));
}

test("the program that people run has no code that writes down what arrives", async () => {
  const traces = ["CONCLAVE_DUMP", "sfu/dump_on.go"];
  const [ours, theirs] = await Promise.all(["conclave-dump", "conclave"].map((name) => readFile(path.join(root, "bin", name))));
  assert.deepEqual(traces.filter((trace) => ours.includes(trace)), traces);
  assert.deepEqual(traces.filter((trace) => theirs.includes(trace)), []);
});
