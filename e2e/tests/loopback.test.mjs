// Where the server's media has a loopback address only, both browsers connect.
// Firefox must be told that loopback counts; see docs/adr/0002-loopback-ice.md.

import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { firefoxPerson, startFirefox } from "../lib/firefox.mjs";
import { countNegotiations } from "../lib/probe.mjs";
import { startServer, until } from "../lib/server.mjs";
import { enter, joinByLink, schedule, setUp } from "../lib/steps.mjs";

let server, chromium;

before(async () => {
  server = await startServer({ udp: "127.0.0.1" });
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await server?.stop();
});

const connected = (person) =>
  until(`media in ${person.browser}`, () => person.evaluate(() => probe.peers[0].connectionState === "connected"));

test("Chromium connects", async () => {
  const ada = await chromiumPerson(chromium, server.url, { init: countNegotiations });
  await setUp(ada, server);
  const meeting = await schedule(ada, "At home");
  await ada.press("Start");
  await enter(ada);
  await connected(ada);
  server.link = meeting.link;
});

for (const [name, prefs] of [
  ["hides its addresses", {}],
  ["shows its addresses", { "media.peerconnection.ice.obfuscate_host_addresses": false }],
]) {
  test(`Firefox that ${name} connects`, async () => {
    const firefox = await startFirefox({ prefs: { "media.peerconnection.ice.loopback": true, ...prefs } });
    try {
      const nils = await firefoxPerson(firefox, server.url, { init: countNegotiations });
      await joinByLink(nils, server.link, "Nils");
      await connected(nils);
    } finally {
      await firefox.close();
    }
  });
}
