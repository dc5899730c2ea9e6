// The pages in German and in Arabic, which runs from right to left: on a phone and
// in a large window axe finds nothing to say, nothing is wider than the window, and
// what people compare, type and read out stays in its order.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromiumPerson, startChromium } from "../lib/chromium.mjs";
import { faultless, settle } from "../lib/look.mjs";
import { root, startServer, until } from "../lib/server.mjs";
import { enter, password, schedule, securityCode, setUp } from "../lib/steps.mjs";

const out = path.join(root, "e2e/out");
const phone = { width: 390, height: 844 };
const large = { width: 1280, height: 800 };
const tongues = [
  {
    ...{ tag: "de", locale: "de-AT", dir: "ltr", reader: "Grete" },
    ...{ name: "Ihr Name", join: "Teilnehmen", unmute: "Mikrofon an", participants: "Personen" },
    ...{ chat: "Chat", message: "Nachricht", send: "Senden", more: "Mehr", security: "Sicherheit" },
    ...{ code: "Sicherheitscode", leave: "Verlassen", gone: "Sie haben die Besprechung verlassen" },
  },
  {
    ...{ tag: "ar", locale: "ar-EG", dir: "rtl", reader: "ليلى" },
    ...{ name: "اسمك", join: "انضمام", unmute: "إلغاء الكتم", participants: "المشاركون" },
    ...{ chat: "الدردشة", message: "الرسالة", send: "إرسال", more: "المزيد", security: "الأمان" },
    ...{ code: "رمز الأمان", leave: "مغادرة", gone: "غادرت الاجتماع" },
  },
];
let server, browser, ada, meeting;

before(async () => {
  await mkdir(out, { recursive: true });
  server = await startServer();
  browser = await startChromium();
  ada = await chromiumPerson(browser, server.url);
  await setUp(ada, server);
  meeting = await schedule(ada, "Quarterly numbers (2)");
  await ada.press("Start");
  await enter(ada);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Keeps a picture of what is on screen, and finds no fault with it. */
async function look(person, name, sizes = [phone]) {
  for (const size of sizes) {
    await person.page.setViewportSize(size);
    await person.evaluate(settle);
    await person.screenshot(path.join(out, `${name}-${size.width}.png`));
    await faultless(person, `${name}, ${size.width}`);
  }
}

const speaks = (person) =>
  person.evaluate(() => [document.documentElement.lang, document.documentElement.dir].join(" "));

for (const words of tongues) {
  const { tag, dir } = words;

  test(`a guest is in a meeting in ${tag}, on a phone`, async () => {
    const guest = await chromiumPerson(browser, server.url, { ...phone, locale: words.locale });
    await guest.goto(meeting.link);
    await guest.sees("Quarterly numbers (2)");
    assert.equal(await speaks(guest), `${tag} ${dir}`);
    await look(guest, `${tag}-door`);
    await guest.fill(words.name, words.reader);
    await guest.press(words.join);
    await until("the room", () => guest.has(words.unmute));
    await look(guest, `${tag}-room`);
    for (const panel of ["participants", "chat", "security"]) {
      if (panel !== "security") await guest.press(words[panel]);
      else await guest.page.locator(".protection button").click();
      await guest.page.locator(`.panel[aria-label="${words[panel]}"]`).waitFor();
      if (panel === "chat") {
        await guest.fill(words.message, "It is at https://example.org/numbers (page 3).");
        await guest.press(words.send);
        await guest.sees("It is at");
      }
      if (panel === "security") await sameCode(guest, words.code);
      await look(guest, `${tag}-${panel}`);
      await guest.page.keyboard.press("Escape");
    }
    await guest.press(words.more);
    await look(guest, `${tag}-more`);
    await guest.page.keyboard.press("Escape");
    await guest.page.keyboard.press("?");
    await guest.page.getByRole("dialog").waitFor();
    await look(guest, `${tag}-shortcuts`, [phone, large]);
    await guest.page.keyboard.press("Escape");
    await look(guest, `${tag}-room`, [large, phone]);
    await guest.press(words.leave);
    await guest.sees(words.gone);
    await look(guest, `${tag}-left`);
    assert.deepEqual(guest.problems, []);
    await guest.close();
  });
}

/** Both see the same code, and its groups stand in one order, from left to right. */
async function sameCode(guest, label) {
  const code = guest.page.locator(`[aria-label="${label}"]`);
  const digits = (await code.textContent()).replace(/\D/g, "");
  assert.equal(digits, await securityCode(ada));
  const placed = await code.evaluate((element) =>
    [...element.children].map((group) => {
      const { top, left } = group.getBoundingClientRect();
      return [Math.round(top), left];
    }),
  );
  const inOrder = placed.toSorted(([a, b], [c, d]) => a - c || b - d);
  assert.deepEqual(placed, inOrder, "the groups of the code are in another order");
}

test("a language is chosen at the foot of a page, for the visit", async () => {
  const visitor = await chromiumPerson(browser, server.url, { ...phone, locale: "fr-FR" });
  await visitor.goto("/join");
  await visitor.sees("Meeting number");
  assert.equal(await speaks(visitor), "en ltr");
  await visitor.press("العربية");
  await visitor.page.getByLabel("رقم الاجتماع", { exact: true }).waitFor();
  assert.equal(await speaks(visitor), "ar rtl");
  await visitor.page.getByLabel("رقم الاجتماع", { exact: true }).fill("٢٣٤٥ ٦٧٨ ٩٠١٢");
  await look(visitor, "ar-join", [phone, large]);
  await visitor.goto("/signin");
  await visitor.page.locator("html[lang=ar]").waitFor();
  await look(visitor, "ar-signin");
  await visitor.press("Deutsch");
  await visitor.page.locator("html[lang=de]").waitFor();
  await look(visitor, "de-signin");
  const another = await visitor.page.context().newPage();
  await another.goto(new URL("/join", server.url).href);
  await another.getByLabel("Meeting number", { exact: true }).waitFor();
  await visitor.close();
});

test("a profile's language goes along with its owner, and goes when they sign out", async () => {
  const host = await chromiumPerson(browser, server.url);
  await host.goto("/signin");
  await host.fill("Email", "ada@example.org");
  await host.fill("Password", password);
  await host.press("Sign in");
  await host.sees("Quarterly numbers");
  await host.goto("/profile");
  await host.select("Language", "العربية");
  await host.press("Save");
  await host.page.locator("html[lang=ar]").waitFor();
  for (const [name, where, sees] of [
    ["meetings", "/meetings", "Quarterly numbers"],
    ["profile", "/profile", "ada@example.org"],
    ["reports", "/reports", "Quarterly numbers"],
    ["people", "/admin/people", "ada@example.org"],
    ["policy", "/admin/policy", "السياسة"],
    ["embedding", "/admin/embedding", "مفاتيح رموز الانضمام"],
    ["audit", "/admin/audit", "ada@example.org"],
    ["webhooks", "/admin/webhooks", "إضافة Webhook"],
  ]) {
    await host.goto(where);
    await host.sees(sees);
    assert.equal(await speaks(host), "ar rtl");
    await look(host, `ar-${name}`, [phone, large]);
  }
  await host.press("تسجيل الخروج");
  await host.sees("Join a meeting");
  assert.equal(await speaks(host), "en ltr");
  await host.goto("/signin");
  await host.fill("Email", "ada@example.org");
  await host.fill("Password", password);
  await host.press("Sign in");
  await host.page.locator("html[lang=ar]").waitFor();
  await host.sees("اجتماعاتك");
  await host.close();
});
