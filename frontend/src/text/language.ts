/**
 * Language is one that the pages can be in. Numbers and dates are written as its
 * locale says.
 */
interface Language {
  /** as its own people call it */
  readonly name: string;
  /**
   * Arabic with the digits 0 to 9: a meeting's number and its security code are read
   * out and typed with these, and two ways to write a digit on one page are a riddle.
   */
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
}

/** languages by their tags. English is the one that the others are translated from. */
export const languages = {
  en: { name: "English", locale: "en-GB", direction: "ltr" },
  de: { name: "Deutsch", locale: "de", direction: "ltr" },
  ar: { name: "العربية", locale: "ar-u-nu-latn", direction: "rtl" },
} as const satisfies Record<string, Language>;

export type Tag = keyof typeof languages;

/** Translation has the same words as English: what is missing in it stays English. */
export type Translation<T> = T extends string
  ? string
  : T extends (...given: infer G) => string
    ? (...given: G) => string
    : { readonly [K in keyof T]?: Translation<T[K]> };

/** Translations are those of a language, by the names of the catalogues. */
export type Translations = Readonly<Record<string, object>>;

const catalogues = new Map<string, object>();
let spoken: Tag = "en";
let translations: Translations = {};

/** catalogue makes words known by a name, so that they can be in another language. */
export function catalogue<T extends object>(name: string, english: T): T {
  catalogues.set(name, english);
  replace(english, translations[name]);
  return english;
}

/**
 * speak puts a language into every catalogue, those that are loaded later, too. It
 * is for the time before the first page is drawn: what was read before stays as it is.
 */
export function speak(tag: Tag, words: Translations): void {
  spoken = tag;
  translations = words;
  for (const [name, english] of catalogues) replace(english, words[name]);
}

/** language is the tag of the one that is spoken. */
export function language(): Tag {
  return spoken;
}

/** locale is how numbers and dates are written now. */
export function locale(): string {
  return languages[spoken].locale;
}

/** isTag tells whether there are words in a language of that tag. */
export function isTag(tag: string): tag is Tag {
  return Object.hasOwn(languages, tag);
}

/** firstKnown is the first of some wishes, like de-AT, that there are words for. */
export function firstKnown(wishes: readonly string[]): Tag {
  return wishes.map((wish) => wish.toLowerCase().split("-", 1).join()).find(isTag) ?? "en";
}

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** Grammar is what sentences of a language are put together with. */
interface Grammar {
  /** plural is the form that goes with a number, which stands where # is */
  plural(n: number, forms: Forms): string;
  /** list names several, as in A, B and C */
  list(names: readonly string[]): string;
}

export function grammar(tag: Tag): Grammar {
  const { locale } = languages[tag];
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale);
  return {
    plural: (n, forms) =>
      (forms[rules.select(n)] ?? forms.other).replace("#", () => numbers.format(n)),
    list: (names) => lists.format(names),
  };
}

function replace(english: object, translated: object | undefined): void {
  for (const [key, word] of Object.entries(translated ?? {})) {
    const own: unknown = Reflect.get(english, key);
    if (isObject(own) && isObject(word)) replace(own, word);
    else Reflect.set(english, key, typeof word === "function" ? isolating(word) : word);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * isolating keeps what is put into a sentence apart from it, with marks that nobody
 * sees: in a sentence from right to left, "Ada (2)" would else be torn in two. So a
 * sentence takes words and numbers, and never a key that it would look up.
 */
function isolating(sentence: CallableFunction): unknown {
  if (languages[spoken].direction === "ltr") return sentence;
  return (...given: readonly unknown[]) => Reflect.apply(sentence, undefined, given.map(isolated));
}

function isolated(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(isolated);
  return typeof given === "string" && given !== "" ? `\u2068${given}\u2069` : given;
}
