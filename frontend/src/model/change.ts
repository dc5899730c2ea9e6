import { audit as words } from "../text/audit";

/** Difference is one thing that a change changed, in words. */
export interface Difference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** differences are what is not the same before and after, name by name. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const [old, now] = [flat(before), flat(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names
    .map((name) => ({
      name: nameWords(name),
      before: old.get(name) ?? "",
      after: now.get(name) ?? "",
    }))
    .filter((one) => one.before !== one.after);
}

/** actionWords says what was done; an action that is new here stays as it is. */
export function actionWords(action: string): string {
  const known: Readonly<Record<string, string>> = words.actions;
  return known[action] ?? action;
}

/** flat has the values of a JSON object by their names, those within as outer.inner. */
function flat(value: unknown, prefix = "", into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into;
  if (typeof value === "object" && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) {
      flat(inner, prefix ? `${prefix}.${name}` : name, into);
    }
    return into;
  }
  into.set(prefix, valueWords(value));
  return into;
}

function valueWords(value: unknown): string {
  if (value === true) return words.yes;
  if (value === false) return words.no;
  if (Array.isArray(value)) return value.map(valueWords).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** nameWords reads disableChat as "Disable chat", and passwordCriteria.minLength likewise. */
function nameWords(name: string): string {
  const spaced = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(".", " – ")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
