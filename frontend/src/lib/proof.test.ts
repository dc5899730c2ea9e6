import { createHash, hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashOf, linkProof, newSecret } from "./proof";

const secret = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

describe("the proof of a link", () => {
  it("is HKDF-SHA-256 of the secret, without salt", async () => {
    const proof = await linkProof(secret.toString("base64url"));
    expect(proof).toBe("ajBQsNQR82BUpSVdSXC-NBbJL7LeSbr9Fd8JrkGxUG8");
    const node = hkdfSync("sha256", secret, Buffer.alloc(0), "conclave link proof v1", 32);
    expect(proof).toBe(Buffer.from(node).toString("base64url"));
  });

  it.each([
    ["nothing", ""],
    ["too short", "AAEC"],
    ["too long", Buffer.alloc(33).toString("base64url")],
    ["not base64url", "%".repeat(43)],
    ["impossible base64", "A"],
  ])("does not exist for %s", async (_, text) => {
    expect(await linkProof(text)).toBeNull();
  });

  it("is kept as the SHA-256 of its text", async () => {
    const proof = "ajBQsNQR82BUpSVdSXC-NBbJL7LeSbr9Fd8JrkGxUG8";
    expect(await hashOf(proof)).toBe(createHash("sha256").update(proof).digest("base64url"));
  });

  it("exists for every secret that is made, and each is another", async () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    const proofs = await Promise.all(secrets.map(linkProof));
    expect(proofs.every((proof) => proof?.length === 43)).toBe(true);
    expect(new Set([...secrets, ...proofs]).size).toBe(100);
  });
});
