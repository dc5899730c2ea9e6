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
 * default every address of this machine, as for people. `binary` is another build
 * of it, `env` what it finds in its environment besides ours, `host` where it listens.
 */
export async function startServer({ host = "127.0.0.1", udp, prefix = [], binary = "bin/conclave", env = {} } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), "conclave-e2e-"));
  const port = await freePort();
  const adminPort = await freePort();
  const args = ["serve", "--listen", `${host}:${port}`, "--admin-listen", `127.0.0.1:${adminPort}`, "--data", data];
  if (udp) args.push("--udp", `${udp}:${port}`);
  const command = [...prefix, path.resolve(root, binary), ...args];
  const log = [];
  let { child, setupLink } = await run(command, env, log);
  return {
    url: `http://${host}:${port}`,
    setupLink,
    log,
    data,
    get pid() {
      return child.pid;
    },
    admin: `http://127.0.0.1:${adminPort}`,
    /** Ends it at once, with nothing said, and starts it again on the same data. */
    async crash() {
      await ended(child, "SIGKILL");
      ({ child } = await run(command, env, log));
    },
    /** Stops it as an operator does, and starts it again on the same data. */
    async restart() {
      await ended(child, "SIGTERM");
      ({ child } = await run(command, env, log));
    },
    async stop() {
      await ended(child, "SIGTERM");
      await rm(data, { recursive: true });
    },
  };
}

async function run([command, ...args], env, log) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  readline.createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const setupLink = await new Promise((found, failed) => {
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.includes("http")) found(line.match(/http\S+\/setup#\S+/)?.[0]);
    });
    child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${log.join("\n")}`)));
  });
  return { child, setupLink };
}

async function ended(child, signal) {
  const exited = new Promise((done) => child.once("exit", done));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await exited;
}

/** One value of the server's metrics. */
export async function metric(server, name) {
  const text = await (await fetch(`${server.admin}/metrics`)).text();
  const line = text.split("\n").find((l) => l.startsWith(`${name} `));
  if (!line) throw new Error(`no metric ${name}`);
  return Number(line.split(" ")[1]);
}

/** Waits until `done` returns something true, and returns it. The time is for a machine that is busy with more. */
export async function until(what, done, seconds = 120) {
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
