import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bytes } from "./bytes";
import { derive, importBase, open, seal } from "./cipher";
import { decodeHeader, encodeHeader } from "./header";

/** What RFC 9605 publishes in its appendix C: every header, and suite 4. */
interface Published {
  readonly header: readonly (readonly [kid: string, counter: string, encoded: string])[];
  readonly suite4: Readonly<
    Record<"kid" | "ctr" | "base_key" | "sframe_salt" | "metadata" | "pt" | "ct", string>
  >;
}

const file = join(import.meta.dirname, "testdata/rfc9605.json");
const { header: headers, suite4 } = JSON.parse(readFileSync(file, "utf8")) as Published;

const bytesOf = (hex: string): Bytes => new Uint8Array(Buffer.from(hex, "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("RFC 9605", () => {
  it("has 289 headers, and we write and read them all", () => {
    expect(headers).toHaveLength(289);
    for (const [kid, counter, encoded] of headers) {
      expect(hexOf(encodeHeader(BigInt(kid), BigInt(counter)))).toBe(encoded);
      const length = encoded.length / 2;
      const read = decodeHeader(bytesOf(encoded));
      expect(read).toEqual({ kid: BigInt(kid), counter: BigInt(counter), length });
    }
  });

  it("has a frame of suite 4, and we seal and open it", async () => {
    const [kid, counter] = [BigInt(suite4.kid), BigInt(suite4.ctr)];
    const [plain, metadata] = [bytesOf(suite4.pt), bytesOf(suite4.metadata)];
    const key = await derive(await importBase(bytesOf(suite4.base_key)), kid);
    expect(hexOf(key.salt)).toBe(suite4.sframe_salt);
    const header = encodeHeader(kid, counter);
    const sealed = await seal(key, { header, counter }, plain, metadata);
    expect(hexOf(sealed)).toBe(suite4.ct);
    expect(await open(key, { length: header.length, counter }, sealed, metadata)).toEqual(plain);
  });
});
