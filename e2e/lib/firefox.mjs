// Debian's Firefox, driven by Puppeteer over WebDriver BiDi.

import puppeteer from "puppeteer-core";

/**
 * Starts Firefox. Cameras and microphones are its own moving picture and tone.
 * `prefs` are added to those that let a test run without prompts.
 */
export async function startFirefox({ display, prefs = {} } = {}) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    env: { ...process.env, ...(display ? { DISPLAY: display } : {}) },
    extraPrefsFirefox: {
      "media.navigator.permission.disabled": true,
      "media.navigator.streams.fake": true,
      ...prefs,
    },
  });
}

/** A person in a tab of their own. */
export async function firefoxPerson(browser, url, { width = 1280, height = 800, init } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width, height });
  if (init) await page.evaluateOnNewDocument(init);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  const find = (name, role) => page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`, { timeout: 20_000 });
  return {
    browser: "Firefox",
    page,
    problems,
    goto: (path) => page.goto(new URL(path, url).href),
    async fill(label, value) {
      const field = await page.waitForSelector(`::-p-aria(${label})`, { timeout: 20_000 });
      await field.click({ count: 3 });
      await field.type(value);
    },
    press: async (name) => (await find(name, "button")).click(),
    choose: async (name) => (await find(name, "menuitem")).click(),
    has: async (name) => (await page.$(`::-p-aria([name="${name}"][role="button"])`)) !== null,
    sees: (text) =>
      page.waitForFunction((t) => document.body.innerText.includes(t), { timeout: 20_000, polling: 100 }, text),
    text: () => page.evaluate(() => document.body.innerText),
    path: () => new URL(page.url()).pathname,
    evaluate: (fn, arg) => page.evaluate(fn, arg),
    screenshot: (file) => page.screenshot({ path: file }),
    close: () => context.close(),
  };
}
