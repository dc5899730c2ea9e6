/**
 * Memory of this browser. Every call is guarded: in a frame of another site,
 * and where a person forbids it, touching storage throws.
 */

/** recall returns what remember kept in this tab, or "". */
export function recall(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** remember keeps a text for as long as the tab is open. */
export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Forgetting is all that happens.
  }
}
