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
 * moving picture, at `fps`, and beep do: few frames, as what encodes them is what most
 * tests wait for. `share` is the title of the window it
 * shares when asked, `tab` of the tab, for which it needs no display. `program` is
 * another way to start it, and `trust` an address that counts as safe without TLS.
 */
export async function startChromium({ display, camera, microphone, share, tab, program, trust, fps = 10 } = {}) {
  const args = [...quiet, `--use-fake-device-for-media-stream=fps=${fps}`];
  if (camera) args.push(`--use-file-for-fake-video-capture=${camera}`);
  if (microphone) args.push(`--use-file-for-fake-audio-capture=${microphone}`);
  if (share) args.push(`--auto-select-window-capture-source-by-title=${share}`);
  if (tab) args.push(`--auto-select-tab-capture-source-by-title=${tab}`);
  if (trust) args.push(`--unsafely-treat-insecure-origin-as-secure=${trust}`);
  return chromium.launch({
    executablePath: program ?? "/usr/bin/chromium",
    headless: !display,
    chromiumSandbox: false,
    timeout: 120_000,
    args,
    env: display ? { ...process.env, DISPLAY: display } : process.env,
  });
}

/** Starts a browser whose profile is kept in a folder, for one person. */
export async function startKept(folder) {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: "/usr/bin/chromium",
    chromiumSandbox: false,
    timeout: 120_000,
    args: [...quiet, "--use-fake-device-for-media-stream=fps=10", "--use-fake-ui-for-media-stream"],
  });
  return { newContext: async () => context, close: () => context.close() };
}

/**
 * A person with a browser profile of their own: no memory, and no cookies but
 * those of a `login`, as a context's storageState() gives them. `locale` is what
 * their browser says they read. What they wait for may take `patience` seconds.
 */
export async function chromiumPerson(
  browser,
  url,
  { width = 1280, height = 800, scheme = "light", locale = "en-GB", init, login, patience = 120 } = {},
) {
  const context = await browser.newContext({
    storageState: login,
    viewport: { width, height },
    screen: { width: 1920, height: 1080 },
    colorScheme: scheme,
    locale,
    permissions: [],
  });
  await context.grantPermissions(["camera", "microphone", "clipboard-read", "clipboard-write"], { origin: url });
  if (init) await context.addInitScript(init);
  context.setDefaultTimeout(patience * 1000);
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
    select: (label, option) => page.getByLabel(label, { exact: true }).selectOption({ label: option }),
    choose: (name) => page.getByRole("menuitem", { name, exact: true }).click(),
    has: async (name) => (await button(name).count()) > 0,
    sees: (text) => page.getByText(text).first().waitFor(),
    reload: () => page.reload(),
    text: () => page.locator("body").innerText(),
    path: () => new URL(page.url()).pathname,
    evaluate: (fn, arg) => page.evaluate(fn, arg),
    screenshot: (file) => page.screenshot({ path: file }),
    close: () => context.close(),
  };
}
