// A tab full of code to share: pages/code.html, in 1080p.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./server.mjs";

/** Opens the tab; it stands at part 0. A browser with `tab: "CODE"` shares it when asked. */
export async function openCode(browser) {
  const size = { width: 1920, height: 1080 };
  const context = await browser.newContext({ viewport: size, screen: size });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(root, "e2e/pages/code.html")).href);
  const show = (part) => page.evaluate((n) => globalThis.show(n), part);
  return {
    /** Scrolls to a part, for a second, and returns when it stood still there. */
    show,
    film: (on) => page.evaluate((playing) => globalThis.film(playing), on),
    /** What each of the first parts looks like: PNG files in base64, by number. */
    async pictures(parts) {
      const pictures = {};
      for (let part = parts - 1; part >= 0; part--) {
        await show(part);
        pictures[part] = (await page.screenshot()).toString("base64");
      }
      return pictures;
    },
    close: () => context.close(),
  };
}
