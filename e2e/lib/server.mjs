// The built server, as an operator runs it: a process of its own on a data
// folder of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Starts the server and waits until it serves. `udp` is where media goes; by
 * default every address of this machine, as for people.
 */
export async function startServer({ udp, prefix = [] } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), "conclave-e2e-"));
  const port = await freePort();
  const adminPort = await freePort();
  const args = ["serve", "--listen", `127.0.0.1:${port}`, "--admin-listen", `127.0.0.1:${adminPort}`, "--data", data];
  if (udp) args.push("--udp", `${udp}:${port}`);
  const [command, ...rest] = [...prefix, path.join(root, "bin/conclave"), ...args];
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  readline.createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const url = `http://127.0.0.1:${port}`;
  const setupLink = await new Promise((found, failed) => {
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      const link = line.match(/http\S+\/setup#\S+/);
      if (link) found(link[0]);
    });
    child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${log.join("\n")}`)));
  });
  const exited = new Promise((done) => child.once("exit", done));
  return {
    url,
    setupLink,
    log,
    admin: `http://127.0.0.1:${adminPort}`,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      await rm(data, { recursive: true });
    },
  };
}

/** One value of the server's metrics. */
export async function metric(server, name) {
  const text = await (await fetch(`${server.admin}/metrics`)).text();
  const line = text.split("\n").find((l) => l.startsWith(`${name} `));
  if (!line) throw new Error(`no metric ${name}`);
  return Number(line.split(" ")[1]);
}

/** Waits until `done` returns something true, and returns it. */
export async function until(what, done, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < deadline) {
    try {
      const value = await done();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`not in time: ${what}`, { cause: last });
}
