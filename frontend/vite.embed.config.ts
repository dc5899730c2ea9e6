import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// The component is what other people's pages load, so it is built apart: one script
// that imports nothing, and its types. It goes where the pages went before.
export default defineConfig({
  publicDir: false,
  plugins: [
    {
      name: "types",
      generateBundle() {
        const source = readFileSync(new URL("src/embed/component.d.ts", import.meta.url), "utf8");
        this.emitFile({ type: "asset", fileName: "embed.d.ts", source });
      },
    },
  ],
  build: {
    outDir: "../server/web/dist",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "src/embed/main.ts",
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "embed.js", codeSplitting: false },
    },
  },
});
