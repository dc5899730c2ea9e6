import { chooseForVisit, noteProfile, say, wishes } from "../lib/language";
import {
  firstKnown,
  language,
  languages,
  speak,
  type Tag,
  type Translations,
} from "../text/language";

/** One script a language: nobody loads another one's words. */
const translations: Readonly<Record<Exclude<Tag, "en">, () => Promise<Translations>>> = {
  de: async () => (await import("../text/de")).words,
  ar: async () => (await import("../text/ar")).words,
};

/** speakAsWished gets the words of the language that is wished for. Without them, pages are in English. */
export async function speakAsWished(): Promise<void> {
  const tag = firstKnown(wishes());
  if (tag !== "en") {
    const words = await translations[tag]().catch(() => null);
    if (words) speak(tag, words);
  }
  say(language(), languages[language()].direction);
}

/** isWished tells whether the page is in the language that is wished for now. */
export function isWished(): boolean {
  return language() === firstKnown(wishes());
}

/**
 * choose puts the page into another language, by loading it anew: half of what is
 * on it was made from the words it had.
 */
export function choose(tag: string): void {
  chooseForVisit(tag);
  location.reload();
}

/** adopt takes the language that has just been put into the profile. It goes before what was chosen earlier. */
export function adopt(tag: string): void {
  chooseForVisit("");
  noteProfile(tag);
  if (!isWished()) location.reload();
}
