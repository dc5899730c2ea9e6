import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

// What an embedder writes, with /embed.d.ts saved beside it, and what the compiler
// must not let through.
const usage = `
import { ConclaveMeeting, type MeetingError, type Participant } from "./embed.js";

const meeting = new ConclaveMeeting("meet.example.org", {
  number: "23456789012",
  secret: "secret",
  parentNode: document.body,
  displayName: "Grace",
  theme: { accent: "#2457a7" },
});
const people: Participant[] = [];
meeting
  .on("participantJoined", (who) => people.push(who))
  .once("videoConferenceLeft", () => meeting.dispose());
meeting.on("audioMuteStatusChanged", ({ muted }) => muted.valueOf());
export async function go(): Promise<boolean> {
  await meeting.executeCommand("setTileView", { enabled: true });
  const { asked } = await meeting.executeCommand("toggleAudio");
  try {
    await meeting.executeCommand("hangup");
  } catch (thrown) {
    const { code } = thrown as MeetingError;
    if (code === "not_in_meeting") return false;
  }
  const muted: boolean = await meeting.executeCommand("isAudioMuted");
  return asked ?? (muted || (await meeting.isAudioMuted()));
}
const element = document.createElement("conclave-meeting");
element.meeting?.executeCommand("hangup").catch(() => {});
new window.ConclaveMeeting("meet.example.org", { number: "23456789012", parentNode: element });

// @ts-expect-error there is no such event
meeting.on("videoConferenceJoind", () => {});
// @ts-expect-error it has no name
meeting.on("participantLeft", ({ displayName }) => displayName);
// @ts-expect-error there is no such command
void meeting.executeCommand("unmute");
// @ts-expect-error it takes an argument
void meeting.executeCommand("setTileView");
// @ts-expect-error of another type
void meeting.executeCommand("setTileView", { enabled: "yes" });
// @ts-expect-error it takes none
void meeting.executeCommand("hangup", {});
// @ts-expect-error a meeting has a number
new ConclaveMeeting("meet.example.org", { parentNode: document.body });
// @ts-expect-error nobody can put another frame there
meeting.iframe = document.createElement("iframe");
`;

function compile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "embed-types-"));
  const tsc = join(import.meta.dirname, "../../node_modules/.bin/tsc");
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false"];
  try {
    copyFileSync(join(import.meta.dirname, "component.d.ts"), join(folder, "embed.d.ts"));
    writeFileSync(join(folder, "usage.ts"), text);
    const how = [
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom",
    ];
    const { stdout, error } = spawnSync(tsc, [...flags, ...how, "--types", "", "usage.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    return error ? String(error) : stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("has types that an embedder's compiler takes, and that catch mistakes", () => {
  expect(compile(usage)).toBe("");
});

it("was compiled at all", () => {
  expect(compile(usage.replace("// @ts-expect-error it takes none", ""))).toMatch(/error TS2554/);
});
