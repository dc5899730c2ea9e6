import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { clock, day, digitsOf } from "../model/format";
import { words as arabic } from "./ar";
import { words as german } from "./de";
import { catalogue, firstKnown, grammar, language, locale, speak } from "./language";

const root = import.meta.dirname;
const modules = import.meta.glob<Readonly<Record<string, unknown>>>([
  "./*.ts",
  "!./language.ts",
  "!./*.test.ts",
]);
const names = Object.keys(modules).map((file) => file.slice("./".length, -".ts".length));

/** The English words of a catalogue, by its name. */
async function english(name: string): Promise<unknown> {
  return (await modules[`./${name}.ts`]?.())?.[name];
}

/** What is missing in a translation, is too much in it, or of another kind, each with its path. */
function differences(own: unknown, other: unknown, path: string): string[] {
  if (typeof own !== typeof other) return [`${path}: ${typeof own}, not ${typeof other}`];
  if (typeof own === "function" && typeof other === "function") {
    return own.length === other.length ? [] : [`${path}: takes ${own.length}, not ${other.length}`];
  }
  if (!isRecord(own) || !isRecord(other)) return [];
  const keys = [...new Set([...Object.keys(own), ...Object.keys(other)])];
  return keys.flatMap((key) => {
    const at = `${path}.${key}`;
    const below = differences(own[key], other[key], at);
    // A pair in a list is what is meant, and how it is called: only the second is translated.
    const meant = Array.isArray(own) && Array.isArray(own[Number(key)]);
    return meant ? [...below, ...samePair(own[Number(key)], other[key], at)] : below;
  });
}

function samePair(own: unknown, other: unknown, path: string): string[] {
  const same = Array.isArray(own) && Array.isArray(other) && own[0] === other[0];
  return same ? [] : [`${path}: another meaning`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

describe("the catalogues", () => {
  it("are all that text/ has, each under the name of its file", () => {
    const stray = names.filter(
      (name) =>
        !readFileSync(join(root, `${name}.ts`), "utf8").includes(
          `export const ${name} = catalogue("${name}", {`,
        ),
    );
    expect(stray, "catalogues whose words cannot be in another language").toEqual([]);
    expect(names.length).toBeGreaterThan(10);
  });

  it.each([
    ["German", german],
    ["Arabic", arabic],
  ])("are all there in %s, word for word", async (_, words) => {
    const found = await Promise.all(
      [...new Set([...names, ...Object.keys(words)])].map(async (name) =>
        differences(
          await english(name),
          Object.entries(words).find(([n]) => n === name)?.[1],
          name,
        ),
      ),
    );
    expect(found.flat(), "words to translate, or to take out").toEqual([]);
  });

  it("have no words that nothing says", async () => {
    const src = join(root, "..");
    const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter(
        (file) => /\.tsx?$/.test(file) && !file.startsWith("text") && !file.includes(".test."),
      )
      .map((file) => readFileSync(join(src, file), "utf8"))
      .join("\n");
    // Problems and pictures are looked up by what the server and the code say.
    const looked = names.filter((name) => name !== "problems" && name !== "pictures");
    const unsaid = await Promise.all(
      looked.map(async (name) =>
        Object.keys((await english(name)) ?? {})
          .filter((key) => !new RegExp(`\\b${key}\\b`).test(sources))
          .map((key) => `${name}.${key}`),
      ),
    );
    expect(unsaid.flat()).toEqual([]);
  });
});

describe("a language", () => {
  afterEach(() => speak("en", {}));

  it("is the first of a person's wishes that there are words for, else English", () => {
    expect(firstKnown(["fr-CH", "de-CH", "en"])).toBe("de");
    expect(firstKnown(["AR"])).toBe("ar");
    expect(firstKnown(["toString", "constructor", "fr"])).toBe("en");
    expect(firstKnown([])).toBe("en");
  });

  it("fills catalogues that are there and those that come later, and leaves what it lacks", () => {
    const words = () => ({ yes: "Yes", no: "No", deep: { of: (n: number) => `of ${n}` } });
    const early = catalogue("early", words());
    const translation = { yes: "Ja", deep: { of: (n: number) => `von ${n}` } };
    speak("de", { early: translation, late: translation });
    const late = catalogue("late", words());
    for (const one of [early, late]) {
      expect([one.yes, one.no, one.deep.of(2)]).toEqual(["Ja", "No", "von 2"]);
    }
    expect(language()).toBe("de");
  });

  it("from right to left keeps apart what is put into a sentence", () => {
    const words = catalogue("sentence", {
      by: (who: string, n: number) => `${who}/${n}`,
      all: (who: readonly string[]) => who.join("+"),
      none: (who: string) => (who ? "somebody" : "nobody"),
    });
    const sentence = {
      by: (who: string, n: number) => `${n}/${who}`,
      all: (who: readonly string[]) => who.join("-"),
      none: (who: string) => (who ? "1" : "0"),
    };
    speak("ar", { sentence });
    expect(words.by("Ada (2)", 3)).toBe("3/\u2068Ada (2)\u2069");
    expect(words.all(["a", "b"])).toBe("\u2068a\u2069-\u2068b\u2069");
    expect(words.none("")).toBe("0");
  });

  it("has its own plurals: Arabic has six", () => {
    const forms = { zero: "0", one: "1", two: "2", few: "few #", many: "many #", other: "other #" };
    const said = [0, 1, 2, 3, 11, 100, 1000].map((n) => grammar("ar").plural(n, forms));
    expect(said).toEqual(["0", "1", "2", "few 3", "many 11", "other 100", "other 1,000"]);
    const { plural, list } = grammar("de");
    expect([0, 1, 2].map((n) => plural(n, { one: "# Ding", other: "# Dinge" }))).toEqual([
      "0 Dinge",
      "1 Ding",
      "2 Dinge",
    ]);
    expect(list(["A", "B", "C"])).toBe("A, B und C");
  });

  it("writes dates its own way, with the digits that people type", () => {
    speak("ar", {});
    expect(day("2026-11-24T12:00:00Z", "UTC")).toMatch(/^الثلاثاء،? 24 نوفمبر 2026$/);
    expect(locale()).toBe("ar-u-nu-latn");
    speak("de", {});
    expect(day("2026-11-24T12:00:00Z", "UTC")).toBe("Dienstag, 24. November 2026");
    expect(clock("2026-11-24T12:00:00Z", "UTC")).toContain("12:00");
  });

  it("reads a number from any keyboard", () => {
    expect(digitsOf("٢٣٤٥ ٦٧٨ ٩٠١٢")).toBe("23456789012");
    expect(digitsOf("۲۳۴۵-۶۷۸-۹۰۱۲")).toBe("23456789012");
  });
});
