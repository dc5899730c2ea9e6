// Debian's Firefox, driven by Puppeteer over WebDriver BiDi.

import puppeteer from "puppeteer-core";

/** What a step may take, in milliseconds. */
const patience = 120_000;

/**
 * Starts Firefox. Cameras and microphones are its own moving picture and tone.
 * `prefs` are added to those that let a test run without prompts.
 */
export async function startFirefox({ display, prefs = {} } = {}) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    timeout: patience,
    env: { ...process.env, ...(display ? { DISPLAY: display } : {}) },
    extraPrefsFirefox: {
      "media.navigator.permission.disabled": true,
      "media.navigator.streams.fake": true,
      ...prefs,
    },
  });
}

/**
 * Put into a page before its own scripts: it is looked at, whatever tab is in
 * front. Playwright makes Chromium say so, too; nobody does it for Firefox.
 */
function inSight() {
  Object.defineProperty(Document.prototype, "visibilityState", { configurable: true, get: () => "visible" });
}

/** A person in a tab of their own. */
export async function firefoxPerson(browser, url, { width = 1280, height = 800, init } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.setViewport({ width, height });
  await page.evaluateOnNewDocument(inSight);
  if (init) await page.evaluateOnNewDocument(init);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  const find = (name, role) => page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`);
  return {
    browser: "Firefox",
    page,
    problems,
    goto: (path) => page.goto(new URL(path, url).href),
    async fill(label, value) {
      const field = await page.waitForSelector(`::-p-aria(${label})`);
      await field.click({ count: 3 });
      await field.type(value);
    },
    async select(label, option) {
      const field = await page.waitForSelector(`::-p-aria([name="${label}"][role="combobox"])`);
      const value = await field.evaluate((f, o) => [...f.options].find((one) => one.textContent === o)?.value, option);
      if (value === undefined) throw new Error(`${label}: no ${option}`);
      await field.select(value);
    },
    press: async (name) => (await find(name, "button")).click(),
    choose: async (name) => (await find(name, "menuitem")).click(),
    has: async (name) => (await page.$(`::-p-aria([name="${name}"][role="button"])`)) !== null,
    sees: (text) =>
      page.waitForFunction((t) => document.body.innerText.includes(t), { polling: 100 }, text),
    reload: () => page.reload(),
    text: () => page.evaluate(() => document.body.innerText),
    path: () => new URL(page.url()).pathname,
    evaluate: (fn, arg) => page.evaluate(fn, arg),
    screenshot: (file) => page.screenshot({ path: file }),
    close: () => context.close(),
  };
}
