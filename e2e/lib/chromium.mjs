// Debian's Chromium, driven by Playwright.

import { chromium } from "playwright-core";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--autoplay-policy=user-gesture-required",
];

/**
 * Starts a browser. With `display` it has windows on that screen. `camera` and
 * `microphone` are files that stand for devices; without them the browser's own
 * moving picture and beep do. `share` is the title of the window it shares when
 * asked.
 */
export async function startChromium({ display, camera, microphone, share } = {}) {
  const args = [...quiet, "--use-fake-device-for-media-stream"];
  if (camera) args.push(`--use-file-for-fake-video-capture=${camera}`);
  if (microphone) args.push(`--use-file-for-fake-audio-capture=${microphone}`);
  if (share) args.push(`--auto-select-window-capture-source-by-title=${share}`);
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    headless: !display,
    chromiumSandbox: false,
    args,
    env: display ? { ...process.env, DISPLAY: display } : process.env,
  });
}

/** A person with a browser profile of their own: no cookies, no memory. */
export async function chromiumPerson(browser, url, { width = 1280, height = 800, scheme = "light", init } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    screen: { width: 1920, height: 1080 },
    colorScheme: scheme,
    permissions: [],
  });
  await context.grantPermissions(["camera", "microphone", "clipboard-read", "clipboard-write"], { origin: url });
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const button = (name) => page.getByRole("button", { name, exact: true });
  return {
    browser: "Chromium",
    page,
    problems,
    goto: (path) => page.goto(new URL(path, url).href),
    fill: (label, value) => page.getByLabel(label, { exact: true }).fill(value),
    press: (name) => button(name).click(),
    choose: (name) => page.getByRole("menuitem", { name, exact: true }).click(),
    has: async (name) => (await button(name).count()) > 0,
    sees: (text) => page.getByText(text).first().waitFor({ timeout: 20_000 }),
    text: () => page.locator("body").innerText(),
    path: () => new URL(page.url()).pathname,
    evaluate: (fn, arg) => page.evaluate(fn, arg),
    screenshot: (file) => page.screenshot({ path: file }),
    close: () => context.close(),
  };
}
