/** focusHeading announces what is new on the screen by its heading, as a loaded page would. */
export function focusHeading(): void {
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
