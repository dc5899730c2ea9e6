import { beforeAll, describe, expect, it } from "vitest";
import { readCredential, type Site } from "./credential";
import { type KeyPair, makeSealingKeys, makeSignatureKeys } from "./keys";
import { type Claims, claimsOf, makeSigner, type Signer } from "./rehearsal";

let signer: Signer;
let keys: KeyPair;
let claims: Claims;
const header = { alg: "EdDSA", typ: "conclave-credential" };

beforeAll(async () => {
  signer = await makeSigner();
  keys = await makeSignatureKeys();
  claims = claimsOf("p1", "presenter", keys, await makeSealingKeys());
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

describe("a credential", () => {
  it("says who somebody is", async () => {
    const jws = await signer.sign(claims);
    const { exp, name, org, seal } = claims;
    const read = await readCredential(jws, signer.site, Date.now());
    expect(read && { ...read, seal: text(read.seal) }).toEqual({
      jws,
      participant: "p1",
      name,
      org,
      role: "presenter",
      guest: true,
      owner: false,
      key: text(keys.public),
      seal,
      expires: Number(exp) * 1000,
    });
  });

  it("expires, when asked for", async () => {
    const jws = await signer.sign(claims);
    const at = Number(claims["exp"]) * 1000;
    expect(await readCredential(jws, signer.site, at - 1)).not.toBeNull();
    expect(await readCredential(jws, signer.site, at)).toBeNull();
    expect(await readCredential(jws, signer.site)).not.toBeNull();
  });

  it.each<[string, object]>([
    ["another site", { iss: "https://evil.example" }],
    ["another meeting", { aud: "987654321" }],
    ["a list of meetings", { aud: ["123456789"] }],
    ["nobody", { sub: "" }],
    ["an endless id", { sub: "p".repeat(65) }],
    ["no name", { name: undefined }],
    ["a name that is none", { name: 7 }],
    ["an endless name", { name: "n".repeat(257) }],
    ["no site's name", { org: "" }],
    ["a role nobody has", { role: "admin" }],
    ["a role by inheritance", { role: "constructor" }],
    ["perhaps a guest", { guest: "no" }],
    ["perhaps the owner", { owner: 1 }],
    ["no end", { exp: undefined }],
    ["an end that is no number", { exp: "1e99" }],
    ["an end before its beginning", { exp: 1 }],
    ["a short signature key", { sig: "AAAA" }],
    ["a signature key with padding", { sig: `${"A".repeat(43)}=` }],
    ["a short sealing key", { seal: "AAAA" }],
    ["no sealing key", { seal: undefined }],
  ])("is refused that is for %s", async (_, change) => {
    const jws = await signer.sign({ ...claims, ...change });
    expect(await readCredential(jws, signer.site)).toBeNull();
  });

  it.each<[string, object]>([
    ["no algorithm", { alg: "none", typ: "conclave-credential" }],
    ["another algorithm", { alg: "HS256", typ: "conclave-credential" }],
    ["another type", { alg: "EdDSA", typ: "JWT" }],
    ["something critical", { ...header, crit: ["exp"] }],
  ])("is refused that has %s", async (_, other) => {
    expect(await readCredential(await signer.sign(claims, header), signer.site)).not.toBeNull();
    expect(await readCredential(await signer.sign(claims, other), signer.site)).toBeNull();
  });

  it.each<[string, (jws: string) => string]>([
    ["nothing", () => ""],
    ["no signature", (jws) => jws.replace(/\.[^.]*$/, ".")],
    ["two parts", (jws) => jws.replace(/\.[^.]*$/, "")],
    ["four parts", (jws) => `${jws}.AAAA`],
    ["padding", (jws) => `${jws}=`],
    [
      "a changed claim",
      (jws) => jws.replace(/\.(.)/, (_, first) => `.${first === "e" ? "f" : "e"}`),
    ],
    ["a signature of another", (jws) => `${jws.slice(0, -8)}AAAAAAAA`],
    ["an endless one", (jws) => `${jws}${"A".repeat(5000)}`],
    ["no JSON", () => "AAAA.AAAA.AAAA"],
    ["a list", (jws) => ["W10", "W10", jws.split(".")[2]].join(".")],
    ["null", (jws) => ["bnVsbA", "bnVsbA", jws.split(".")[2]].join(".")],
  ])("is not %s", async (_, change) => {
    expect(await readCredential(change(await signer.sign(claims)), signer.site)).toBeNull();
  });

  it("is verified by the site's key, and a key that is none verifies nothing", async () => {
    const jws = await signer.sign(claims);
    const with_ = (key: Uint8Array<ArrayBuffer>): Site => ({ ...signer.site, key });
    const { site } = await makeSigner();
    expect(await readCredential(jws, with_(site.key))).toBeNull();
    expect(await readCredential(jws, with_(new Uint8Array(31)))).toBeNull();
  });
});
