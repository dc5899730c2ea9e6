// A screen of its own: Xvfb, and a window manager, without which Chromium finds
// no windows to share.

import { spawn } from "node:child_process";
import { once } from "node:events";

/** Starts a screen of the given size. */
export async function startDisplay(width = 1920, height = 1080) {
  const xvfb = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await once(xvfb.stdio[3], "data");
  const display = `:${String(number).trim()}`;
  const openbox = spawn("openbox", [], { env: { ...process.env, DISPLAY: display }, stdio: "ignore" });
  return {
    display,
    async stop() {
      for (const child of [openbox, xvfb]) {
        if (child.exitCode !== null) continue;
        child.kill();
        await once(child, "exit");
      }
    },
  };
}
