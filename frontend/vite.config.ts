import { defineConfig } from "vitest/config";
import { alone, integrity } from "./scripts/integrity.mjs";

// What ts-mls puts its codecs together with when it is loaded, of all messages
// there are. Nothing happens in it, so those we do not use are left out.
const codecs = [
  "encode",
  "mapDecoder",
  "mapDecoderOption",
  "mapDecoders",
  "mapDecodersOption",
  "flatMapDecoder",
  "contramapBufferEncoder",
  "contramapBufferEncoders",
  "composeBufferEncoders",
  "varLenTypeEncoder",
  "decodeVarLenType",
  "bigintMapEncoder",
  "decodeBigintMap",
  "numberRecordEncoder",
  "decodeNumberRecord",
  "base64RecordEncoder",
  "decodeBase64Record",
  "optionalEncoder",
  "decodeOptional",
  "orDecoder",
];

// One build, embedded into the server: no source map is shipped, the polyfill
// for module preloading would be the only inline code, and public/ carries the
// .gitkeep that keeps the output folder in git. There is one stylesheet, because
// a page's own would be loaded by script, and nothing could say what it must be.
export default defineConfig({
  plugins: [integrity()],
  build: {
    outDir: "../server/web/dist",
    emptyOutDir: true,
    manifest: ".manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
  },
  worker: {
    format: "iife",
    plugins: () => [alone()],
    // @hpke/core asks for Node's crypto where a browser's is missing.
    rolldownOptions: {
      output: { codeSplitting: false },
      treeshake: { manualPureFunctions: codecs, propertyReadSideEffects: false },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // A group of many members takes its time where the machine has other things to do.
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 30_000,
  },
});
