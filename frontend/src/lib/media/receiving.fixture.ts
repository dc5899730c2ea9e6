import { contexts } from "../sframe/kid";
import { Allowance } from "./allowance";
import type { Epoch } from "./epoch";
import { KeyRing } from "./keyring";
import { Remote, type TestFrame } from "./keys.fixture";
import { Progress } from "./progress";
import { Receiving } from "./receiving";

export const camera = (epoch: number, leaf = 1) => ({ context: contexts.camera, leaf, epoch });
export const microphone = (epoch: number, leaf = 1) => ({
  context: contexts.microphone,
  leaf,
  epoch,
});

/** Cryptography does not run on the clock that stands still here. */
export async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 200_000 && !done(); i++) await new Promise((next) => setImmediate(next));
  if (!done()) throw new Error("it never came to that");
}

export const aWhile = async () => {
  for (let i = 0; i < 20; i++) await new Promise((next) => setImmediate(next));
};

export function setUp(kind: "audio" | "video" = "video", most = 4_000_000) {
  const shared = { ring: new KeyRing(), allowance: new Allowance(most), progress: new Progress() };
  const passed: TestFrame[] = [];
  const shown: string[] = [];
  const log = { asked: 0, throws: false };
  const make = (of: typeof kind) =>
    new Receiving(of, shared, {
      pass: (frame) => {
        if (log.throws) throw new TypeError("the pipe is closed");
        passed.push(frame as TestFrame);
      },
      shown: (turn, leaf) => shown.push(`turn ${turn}: leaf ${leaf}`),
      needsKeyFrame: () => log.asked++,
    });
  const line = make(kind);
  if (kind === "video") line.expect({ leaf: 1, source: "camera" }, 1);
  const learn = (epoch: Epoch) => {
    shared.ring.add(epoch);
    line.wake();
  };
  const done = () => {
    const { opened, dropped } = line.counts;
    return opened + Object.values(dropped).reduce((sum, n) => sum + n, 0);
  };
  const take = async (...frames: TestFrame[]) => {
    const goal = done() + frames.length;
    for (const frame of frames) line.take(frame);
    await until(() => done() === goal);
  };
  return { shared, line, make, passed, shown, log, learn, take, remote: new Remote() };
}
