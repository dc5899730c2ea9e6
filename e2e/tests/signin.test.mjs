// Ways to sign in, in a real browser: a passkey of a virtual authenticator, an
// authenticator app, and another site's OpenID provider. At localhost, because
// passkeys want a name.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { extremes, look } from "../lib/look.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { password } from "../lib/steps.mjs";

let server, url, browser, ada, provider, providerAddress;

before(async () => {
  server = await startServer();
  url = server.url.replace("127.0.0.1", "localhost");
  providerAddress = await freeAddress();
  provider = spawn(path.join(root, "bin/provider"), [providerAddress, `${url}/v1/login/oidc/callback`]);
  await until("the provider", () => fetch(`http://${providerAddress}/.well-known/openid-configuration`).then((r) => r.ok, () => false));
  browser = await startChromium();
  ada = await chromiumPerson(browser, url);
  await ada.goto(server.setupLink.replace("127.0.0.1", "localhost"));
  await ada.fill("Your name", "Ada Host");
  await ada.fill("Email", "ada@example.org");
  await ada.fill("Password", password);
  await ada.press("Set up");
  await ada.sees("Schedule a meeting");
});

after(async () => {
  await browser?.close();
  provider?.kill();
  await server?.stop();
});

async function freeAddress() {
  const taken = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => taken.once("listening", done));
  const { port } = taken.address();
  await new Promise((done) => taken.close(done));
  return `127.0.0.1:${port}`;
}

/** A large window by day and a phone by night, without a fault. */
const looked = (person, name) => look(person, name, { of: extremes, fullPage: true });

/** What an authenticator app shows (RFC 6238), some steps from now. */
function codeOf(secret, steps = 0) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signOut(person) {
  await person.press("Sign out");
  await until("signed out", async () => !(await person.has("Sign out")));
}

test("a passkey is added, and signs in without an address typed", async () => {
  const cdp = await ada.page.context().newCDPSession(ada.page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  await ada.goto("/profile/signin");
  await ada.sees("Passkeys");
  await looked(ada, "factors-none");
  await ada.fill("Name of the passkey", "My phone");
  await ada.press("Add a passkey");
  await ada.sees("not used yet");
  await looked(ada, "factors-passkey");
  await signOut(ada);
  await ada.goto("/signin");
  await ada.sees("Sign in with a passkey");
  await looked(ada, "signin-passkey");
  await ada.press("Sign in with a passkey");
  await ada.sees("Your meetings");
  await ada.goto("/profile/signin");
  await ada.sees("last used");
});

test("an authenticator app is set up, and asked for after the password", async () => {
  await ada.press("Set up the app");
  await ada.sees("Scan this picture");
  await looked(ada, "factors-app");
  const secret = (await ada.page.locator(".key-text").innerText()).replaceAll(" ", "");
  await ada.fill("Code", codeOf(secret, -1));
  await ada.press("Turn on");
  await ada.sees("Your recovery codes");
  await looked(ada, "factors-codes");
  const [recovery] = await ada.page.locator(".codes li").allInnerTexts();
  await ada.press("I have kept them");
  await ada.sees("10 recovery codes are left");
  await signOut(ada);
  for (const [code, again] of [[codeOf(secret), false], [recovery, true]]) {
    await ada.goto("/signin");
    await ada.fill("Email", "ada@example.org");
    await ada.fill("Password", password);
    await ada.press("Sign in");
    await ada.sees("Your second factor");
    if (!again) {
      await looked(ada, "signin-code");
      await ada.fill("Code", "000000");
      await ada.press("Sign in");
      await ada.sees("The code is wrong");
    }
    await ada.fill("Code", code);
    await ada.press("Sign in");
    await ada.sees("Your meetings");
    if (!again) await signOut(ada);
  }
});

test("somebody comes by the site's provider", async () => {
  const status = await ada.evaluate(async (issuer) => {
    const provider = {
      issuer, clientId: "conclave", clientSecret: "a secret: of/the client", label: "Example Ltd",
      emailDomains: ["example.org"], createAccounts: true,
    };
    const headers = { "Content-Type": "application/json", "If-Match": '"1"' };
    const answer = await fetch("/v1/sites/default/signin", { method: "PUT", headers, body: JSON.stringify({ provider }) });
    return answer.status;
  }, `http://${providerAddress}`);
  assert.equal(status, 200);
  const grace = await chromiumPerson(browser, url);
  const come = async (name) => {
    await grace.goto("/signin");
    await grace.press("Continue with Example Ltd");
    await grace.page.locator('input[name="username"]').fill(name);
    await grace.page.locator('input[name="password"]').fill("verysecure");
    await grace.page.locator('button[type="submit"], input[type="submit"]').first().click();
  };
  await come("mallory");
  await grace.sees("does not vouch for your e-mail address");
  assert.equal(new URL(grace.page.url()).hash, "");
  await looked(grace, "signin-provider");
  await come("grace");
  await grace.sees("Your meetings");
  await grace.goto("/profile/signin");
  await grace.sees("Linked with grace@example.org.");
  await looked(grace, "factors-provider");
  await grace.close();
});

test("a site that wants two factors leads an administrator to set one up", async () => {
  const second = await ada.evaluate(async () => {
    const { securityOptions } = await (await fetch("/v1/sites/default/policy")).json();
    const etag = (await fetch("/v1/sites/default/policy")).headers.get("ETag");
    const body = JSON.stringify({ securityOptions: { ...securityOptions, requireSecondFactor: true } });
    return (await fetch("/v1/sites/default/policy", { method: "PUT", headers: { "Content-Type": "application/json", "If-Match": etag }, body })).status;
  });
  assert.equal(second, 200);
  await ada.goto("/meetings"); // she has shown two
  await ada.sees("Your meetings");
  await ada.goto("/profile/signin");
  await ada.press("Turn off");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Turn off", exact: true }).click();
  await ada.sees("Set up the app");
  await ada.press("Delete My phone");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await until("no passkey", async () => !(await ada.has("Delete My phone")));
  await signOut(ada);
  await ada.goto("/signin");
  await ada.fill("Email", "ada@example.org");
  await ada.fill("Password", password);
  await ada.press("Sign in");
  await ada.sees("This site wants a second factor of you before anything else");
  await looked(ada, "factors-needed");
  await ada.goto("/meetings");
  await until("led back", () => ada.path() === "/profile/signin");
  await ada.fill("Name of the passkey", "My other phone");
  await ada.press("Add a passkey");
  await ada.sees("Everything is open to you now.");
  await ada.goto("/meetings");
  await ada.sees("Your meetings");
});
