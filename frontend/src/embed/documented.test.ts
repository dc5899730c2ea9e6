import { spawnSync } from "node:child_process";
import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandNames } from "../model/embed/commands";
import { eventNames } from "../model/embed/events";
import { commands, events } from "./protocol";

// What docs/embedding.md says is what there is. Its example runs in e2e/tests/component.test.mjs.
const text = readFileSync(join(import.meta.dirname, "../../../docs/embedding.md"), "utf8");

/** The first column of the first table under a heading. */
function rows(heading: string): string[] {
  const [, section = ""] = text.split(`\n### ${heading}\n`);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
}

describe("the two ends", () => {
  it("know the same commands and events", () => {
    expect(commandNames).toEqual(commands);
    expect(eventNames).toEqual(events);
  });
});

describe("the documentation", () => {
  it("has every command, and no other", () => {
    expect(rows("Commands")).toEqual(commands);
  });

  it("has every event, and no other", () => {
    expect(rows("Events")).toEqual(events);
  });

  it("has the rights that the component gives to its frame", () => {
    const source = readFileSync(join(import.meta.dirname, "meeting.ts"), "utf8");
    const [, allow = ""] = /const allow = "([^"]+)"/.exec(source) ?? [];
    expect(text.replace(/\s+/g, " ")).toContain(`allow="${allow}"`);
    for (const feature of allow.split("; ")) {
      expect(text).toContain(`${feature}=(self "https://meet.example.org")`);
    }
  });

  it("makes a token that is one", () => {
    const [, code = ""] = /```js\n(import \{ createPrivateKey[\s\S]*?)```/.exec(text) ?? [];
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const folder = mkdtempSync(join(tmpdir(), "embed-token-"));
    try {
      writeFileSync(
        join(folder, "join-key.pem"),
        privateKey.export({ type: "pkcs8", format: "pem" }),
      );
      const print = 'console.log(joinToken({ meeting: "23456789012", name: "Grace" }));';
      writeFileSync(join(folder, "token.mjs"), `${code}\n${print}`);
      const { stdout, stderr } = spawnSync(process.execPath, ["token.mjs"], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      const [header = "", claims = "", signature = ""] = stdout.trim().split(".");
      const read = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
      expect(
        verify(
          null,
          Buffer.from(`${header}.${claims}`),
          publicKey,
          Buffer.from(signature, "base64url"),
        ),
      ).toBe(true);
      expect(read(header)).toMatchObject({ alg: "EdDSA", kid: expect.any(String) });
      expect(read(claims)).toMatchObject({
        ...{
          aud: "https://meet.example.org",
          meeting: "23456789012",
          name: "Grace",
          role: "attendee",
        },
        jti: expect.stringMatching(/^.{8,64}$/),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
