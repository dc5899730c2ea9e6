import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { common } from "../text/common";
import { languages } from "../text/language";

/** LanguageChoice is the language of the page, and the way to another; null where there is no choice. */
export const LanguageChoice = createContext<{
  readonly now: string;
  readonly choose: (tag: string) => void;
} | null>(null);

/** Languages stands at the foot of a page, each in its own words: whoever looks for theirs cannot read the others. */
export function Languages() {
  const choice = useContext(LanguageChoice);
  if (!choice) return null;
  return (
    <footer class="foot">
      <nav aria-label={common.language}>
        <ul class="languages">
          {Object.entries(languages).map(([tag, { name, direction }]) => (
            <li key={tag}>
              <button
                type="button"
                lang={tag}
                dir={direction}
                aria-current={tag === choice.now ? "true" : undefined}
                onClick={() => choice.choose(tag)}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      </nav>
    </footer>
  );
}
