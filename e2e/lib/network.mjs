// Three machines made of one: network namespaces with cables between them, of which
// one can be pulled. It takes root, as for every change of a network.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const ip = (line) => execFileSync("ip", line.split(" "), { stdio: "pipe" });

/** Whether this machine lets a test make networks. */
export const canPlug = () => process.getuid() === 0;

/**
 * Makes a machine for a server, at `address` by every cable; one for a browser on
 * the move, which has two cables of which the first is plugged in; and one for a
 * browser that stays, with a cable of its own. `move` pulls the mover's first cable
 * and plugs the second in.
 */
export async function startNetwork() {
  const [server, mover, stayer] = ["server", "mover", "stayer"].map((name) => `conclave-${name}-${process.pid}`);
  const address = "10.99.0.1";
  const dir = await mkdtemp(path.join(tmpdir(), "conclave-network-"));
  for (const name of [server, mover, stayer]) {
    ip(`netns add ${name}`);
    ip(`-n ${name} link set lo up`);
  }
  ip(`-n ${server} addr add ${address}/32 dev lo`);
  for (const [i, machine] of [mover, mover, stayer].entries()) {
    ip(`link add wire${i} netns ${server} type veth peer name wire${i} netns ${machine}`);
    ip(`-n ${server} addr add 10.99.${i + 1}.1/24 dev wire${i}`);
    ip(`-n ${server} link set wire${i} up`);
    ip(`-n ${machine} addr add 10.99.${i + 1}.2/24 dev wire${i}`);
  }
  const plug = (machine, i) => {
    ip(`-n ${machine} link set wire${i} up`);
    ip(`-n ${machine} route add default via 10.99.${i + 1}.1`);
  };
  plug(mover, 0);
  plug(stayer, 2);
  /** A program that runs another on one of the machines. */
  const onMachine = async (name, binary) => {
    const file = path.join(dir, name);
    await writeFile(file, `#!/bin/sh\nexec ip netns exec ${name} ${binary} "$@"\n`, { mode: 0o700 });
    return file;
  };
  return {
    address,
    /** What is put before a command to run it on the server's machine. */
    prefix: ["ip", "netns", "exec", server],
    mover: (binary) => onMachine(mover, binary),
    stayer: (binary) => onMachine(stayer, binary),
    move() {
      ip(`-n ${mover} link set wire0 down`);
      plug(mover, 1);
    },
    async stop() {
      for (const name of [server, mover, stayer]) ip(`netns del ${name}`);
      await rm(dir, { recursive: true });
    },
  };
}
