/**
 * Memory of this browser: of one tab, or of all. Every call is guarded: in a
 * frame of another site, and where a person forbids it, touching it throws. What
 * is of the tab is then kept with the page in its history, which outlives loading
 * it again, and nothing else.
 */
type Where = "tab" | "browser";

/** recall returns what remember kept, or "". */
export function recall(key: string, where: Where = "tab"): string {
  try {
    return storage(where).getItem(key) ?? "";
  } catch {
    return where === "tab" ? (kept()[key] ?? "") : "";
  }
}

/** remember keeps a text for as long as the tab is open, or for good; "" forgets it. */
export function remember(key: string, value: string, where: Where = "tab"): void {
  try {
    if (value) storage(where).setItem(key, value);
    else storage(where).removeItem(key);
  } catch {
    if (where === "tab") keep(key, value);
  }
}

function keep(key: string, value: string): void {
  try {
    history.replaceState({ ...kept(), [key]: value }, "");
  } catch {
    // Forgetting is all that happens.
  }
}

function kept(): Readonly<Record<string, string | undefined>> {
  return (globalThis.history?.state ?? {}) as Record<string, string>;
}

function storage(where: Where): Storage {
  return where === "tab" ? sessionStorage : localStorage;
}
