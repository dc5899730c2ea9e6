import { describe, expect, it } from "vitest";
import { Database } from "./database";
import { newWrappingKey, seal, unseal, Vault } from "./vault";

const number = "23456789012";
const secret = Buffer.alloc(32, 7).toString("base64url");

/** As in a frame of another site, or a browser told to keep nothing. */
const forbidden = {
  open(): never {
    throw new DOMException("denied", "SecurityError");
  },
} as unknown as IDBFactory;

describe("a kept secret", () => {
  it("opens with its key and its number only", async () => {
    const key = await newWrappingKey();
    const sealed = await seal(key, number, secret);
    expect(await unseal(key, number, sealed)).toBe(secret);
    await expect(unseal(key, "23456789013", sealed)).rejects.toThrow();
    await expect(unseal(await newWrappingKey(), number, sealed)).rejects.toThrow();
  });

  it("is not in what is stored, and never sealed alike", async () => {
    const key = await newWrappingKey();
    const [one, two] = [await seal(key, number, secret), await seal(key, number, secret)];
    expect(Buffer.from(one.sealed).includes(secret)).toBe(false);
    expect(Buffer.from(one.sealed).equals(Buffer.from(two.sealed))).toBe(false);
  });

  it("is sealed with a key that nobody can take out", async () => {
    await expect(crypto.subtle.exportKey("raw", await newWrappingKey())).rejects.toThrow();
  });
});

describe.each([
  ["without IndexedDB", undefined],
  ["where IndexedDB is forbidden", forbidden],
])("%s", (_, factory) => {
  it("links are kept as long as the page", async () => {
    const links = new Vault("links", new Database(factory));
    expect(await links.get(number)).toBeNull();
    await links.keep(number, "old");
    await links.keep(number, secret);
    await links.keep("23456789013", "other");
    expect(await links.get(number)).toBe(secret);
    await links.forget(number);
    expect(await links.get(number)).toBeNull();
    expect(await links.get("23456789013")).toBe("other");
    await links.clear();
    expect(await links.get("23456789013")).toBeNull();
  });
});
