/** How long after a click or a touch the focus that it brings may come, in milliseconds. */
const soon = 1_000;

const typing = "input, textarea, select, [contenteditable]";

/**
 * guardKeys drops the keys that somebody means for the page around this one: it can
 * put the focus in here while they type. A key that writes something does nothing but
 * write until they have clicked in here since the focus came; but who has moved
 * on with Tab in here may press the button they are at.
 */
export function guardKeys(page: EventTarget = globalThis): void {
  let clicked = Number.NEGATIVE_INFINITY;
  let [here, moved] = [false, false];
  const click = ({ timeStamp }: Event) => {
    [clicked, here] = [timeStamp, true];
  };
  const leave = () => {
    [here, moved] = [false, false];
  };
  const come = ({ timeStamp }: Event) => {
    if (timeStamp - clicked > soon) leave();
  };
  const press = (event: Event) => {
    const { key, type, target } = event as KeyboardEvent;
    if (type === "keydown" && key === "Tab") moved = true;
    const writes = key === "Enter" || [...key].length === 1;
    const presses = moved && (key === "Enter" || key === " ") && isAt(target, "a, button, summary");
    if (here || !writes || presses || isAt(target, typing)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const first = { capture: true };
  for (const type of ["pointerdown", "click"]) {
    page.addEventListener(type, (event) => isPointed(event) && click(event), first);
  }
  for (const type of ["keydown", "keyup"]) page.addEventListener(type, press, first);
  // Of the window itself: these do not bubble, and what is in it has them too.
  page.addEventListener("blur", ({ target }) => target === page && leave(), first);
  page.addEventListener("focus", (event) => event.target === page && come(event), first);
}

/** A button is clicked with a key, too. */
function isPointed(event: Event): boolean {
  return event.type === "pointerdown" || (event as MouseEvent).detail > 0;
}

function isAt(target: EventTarget | null, what: string): boolean {
  return (target as Partial<Element> | null)?.closest?.(what) != null;
}
