import type { JoinKey } from "../lib/join-keys";

/**
 * sample is what a token of a key is made of, header and claims, ready to be filled
 * in: what does not depend on the meeting is right already.
 */
export function sample(
  { id, algorithm, maxRole }: Pick<JoinKey, "id" | "algorithm" | "maxRole">,
  audience: string,
  now: Date,
): string {
  const iat = Math.floor(now.getTime() / 1000);
  const header = { alg: algorithm, kid: id, typ: "JWT" };
  const claims = {
    aud: audience,
    iat,
    exp: iat + 300,
    jti: "7f2c9a0b5d3e4861",
    meeting: "23456789012",
    name: "Ada Lovelace",
    role: maxRole,
  };
  return `${JSON.stringify(header)}\n${JSON.stringify(claims, null, 2)}`;
}
