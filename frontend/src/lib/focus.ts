/**
 * focusHeading announces what is new on the screen by its heading, as a loaded page
 * would. In a frame it takes the focus from nobody who types in the page around it.
 */
export function focusHeading(): void {
  if (globalThis.parent !== globalThis.window && !document.hasFocus()) return;
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
