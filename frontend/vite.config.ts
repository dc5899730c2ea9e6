import { defineConfig } from "vitest/config";

// One build, embedded into the server: no source map is shipped, the polyfill
// for module preloading would be the only inline code, and public/ carries the
// .gitkeep that keeps the output folder in git.
export default defineConfig({
  build: {
    outDir: "../server/web/dist",
    emptyOutDir: true,
    manifest: ".manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  worker: { format: "es" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { environment: "node", include: ["src/**/*.test.ts", "scripts/**/*.test.ts"] },
});
