// A server with a wiretap, and hosts whose browsers tell what they encrypt.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromiumPerson, startChromium } from "./chromium.mjs";
import { collect, prepare, readTap, trustWorkers } from "./prelude.mjs";
import { startServer, until } from "./server.mjs";
import { schedule, setUp } from "./steps.mjs";
import { readDump } from "./wiretap.mjs";

/** In seconds. A camera that is encoded three times over, and compared, slows everything down. */
export const patience = 120;

/** Starts the server, signs a host in and schedules a meeting. `sent` is all that pages then send. */
export async function startTapped(password) {
  const folder = await mkdtemp(path.join(tmpdir(), "conclave-dump-"));
  const env = { CONCLAVE_DUMP: folder, CONCLAVE_LOG_LEVEL: "debug" };
  const server = await startServer({ binary: "bin/conclave-dump", env });
  const chromium = await startChromium();
  const sent = [];
  const enter = async (options) => {
    const person = await chromiumPerson(chromium, server.url, { ...options, patience });
    listenTo(person.page, sent);
    return person;
  };
  const owner = await enter();
  await setUp(owner, server);
  const meeting = await schedule(owner, "What the server sees", password);
  const login = await owner.page.context().storageState();
  await owner.close();

  return {
    server,
    meeting,
    sent,
    guest: () => enter(),
    /** The owner at the door, in a browser of its own, with faults and taps built in. */
    async host({ init = [], trusting = true, ...scripts } = {}) {
      const before = new Set(await readdir(folder));
      const host = await enter({ login });
      await prepare(host.page, { ...scripts, init: [...(trusting ? [trustWorkers] : []), collect, ...init] });
      await host.goto(meeting.link);
      const dump = async () => new Map([...(await readDump(folder))].filter(([name]) => !before.has(name)));
      return {
        ...host,
        dump,
        tapped: async () => readable(await host.evaluate(readTap)),
        async close() {
          // A file may be on its way to the page still.
          await host.page.unrouteAll({ behavior: "ignoreErrors" });
          await host.close();
        },
      };
    },
    async stop() {
      await chromium.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Presses Join, starts the meeting if nobody has, and turns on what is to be sent. */
export async function sendAll(host) {
  await host.press("Join");
  const inside = () => host.has("Chat");
  await until("the way in", async () => (await host.has("Start")) || inside(), patience);
  if (!(await inside())) await host.press("Start");
  await until("the room", inside, patience);
  await host.press("Unmute");
  await host.press("Start camera");
}

/** Everything that goes from a page to a server, and where to. */
function listenTo(page, sent) {
  page.on("request", (request) => {
    sent.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? "");
  });
  page.on("websocket", (socket) => {
    sent.push(socket.url());
    socket.on("framesent", ({ payload }) => sent.push(payload.toString("latin1")));
  });
}

function readable({ frames, bases, macs }) {
  const bytes = (text) => Buffer.from(text, "base64");
  const once = (texts) => [...new Set(texts)].map(bytes);
  return { frames: frames.map((f) => ({ ...f, bytes: bytes(f.bytes) })), bases: once(bases), macs: once(macs) };
}
