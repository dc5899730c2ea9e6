import { describe, expect, it } from "vitest";
import { addressOf, invitedBy } from "./address";

const number = "23456789012";

describe("where the frame is", () => {
  it.each([
    ["meet.example.org", "https://meet.example.org/embed/23456789012"],
    ["meet.example.org:8443", "https://meet.example.org:8443/embed/23456789012"],
    ["https://meet.example.org/", "https://meet.example.org/embed/23456789012"],
    ["https://example.org/s/acme", "https://example.org/s/acme/embed/23456789012"],
    ["http://localhost:8080", "http://localhost:8080/embed/23456789012"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/embed/23456789012"],
    ["http://a.localhost", "http://a.localhost/embed/23456789012"],
  ])("%s", (domain, href) => {
    expect(addressOf(domain, "2345 678-9012", undefined).href).toBe(href);
    expect(addressOf(domain, number, "s3_cret-").href).toBe(`${href}#s3_cret-`);
    expect(addressOf(domain, number, "").origin).toBe(new URL(href).origin);
  });

  it.each([
    ["no domain", "", number, "", /domain is missing/],
    ["plain HTTP elsewhere", "http://meet.example.org", number, "", /takes https/],
    ["what only looks local", "http://localhost.evil.example", number, "", /takes https/],
    ["a script", "javascript://%0aalert(1)", number, "", /takes https/],
    ["a page", "https://meet.example.org/j/23456789012", number, "", /not a site/],
    ["a query", "https://meet.example.org/?x=1", number, "", /not a site/],
    ["a password", "https://a:b@meet.example.org", number, "", /password/],
    ["no number", "meet.example.org", undefined, "", /eleven digits/],
    ["a number that lost its last digit", "meet.example.org", 2345678901, "", /eleven digits/],
    ["a path for a number", "meet.example.org", "../../admin", "", /eleven digits/],
    ["a secret that is more", "meet.example.org", number, "x&y", /behind the #/],
    ["a secret that is none", "meet.example.org", number, 5, /behind the #/],
  ])("%s is refused", (_, domain, digits, secret, words) => {
    expect(() => addressOf(domain, digits, secret)).toThrow(words);
  });
});

describe("the link of an invitation", () => {
  it.each(["/j/", "/embed/"])("leads to the frame, also as %s", (path) => {
    const invited = invitedBy(`https://example.org/s/acme${path}${number}#secret`);
    expect(invited).toEqual({ domain: "https://example.org/s/acme", number, secret: "secret" });
    expect(addressOf(invited.domain, invited.number, invited.secret).href).toBe(
      `https://example.org/s/acme/embed/${number}#secret`,
    );
  });

  it.each([
    [`http://example.org/j/${number}#top-secret`],
    ["https://example.org/meetings#top-secret"],
    ["https://example.org/j/12#top-secret"],
    ["/j/23456789012#top-secret"],
  ])("%s is none, and what is wrong is said without its secret", (link) => {
    expect(() => invitedBy(link)).toThrow(TypeError);
    expect(() => invitedBy(link)).not.toThrow(/top-secret/);
  });
});
