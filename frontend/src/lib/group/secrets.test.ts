import { hkdfSync, scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { linkPsk, passwordPsk } from "./secrets";

const number = "123456789";
const hex = (bytes: Uint8Array | ArrayBuffer) => Buffer.from(new Uint8Array(bytes)).toString("hex");

describe("the pre-shared key", () => {
  it("of the link is HKDF-SHA-256 of its secret", async () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
    const psk = await linkPsk(secret, number);
    const info = `conclave psk v1 link ${number}`;
    expect(hex(psk)).toBe(hex(hkdfSync("sha256", secret, new Uint8Array(), info, 32)));
    expect(hex(await linkPsk(secret, "987654321"))).not.toBe(hex(psk));
  });

  it("of the password is scrypt of it, and lets others work meanwhile", async () => {
    const key = passwordPsk("tabo-kimu-neva-38", number);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const psk = await key;
    clearInterval(timer);
    const salt = `conclave psk v1 password ${number}`;
    const options = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 };
    expect(hex(psk)).toBe(hex(scryptSync("tabo-kimu-neva-38", salt, 32, options)));
    expect(turns).toBeGreaterThan(0);
  });
});
