import type { Content, ContentChoice } from "../lib/media/content";
import { catalogue } from "./language";

/** What a share is sent as. */
export const content = catalogue("content", {
  title: "Text or motion",
  choice: {
    auto: "Automatic",
    text: "Text",
    motion: "Motion",
  } satisfies Record<ContentChoice, string>,
  help: {
    text: "Sent as text now: every letter is sharp, and movement may not be smooth.",
    motion: "Sent as motion now: movement is smooth, and small letters may not be sharp.",
  } satisfies Record<Content, string>,
});
