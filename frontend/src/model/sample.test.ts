import { expect, it } from "vitest";
import { sample } from "./sample";

it("makes a token's header and claims of a key", () => {
  const key = { id: "k-1", algorithm: "EdDSA", maxRole: "panelist" };
  const text = sample(key, "https://meet.example.org/s/acme", new Date("2027-05-04T09:00:00.900Z"));
  const [header = "", ...claims] = text.split("\n");
  expect(JSON.parse(header)).toEqual({ alg: "EdDSA", kid: "k-1", typ: "JWT" });
  expect(JSON.parse(claims.join("\n"))).toMatchObject({
    aud: "https://meet.example.org/s/acme",
    iat: 1_809_421_200,
    exp: 1_809_421_500,
    role: "panelist",
  });
});
